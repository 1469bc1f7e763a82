// A small blocking client of a NATS server: requests and their answers, one at a time.
import Primitives

/// Why a request to a NATS server has no answer.
public enum NATSFailure: Error, Hashable, Sendable {
    case connection(PlatformFailure)
    case protocolFault(NATSFault)
    /// What the server said in -ERR.
    case server(String)
    /// Nobody listens where the request went.
    case noResponders
    /// A subject or header that would not be one line of visible bytes.
    case malformedRequest
}

/// One connection. Not for sharing between threads; of no use after a failure.
public final class NATSClient {
    private let socket: ClientSocket
    private var parser = NATSParser()
    private let clock = SystemClock()
    private let inbox: String
    private var number: UInt64 = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 8)

    /// - Parameter address: `host:port`.
    public init(
        _ address: String, timeoutNanoseconds: UInt64 = 5 * Nanoseconds.perSecond
    ) throws(NATSFailure) {
        inbox = "_INBOX." + String(UInt64.random(in: 0 ... .max), radix: 36)
        let deadline = SystemClock().monotonicNanoseconds() &+ timeoutNanoseconds
        do throws(PlatformFailure) {
            socket = try ClientSocket(try HTTPAddress("http://" + address), deadline: deadline)
        } catch { throw .connection(error) }
        guard case .info = try event(deadline) else { throw .protocolFault(.malformedLine) }
        let greeting = """
            {"verbose":false,"pedantic":false,"headers":true,"no_responders":true,\
            "lang":"swift","version":"1","name":"althing"}
            """
        try send("CONNECT \(greeting)\r\nSUB \(inbox).* 1\r\nPING\r\n", [], deadline)
        while true {
            if case .pong = try event(deadline) { return }
        }
    }

    deinit { buffer.deallocate() }

    /// Publishes a request and waits for its first answer.
    ///
    /// - Parameter headers: each a name and a value.
    public func request(
        _ subject: String, _ payload: [UInt8], headers: [(String, String)] = [],
        timeoutNanoseconds: UInt64 = 5 * Nanoseconds.perSecond
    ) throws(NATSFailure) -> [UInt8] {
        let deadline = clock.monotonicNanoseconds() &+ timeoutNanoseconds
        number += 1
        let reply = "\(inbox).\(number)"
        var head = headers.isEmpty ? "" : "NATS/1.0\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !headers.isEmpty { head += "\r\n" }
        let isSound = headers.allSatisfy { Self.isWord($0.0) && Self.isWord($0.1) }
        guard Self.isWord(subject), isSound else { throw .malformedRequest }
        let size = head.utf8.count
        let line = headers.isEmpty
            ? "PUB \(subject) \(reply) \(payload.count)\r\n"
            : "HPUB \(subject) \(reply) \(size) \(size + payload.count)\r\n"
        try send(line + head, payload + [0x0D, 0x0A], deadline)
        while true {
            guard case .message(let to, _, let status, let answer) = try event(deadline),
                to == reply
            else { continue }
            if status == 503 { throw .noResponders }
            return answer
        }
    }

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private func send(
        _ text: String, _ bytes: [UInt8], _ deadline: UInt64
    ) throws(NATSFailure) {
        do throws(PlatformFailure) {
            try socket.send(Array(text.utf8) + bytes, deadline: deadline)
        } catch { throw .connection(error) }
    }

    /// The next thing said that is not a ping, which is answered.
    private func event(_ deadline: UInt64) throws(NATSFailure) -> NATSEvent {
        while true {
            let event: NATSEvent?
            do throws(NATSFault) { event = try parser.next() } catch { throw .protocolFault(error) }
            switch event {
            case .ping: try send("PONG\r\n", [], deadline)
            case .error(let text): throw .server(text)
            case .some(let event): return event
            case nil:
                let count: Int
                do throws(PlatformFailure) {
                    count = try socket.receive(into: buffer, deadline: deadline)
                } catch { throw .connection(error) }
                guard count > 0 else { throw .connection(.connectionClosed) }
                parser.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
    }
}
