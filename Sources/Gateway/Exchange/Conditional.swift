// Entity tags: a client that has a document is told so (RFC 9110 §8.8.3, §13).
import Cryptography
import Platform

enum Conditional {
    /// Bytes of the largest document that is hashed for a tag.
    private static let taggedBytes = 1 << 20

    /// Adds a tag to a document that has none, and turns it into 304 where the client has it.
    static func apply(_ head: HTTPRequestHead, _ response: HTTPResponse) -> HTTPResponse {
        guard response.status == 200, head.method == "GET" || head.method == "HEAD" else {
            return response
        }
        var response = response
        if response.header("etag") == nil, response.header("cache-control") != "no-store",
            response.body.count <= taggedBytes
        {
            let digest = BLAKE3.hash(response.body)
            response = response.tagged(String(digest.hex.prefix(32)))
        }
        if response.header("cache-control") == nil {
            response = response.cached(CacheControl.revalidate)
        }
        guard let tag = response.header("etag"), let wanted = head.headers["if-none-match"],
            isMatch(tag, wanted)
        else { return response }
        response.headers.removeAll { $0.name == "content-type" }
        return HTTPResponse(status: 304, headers: response.headers)
    }

    /// Weak comparison against the list of If-None-Match.
    private static func isMatch(_ tag: String, _ list: String) -> Bool {
        list.split(separator: ",").contains { entry in
            let blanks: Set<Character> = [" ", "\t"]
            var text = entry.drop { blanks.contains($0) }
            while let last = text.last, blanks.contains(last) { text.removeLast() }
            return text == "*" || (text.hasPrefix("W/") ? text.dropFirst(2) : text) == tag
        }
    }
}
