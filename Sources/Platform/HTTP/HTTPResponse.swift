// A response, and the bytes it becomes.

/// A whole response.
public struct HTTPResponse: Sendable {
    /// 200...599.
    public var status: Int
    /// Fields in order. The writer sets Date, Content-Length, Transfer-Encoding and Connection
    /// itself and leaves out those given here.
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response with a body of one media type.
    public init(status: Int, type: String, body: [UInt8]) {
        self.init(status: status, headers: [("content-type", type)], body: body)
    }

    /// The first value under `name`, compared without regard to ASCII case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.equalsIgnoringCase(name) }?.value
    }

    /// A problem document (RFC 9457) with nothing but the status and a sentence.
    public static func problem(_ status: Int, _ detail: String) -> HTTPResponse {
        let text = """
            {"type":"about:blank","title":"\(HTTPStatus.reason(status))","status":\(status),\
            "detail":"\(escaped(detail))"}
            """
        return HTTPResponse(
            status: status, type: "application/problem+json", body: Array(text.utf8))
    }

    /// For a JSON string; control characters become spaces.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
        }
        return result
    }
}

/// Status codes and their phrases (RFC 9110 §15, RFC 6585).
public enum HTTPStatus {
    /// The phrase of a status; that of its class where the code is not known.
    public static func reason(_ status: Int) -> String {
        if let phrase = phrases[status] { return phrase }
        switch status / 100 {
        case 1: return "Informational"
        case 2: return "Success"
        case 3: return "Redirection"
        case 4: return "Client Error"
        default: return "Server Error"
        }
    }

    /// Whether responses of this status have no body (RFC 9112 §6.3 rule 1).
    static func isBodiless(_ status: Int) -> Bool {
        status / 100 == 1 || status == 204 || status == 304
    }

    private static let phrases: [Int: String] = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
        301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
        307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict",
        410: "Gone", 411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large",
        414: "URI Too Long", 415: "Unsupported Media Type", 416: "Range Not Satisfiable",
        417: "Expectation Failed", 421: "Misdirected Request", 422: "Unprocessable Content",
        425: "Too Early",
        428: "Precondition Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
        503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
        507: "Insufficient Storage",
    ]
}
