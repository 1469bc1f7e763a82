// A small blocking HTTP/1.1 client for commands, demos and benches: one connection, kept alive.
import Primitives

/// Sends requests to one server, one at a time. Not for sharing between threads.
public final class HTTPClient {
    /// A field of a request or response.
    public typealias Field = (name: String, value: String)

    public let address: HTTPAddress
    /// Largest body of a response, in bytes, declared or not; streams of events have none.
    public var maximumBodyBytes = 256 << 20
    private var socket: ClientSocket?
    private let clock = SystemClock()
    private var buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 64 << 10, alignment: 64)

    /// `base` is `http://host[:port][/prefix]`; nothing is connected before the first request.
    public init(_ base: String) throws(PlatformFailure) { address = try HTTPAddress(base) }

    deinit { buffer.deallocate() }

    /// Sends one request and waits for the whole response, whatever its status.
    /// - Parameters:
    ///   - path: begins with `/`; may carry a query; percent-encoded by the caller.
    ///   - timeoutNanoseconds: for all of it together, 1...
    /// - Throws: `timedOut`, `connectionClosed`, `malformedResponse`, or why no connection could be
    /// made.
    public func request(
        _ method: String, _ path: String, headers: [Field] = [], body: [UInt8] = [],
        timeoutNanoseconds: UInt64 = 30 * Nanoseconds.perSecond
    ) throws(PlatformFailure) -> HTTPResponse {
        let message = try encode(method, path, headers: headers, body: body)
        return try request(
            encoded: message, isHead: method == "HEAD", timeoutNanoseconds: timeoutNanoseconds)
    }

    /// The same for a message that `encode` made, or that was made of one of its messages.
    public func request(
        encoded message: [UInt8], isHead: Bool = false,
        timeoutNanoseconds: UInt64 = 30 * Nanoseconds.perSecond
    ) throws(PlatformFailure) -> HTTPResponse {
        var response = HTTPResponse(status: 0)
        var isTooLarge = false
        let request = Exchange(
            message: message, isHead: isHead, deadline: deadline(timeoutNanoseconds))
        try exchange(request) { event in
            switch event {
            case .head(let head):
                response.status = head.status
                response.headers = (0..<head.headers.count).map {
                    (head.headers.name(at: $0), head.headers.value(at: $0))
                }
            case .bytes(let bytes):
                isTooLarge = bytes.count > maximumBodyBytes - response.body.count
                if isTooLarge { return false }
                response.body.append(contentsOf: bytes)
            case .needsMore, .end: break
            }
            return true
        }
        if isTooLarge { throw .malformedResponse(.bodyTooLarge) }
        return response
    }

    /// Follows a stream of server-sent events until it ends or `onEvent` returns false.
    /// - Parameter silenceNanoseconds: longest time without a byte.
    /// - Returns: the status; events are read only where it is 200.
    @discardableResult
    public func events(
        _ path: String, headers: [Field] = [],
        silenceNanoseconds: UInt64 = 60 * Nanoseconds.perSecond,
        _ onEvent: (ServerSentEvent) -> Bool
    ) throws(PlatformFailure) -> Int {
        var parser = EventStreamParser()
        var status = 0
        let message = try encode(
            "GET", path, headers: [("accept", "text/event-stream")] + headers, body: [])
        let request = Exchange(
            message: message, isHead: false, deadline: deadline(silenceNanoseconds),
            silence: silenceNanoseconds)
        try exchange(request) { event in
            switch event {
            case .head(let head): status = head.status
            case .bytes(let bytes):
                if status != 200 { return true }
                for event in parser.feed(bytes) where !onEvent(event) { return false }
            case .needsMore, .end: break
            }
            return true
        }
        return status
    }

    /// Closes the connection; the next request opens another.
    public func disconnect() { socket = nil }

    /// One request under way.
    private struct Exchange {
        var message: [UInt8]
        var isHead: Bool
        var deadline: UInt64
        /// Each byte received moves the deadline this far ahead; nil: it stays.
        var silence: UInt64?
    }

    private func deadline(_ span: UInt64) -> UInt64 {
        let (sum, overflow) = clock.monotonicNanoseconds().addingReportingOverflow(span)
        return overflow ? .max : sum
    }

    /// Sends, then gives every event of the response to `take` until the end or false. A connection
    /// whose use ended early or in a failure is not used again.
    private func exchange(
        _ request: Exchange, _ take: (HTTPResponseParser.Event) -> Bool
    ) throws(PlatformFailure) {
        if let socket, socket.isStale { self.socket = nil }
        let socket = try connection(deadline: request.deadline)
        self.socket = nil
        var sendingFailure: PlatformFailure?
        do throws(PlatformFailure) {
            try socket.send(request.message, deadline: request.deadline)
        } catch {
            // A server may refuse before it has read everything: its answer comes first.
            if error != .connectionClosed { throw error }
            sendingFailure = error
        }
        do throws(PlatformFailure) {
            let keepsAlive = try receive(request, from: socket, take)
            if keepsAlive, sendingFailure == nil { self.socket = socket }
        } catch {
            throw sendingFailure ?? error
        }
    }

    private func connection(deadline: UInt64) throws(PlatformFailure) -> ClientSocket {
        if let socket { return socket }
        return try ClientSocket(address, deadline: deadline)
    }

    /// A request as it is sent: head and body.
    public func encode(
        _ method: String, _ path: String, headers: [Field], body: [UInt8]
    ) throws(PlatformFailure) -> [UInt8] {
        let target = address.prefix + path
        guard target.utf8.first == UInt8(ascii: "/"), target.utf8.allSatisfy(\.isVisible) else {
            throw .malformedRequest("path \(path)")
        }
        guard !method.isEmpty, method.utf8.allSatisfy(\.isToken) else {
            throw .malformedRequest("method \(method)")
        }
        guard HTTPResponseWriter.isSendable(200, headers) else {
            throw .malformedRequest("a header field")
        }
        var text = "\(method) \(target) HTTP/1.1\r\nhost: \(address.authority)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if !body.isEmpty || !["GET", "HEAD"].contains(method) {
            text += "content-length: \(body.count)\r\n"
        }
        text += "\r\n"
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + body.count)
        bytes.append(contentsOf: text.utf8)
        bytes.append(contentsOf: body)
        return bytes
    }

    /// Whether the connection can serve another request.
    private func receive(
        _ request: Exchange, from socket: ClientSocket, _ take: (HTTPResponseParser.Event) -> Bool
    ) throws(PlatformFailure) -> Bool {
        var parser = HTTPResponseParser(bodyBytes: maximumBodyBytes)
        parser.isHead = request.isHead
        var deadline = request.deadline
        var leftover: [UInt8] = []
        var keepsAlive = false
        while true {
            let count = try socket.receive(into: buffer, deadline: deadline)
            if count == 0 {
                if parser.mayEndHere { return false }
                throw .connectionClosed
            }
            if let silence = request.silence { deadline = self.deadline(silence) }
            leftover.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[0..<count]))
            switch try Self.read(&parser, &leftover, &keepsAlive, take) {
            case .more: continue
            case .end: return keepsAlive && leftover.isEmpty
            case .stopped: return false
            }
        }
    }

    private enum Outcome {
        case more
        case end
        case stopped
    }

    /// Events out of what has come so far; bytes not used stay in `leftover`.
    private static func read(
        _ parser: inout HTTPResponseParser, _ leftover: inout [UInt8], _ keepsAlive: inout Bool,
        _ take: (HTTPResponseParser.Event) -> Bool
    ) throws(PlatformFailure) -> Outcome {
        var used = 0
        defer { leftover.removeFirst(used) }
        while true {
            let step: (used: Int, event: HTTPResponseParser.Event)
            do throws(HTTPFault) {
                step = try consume(&parser, leftover, from: used)
            } catch {
                throw .malformedResponse(error)
            }
            used += step.used
            switch step.event {
            case .needsMore where step.used == 0: return .more
            case .needsMore: continue
            case .end: return .end
            case .head(let head): keepsAlive = head.keepsAlive
            case .bytes: break
            }
            if !take(step.event) { return .stopped }
        }
    }

    private static func consume(
        _ parser: inout HTTPResponseParser, _ bytes: [UInt8], from start: Int
    ) throws(HTTPFault) -> (used: Int, event: HTTPResponseParser.Event) {
        try bytes.withUnsafeBufferPointer { buffer throws(HTTPFault) in
            try parser.consume(UnsafeRawBufferPointer(buffer).slice(start, buffer.count))
        }
    }
}
