// A server on a free loopback port with small limits, and a raw connection to it.
import Platform
import Primitives

@testable import Platform

/// Started at once; stopped by `stop`.
struct ServerUnderTest: Sendable {
    let server: HTTPServer

    /// Limits under which a test waits milliseconds, not seconds, for an event.
    static var limits: HTTPLimits {
        var limits = HTTPLimits()
        limits.bodyBytes = 1 << 20
        limits.lingerNanoseconds = 200 * Nanoseconds.perMillisecond
        return limits
    }

    init(
        limits: HTTPLimits = Self.limits, loops: Int = 1,
        answer: @escaping HTTPAnswer = Self.echo,
        admit: @escaping @Sendable (HTTPRequestHead) -> HTTPResponse? = { _ in nil }
    ) throws {
        var configuration = HTTPConfiguration()
        configuration.limits = limits
        configuration.loops = loops
        configuration.admit = admit
        server = try HTTPServer(
            address: "127.0.0.1", port: 0, configuration: configuration, answer: answer)
        try server.start()
    }

    /// Answers with the method, the path and the body.
    static let echo: HTTPAnswer = { request, responder in
        let text = "\(request.method) \(request.path) "
        responder.respond(
            HTTPResponse(status: 200, type: "text/plain", body: Array(text.utf8) + request.body))
    }

    var base: String { "http://127.0.0.1:\(server.port)" }

    func client() throws -> HTTPClient { try HTTPClient(base) }

    func connect() throws -> RawConnection { try RawConnection(base) }

    func stop() { server.stop() }
}

/// Bytes out, bytes in: for what no well-behaved client sends.
final class RawConnection {
    private var socket: ClientSocket?
    /// Far enough that only a lost event reaches it.
    private let deadline: UInt64

    init(_ base: String) throws {
        deadline = SystemClock().monotonicNanoseconds() + 30 * Nanoseconds.perSecond
        socket = try ClientSocket(try HTTPAddress(base), deadline: deadline)
    }

    func send(_ text: String) throws { try socket?.send(Array(text.utf8), deadline: deadline) }

    func send(_ bytes: [UInt8]) throws { try socket?.send(bytes, deadline: deadline) }

    /// Ends our side; the peer's may go on.
    func finishSending() { socket?.finishSending() }

    func close() { socket = nil }

    /// At most `limit` bytes; empty at the end of the stream.
    func receive(limit: Int = 64 << 10) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = try buffer.withUnsafeMutableBytes { try receive(into: $0) }
        return Array(buffer[..<count])
    }

    private func receive(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try socket?.receive(into: buffer, deadline: deadline) ?? 0
    }

    /// Everything up to the end of the stream.
    func receiveAll() throws -> String {
        var bytes: [UInt8] = []
        while true {
            let more = try receive()
            if more.isEmpty { return String(decoding: bytes, as: UTF8.self) }
            bytes += more
        }
    }

    /// Everything until `text` has come or the stream has ended.
    func receive(until text: String) throws -> String {
        var bytes: [UInt8] = []
        while true {
            let more = try receive()
            bytes += more
            let all = String(decoding: bytes, as: UTF8.self)
            if more.isEmpty || all.contains(text) { return all }
        }
    }
}
