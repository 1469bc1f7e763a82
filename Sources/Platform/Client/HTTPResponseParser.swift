// Responses out of bytes: the client's counterpart of `HTTPRequestParser`, as pure.

/// Reads one response after another; body bytes are given out as they come.
struct HTTPResponseParser: Sendable {
    /// What a response says before its body.
    struct Head: Sendable {
        var status: Int
        var headers: HTTPFields
        var keepsAlive: Bool
    }

    enum Event: Sendable {
        case needsMore
        case head(Head)
        case bytes([UInt8])
        case end
    }

    private enum State: Sendable {
        case head
        case length
        case chunked
        case untilClose
    }

    private var limits = HTTPLimits()
    private var state = State.head
    private var scanner = HTTPHeadScanner()
    private var chunks = ChunkedDecoder()
    private var left = 0
    /// The request was HEAD: the response has no body whatever its fields say.
    var isHead = false

    /// `bodyBytes` is the largest body taken.
    init(bodyBytes: Int) {
        limits.bodyBytes = bodyBytes
        limits.headerBytes = 64 << 10
    }

    /// Reads from the start of `bytes`, the leftover of the last call included.
    mutating func consume(
        _ bytes: UnsafeRawBufferPointer
    ) throws(HTTPFault) -> (used: Int, event: Event) {
        switch state {
        case .head: return try consumeHead(bytes)
        case .length:
            let count = min(left, bytes.count)
            left -= count
            return step(used: count, body: Array(bytes[0..<count]), isDone: left == 0)
        case .chunked:
            var body: [UInt8] = []
            let used = try chunks.decode(bytes, into: &body, limits)
            return step(used: used, body: body, isDone: chunks.isDone)
        case .untilClose:
            return step(used: bytes.count, body: Array(bytes), isDone: false)
        }
    }

    /// The peer ended its side: whether that ends the response too (RFC 9112 §6.3 rule 8).
    var mayEndHere: Bool {
        if case .untilClose = state { return true }
        return false
    }

    /// Bytes go out before the end does, so that one call gives one event.
    private mutating func step(
        used: Int, body: [UInt8], isDone: Bool
    ) -> (used: Int, event: Event) {
        if !body.isEmpty { return (used, .bytes(body)) }
        if !isDone { return (used, .needsMore) }
        state = .head
        return (used, .end)
    }

    private mutating func consumeHead(
        _ bytes: UnsafeRawBufferPointer
    ) throws(HTTPFault) -> (used: Int, event: Event) {
        guard let layout = try scanner.scan(bytes, limits) else { return (0, .needsMore) }
        scanner = HTTPHeadScanner()
        let line = bytes.slice(layout.startLine.lowerBound, layout.startLine.upperBound)
        guard line.count >= 12, line[8] == .space, line[9...11].allSatisfy(\.isDigit),
            line.count == 12 || line[12] == .space
        else { throw .malformedStartLine }
        let minorVersion = try HTTPRequestHead.minorVersion(line.slice(0, 8))
        let status = line[9...11].reduce(0) { $0 * 10 + Int($1 & 0x0F) }
        let fields = try HTTPFields(
            section: bytes.slice(layout.fields.lowerBound, layout.fields.upperBound))
        let framing = HTTPFraming(fields)
        let isChunked = try framing.checkedChunked(minorVersion: minorVersion)
        if status / 100 == 1 { return (layout.count, .needsMore) }
        frameBody(framing, isChunked: isChunked, isBodiless: HTTPStatus.isBodiless(status))
        if framing.isLengthHuge || left > limits.bodyBytes { throw .bodyTooLarge }
        let keepsAlive = !framing.saysClose && !mayEndHere
            && (minorVersion == 1 || framing.saysKeepAlive)
        return (
            layout.count, .head(Head(status: status, headers: fields, keepsAlive: keepsAlive))
        )
    }

    private mutating func frameBody(_ framing: HTTPFraming, isChunked: Bool, isBodiless: Bool) {
        left = 0
        if isHead || isBodiless {
            state = .length
        } else if isChunked {
            chunks = ChunkedDecoder()
            state = .chunked
        } else if let length = framing.length {
            left = length
            state = .length
        } else {
            state = .untilClose
        }
    }
}
