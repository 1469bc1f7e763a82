// One blocking connection with a deadline on everything it does.
import CSystem
import Glibc
import Primitives

/// Closed when it goes away.
final class ClientSocket {
    private let descriptor: Int32
    private var spanSet: UInt64 = 0
    private let clock = SystemClock()

    init(_ address: HTTPAddress, deadline: UInt64) throws(PlatformFailure) {
        let now = SystemClock().monotonicNanoseconds()
        let span = deadline > now ? deadline - now : 0
        let milliseconds = Int32(clamping: span / Nanoseconds.perMillisecond + 1)
        let operation = "connect to \(address.host):\(address.port)"
        let result = csystem_connect(address.host, address.port, milliseconds)
        if result == CSYSTEM_UNKNOWN_HOST { throw .unknownHost(address.host) }
        if result == -ETIMEDOUT { throw .timedOut(operation: operation) }
        descriptor = try PlatformFailure.check(result, operation)
    }

    deinit { close(descriptor) }

    /// Whether the peer has closed, or spoken unasked, since the last response.
    var isStale: Bool { csystem_is_stale(descriptor) != 0 }

    /// Ends our side of the stream.
    func finishSending() { _ = csystem_finish_sending(descriptor) }

    func send(_ bytes: [UInt8], deadline: UInt64) throws(PlatformFailure) {
        var start = 0
        while start < bytes.count {
            try prepare("send", deadline)
            let sent = bytes.withUnsafeBytes { raw -> Int in
                guard let base = raw.baseAddress else { return 0 }
                return csystem_send(descriptor, base + start, raw.count - start)
            }
            start += try checked(sent, "send")
        }
    }

    /// At least one byte into `buffer`, or 0 at the end of the stream.
    func receive(
        into buffer: UnsafeMutableRawBufferPointer, deadline: UInt64
    ) throws(PlatformFailure) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        try prepare("receive", deadline)
        return try checked(csystem_receive(descriptor, base, buffer.count), "receive")
    }

    private func checked(_ count: Int, _ operation: String) throws(PlatformFailure) -> Int {
        if count >= 0 { return count }
        if count == -Int(EAGAIN) { throw .timedOut(operation: operation) }
        if count == -Int(EPIPE) || count == -Int(ECONNRESET) { throw .connectionClosed }
        throw .system(operation: operation, code: Int32(-count))
    }

    /// Sets the socket's own time-out where it is more than an eighth off, to spare a call per
    /// read.
    private func prepare(_ operation: String, _ deadline: UInt64) throws(PlatformFailure) {
        let now = clock.monotonicNanoseconds()
        if deadline <= now { throw .timedOut(operation: operation) }
        let span = deadline - now
        if spanSet <= span, span - spanSet <= span / 8 { return }
        if spanSet > span, spanSet - span <= span / 8 { return }
        _ = try PlatformFailure.check(csystem_set_timeout(descriptor, span), "set time-out")
        spanSet = span
    }
}
