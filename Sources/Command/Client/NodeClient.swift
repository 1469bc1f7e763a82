// A node as commands see it: requests over HTTP, answers as JSON, problems as failures.
import Cryptography
import JSON
import Platform
import Primitives

/// Speaks to one node. Not for sharing between threads.
final class NodeClient {
    let address: String
    private let http: HTTPClient
    /// Sent with every request where it is not nil.
    private let token: String?

    init(_ address: String, token: String? = nil) throws(CommandFailure) {
        self.address = address
        self.token = token
        do {
            http = try HTTPClient(address)
        } catch { throw .unreachable(node: address, error) }
    }

    /// The answer to a GET where it is a success.
    func get(_ path: String, query: [(String, String)] = []) throws(CommandFailure) -> JSONValue {
        try json(try bytes(path, query: query))
    }

    /// The bytes of the answer to a GET where it is a success.
    func bytes(_ path: String, query: [(String, String)] = []) throws(CommandFailure) -> [UInt8] {
        let pairs = query.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&")
        return try send("GET", pairs.isEmpty ? path : path + "?" + pairs).body
    }

    /// The answer to a POST where it is a success.
    func post(_ path: String, type: String, _ body: [UInt8]) throws(CommandFailure) -> JSONValue {
        try json(try send("POST", path, [("content-type", type)], body).body)
    }

    /// Gives the node bytes to keep; returns their digest, which it must find too.
    func keep(_ payload: [UInt8]) throws(CommandFailure) -> Digest {
        let answer = try post("/v1/payloads", type: "application/octet-stream", payload)
        let digest = BLAKE3.hash(payload)
        guard answer.text("digest") == digest.hex else {
            throw .failed("\(address) keeps the bytes under another digest")
        }
        return digest
    }

    private func send(
        _ method: String, _ path: String, _ fields: [HTTPClient.Field] = [], _ body: [UInt8] = []
    ) throws(CommandFailure) -> HTTPResponse {
        let response: HTTPResponse
        var headers = fields
        if let token { headers.append(("authorization", "Bearer " + token)) }
        do {
            response = try http.request(method, path, headers: headers, body: body)
        } catch { throw .unreachable(node: address, error) }
        guard (200...299).contains(response.status) else {
            throw .problem(NodeProblem(response))
        }
        return response
    }

    private func json(_ bytes: [UInt8]) throws(CommandFailure) -> JSONValue {
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            throw .failed("the answer of \(address) is not JSON: \(error.reason)")
        }
    }

    /// The items of a list, following its cursor, up to `limit`.
    func items(
        _ path: String, query: [(String, String)] = [], limit: UInt64
    ) throws(CommandFailure) -> [JSONValue] {
        var items: [JSONValue] = []
        var cursor: String?
        repeat {
            let page = min(500, limit - UInt64(items.count))
            var pairs = query + [("limit", String(page))]
            if let cursor { pairs.append(("cursor", cursor)) }
            let answer = try get(path, query: pairs)
            items += (answer["items"]?.array ?? []).prefix(Int(page))
            cursor = answer["next"]?.string
        } while cursor != nil && UInt64(items.count) < limit
        return items
    }

    /// Percent-encoded for a query or one segment of a path (RFC 3986 §2.3).
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + Hex.encode([byte])
            }
        }
        return result
    }
}

extension Invocation {
    /// The node that the options name.
    func client(token: String? = nil) throws(CommandFailure) -> NodeClient {
        try NodeClient(text(.node, or: Option.standardNode), token: token)
    }
}
