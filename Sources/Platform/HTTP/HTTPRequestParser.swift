// Requests out of bytes: a pure value that does no I/O and can be fed in pieces of any size.

/// Reads the requests of one connection, one after another, strictly by RFC 9112.
///
/// Feed it with `consume` until it says `needsMore`; what it did not use must be given again, with
/// more bytes behind it. After a fault it repeats that fault.
public struct HTTPRequestParser: Sendable {
    /// What the bytes given so far amount to.
    public enum Event: Sendable {
        /// Nothing yet; call again with more bytes.
        case needsMore
        /// A head is complete; its body, if any, follows. Call again with the bytes left.
        case head(HTTPRequestHead)
        /// A request is complete. Call again with the bytes left.
        case request(HTTPRequest)
    }

    private enum State: Sendable {
        case head
        case length
        case chunked
        case failed(HTTPFault)
    }

    private let limits: HTTPLimits
    private let remoteAddress: String
    private var state = State.head
    private var scanner = HTTPHeadScanner()
    private var head: HTTPRequestHead?
    private var chunks = ChunkedDecoder()
    private var left = 0
    private var body: [UInt8] = []

    /// A body of a declared length gets this much room at most before its bytes have come.
    private static let reservedBytes = 128 << 10

    /// `remoteAddress` is copied into every head.
    public init(limits: HTTPLimits, remoteAddress: String = "") {
        self.limits = limits
        self.remoteAddress = remoteAddress
    }

    /// Bytes of the body received so far of the request under way.
    public var bodyCount: Int { body.count }

    /// Whether a head has been given out whose request is not complete.
    public var isInBody: Bool { head != nil }

    /// Reads from the start of `bytes`: the leftover of the last call followed by new bytes.
    /// - Returns: how many bytes are used up, and what they amount to.
    public mutating func consume(
        _ bytes: UnsafeRawBufferPointer
    ) throws(HTTPFault) -> (used: Int, event: Event) {
        do throws(HTTPFault) {
            switch state {
            case .head: return try consumeHead(bytes)
            case .length: return consumeLength(bytes)
            case .chunked: return try consumeChunks(bytes)
            case .failed(let fault): throw fault
            }
        } catch {
            state = .failed(error)
            throw error
        }
    }

    private mutating func consumeHead(
        _ bytes: UnsafeRawBufferPointer
    ) throws(HTTPFault) -> (used: Int, event: Event) {
        guard let layout = try scanner.scan(bytes, limits) else { return (0, .needsMore) }
        var head = try HTTPRequestHead(bytes, layout, limits)
        head.remoteAddress = remoteAddress
        scanner = HTTPHeadScanner()
        if let length = head.contentLength {
            left = length
            state = .length
        } else {
            chunks = ChunkedDecoder()
            state = .chunked
        }
        self.head = head
        return (layout.count, .head(head))
    }

    private mutating func consumeLength(
        _ bytes: UnsafeRawBufferPointer
    ) -> (used: Int, event: Event) {
        let count = min(left, bytes.count)
        if count > 0 {
            if body.isEmpty { body.reserveCapacity(min(left, Self.reservedBytes)) }
            body.append(contentsOf: bytes[0..<count])
            left -= count
        }
        return (count, left == 0 ? finished() : .needsMore)
    }

    private mutating func consumeChunks(
        _ bytes: UnsafeRawBufferPointer
    ) throws(HTTPFault) -> (used: Int, event: Event) {
        let used = try chunks.decode(bytes, into: &body, limits)
        return (used, chunks.isDone ? finished() : .needsMore)
    }

    private mutating func finished() -> Event {
        state = .head
        defer {
            head = nil
            body = []
        }
        guard let head else { return .needsMore }
        return .request(HTTPRequest(head: head, body: body))
    }
}
