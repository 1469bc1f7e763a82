// A request as the application sees it.

/// One `name=value` of a query, percent-decoded, `+` read as a space.
public struct HTTPQueryItem: Hashable, Sendable {
    public var name: String
    public var value: String
}

/// Everything of a request but its body.
public struct HTTPRequestHead: Sendable {
    /// Case-sensitive, e.g. `GET`.
    public internal(set) var method: String
    /// The path as sent, without query; `*` for a server-wide OPTIONS.
    public internal(set) var path = "/"
    /// The path cut at `/` and percent-decoded: `/a/b%20c` is `["a", "b c"]`, `/` is `[""]`.
    public internal(set) var segments: [String] = []
    /// The items of the query in order.
    public internal(set) var query: [HTTPQueryItem] = []
    /// The header fields in order.
    public internal(set) var headers = HTTPFields()
    /// Host and port asked for: of the target where it names one, else of Host; empty in HTTP/1.0
    /// without.
    public internal(set) var authority = ""
    /// 0 or 1: HTTP/1.0 or HTTP/1.1; higher minor versions read as 1.
    public internal(set) var minorVersion = 1
    /// Bytes of the body where the sender says so; nil for a chunked one; 0 where there is none.
    public internal(set) var contentLength: Int? = 0
    /// Whether the connection stays open after the answer.
    public internal(set) var keepsAlive = true
    /// Whether the sender waits for `100 Continue` before the body.
    public internal(set) var expectsContinue = false
    /// The peer's numeric address.
    public internal(set) var remoteAddress = ""

    /// The first value of the query item called `name`.
    public func query(_ name: String) -> String? { query.first { $0.name == name }?.value }
}

/// A whole request.
public struct HTTPRequest: Sendable {
    public let head: HTTPRequestHead
    /// The body after chunks are joined; content codings such as gzip are left as they are.
    public let body: [UInt8]

    public var method: String { head.method }
    public var path: String { head.path }
    public var segments: [String] { head.segments }
    public var query: [HTTPQueryItem] { head.query }
    public var headers: HTTPFields { head.headers }
    public var remoteAddress: String { head.remoteAddress }
}
