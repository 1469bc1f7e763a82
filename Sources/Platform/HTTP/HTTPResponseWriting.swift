// Responses into bytes.

/// How one response is framed on its connection.
struct HTTPResponseFraming {
    /// The request's method was HEAD: fields as for GET, no body.
    var isHead: Bool
    /// 0 or 1, of the request.
    var minorVersion: Int
    /// The connection stays open afterwards.
    var keepsAlive: Bool
    /// Value of the Date field.
    var date: String
}

enum HTTPResponseWriter {
    /// Appends head and body.
    static func append(
        _ response: HTTPResponse, _ framing: HTTPResponseFraming, to output: inout [UInt8]
    ) {
        appendHead(response.status, response.headers, framing, to: &output)
        let isBodiless = HTTPStatus.isBodiless(response.status)
        if !isBodiless {
            output.append(contentsOf: "content-length: ".utf8)
            append(response.body.count, radix: 10, to: &output)
            output.append(contentsOf: "\r\n\r\n".utf8)
        } else {
            output.append(contentsOf: "\r\n".utf8)
        }
        if !isBodiless, !framing.isHead { output.append(contentsOf: response.body) }
    }

    /// Appends the head of a response whose length is not known: chunked, or ended by the
    /// connection.
    static func appendStreamHead(
        _ status: Int, _ headers: [(name: String, value: String)],
        _ framing: HTTPResponseFraming, to output: inout [UInt8]
    ) {
        appendHead(status, headers, framing, to: &output)
        let isChunked = framing.minorVersion == 1
        output.append(
            contentsOf: (isChunked ? "transfer-encoding: chunked\r\n\r\n" : "\r\n").utf8)
    }

    /// Appends one chunk; `bytes` is not empty, for an empty chunk ends the body.
    static func appendChunk(_ bytes: [UInt8], to output: inout [UInt8]) {
        append(bytes.count, radix: 16, to: &output)
        output.append(contentsOf: "\r\n".utf8)
        output.append(contentsOf: bytes)
        output.append(contentsOf: "\r\n".utf8)
    }

    /// Whether every field can be sent as it stands: no response may be split by a value in it.
    static func isSendable(_ status: Int, _ headers: [(name: String, value: String)]) -> Bool {
        guard (200...599).contains(status) else { return false }
        return headers.allSatisfy { field in
            !field.name.isEmpty && field.name.utf8.allSatisfy(\.isToken)
                && field.value.utf8.allSatisfy(\.isFieldValue)
        }
    }

    private static func appendHead(
        _ status: Int, _ headers: [(name: String, value: String)],
        _ framing: HTTPResponseFraming, to output: inout [UInt8]
    ) {
        output.append(contentsOf: "HTTP/1.1 ".utf8)
        append(status, radix: 10, to: &output)
        output.append(.space)
        output.append(contentsOf: HTTPStatus.reason(status).utf8)
        appendField("date", framing.date, to: &output)
        if !framing.keepsAlive {
            appendField("connection", "close", to: &output)
        } else if framing.minorVersion == 0 {
            appendField("connection", "keep-alive", to: &output)
        }
        for (name, value) in headers where !isFraming(name) {
            appendField(name, value, to: &output)
        }
        output.append(contentsOf: "\r\n".utf8)
    }

    /// Begins with CRLF: it ends the line before.
    private static func appendField(_ name: String, _ value: String, to output: inout [UInt8]) {
        output.append(contentsOf: "\r\n".utf8)
        output.append(contentsOf: name.utf8)
        output.append(contentsOf: ": ".utf8)
        output.append(contentsOf: value.utf8)
    }

    private static let framingFields = ["content-length", "transfer-encoding", "connection", "date"]

    private static func isFraming(_ name: String) -> Bool {
        framingFields.contains { name.equalsIgnoringCase($0) }
    }

    static func append(_ number: Int, radix: Int, to output: inout [UInt8]) {
        output.append(contentsOf: String(number, radix: radix).utf8)
    }
}
