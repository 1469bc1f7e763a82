// Every limit of the HTTP server, with its unit; nothing a peer sends is held without one.
import Primitives

/// Limits of one server. `init()` gives the values that suit a node; set what differs.
public struct HTTPLimits: Sendable {
    /// Bytes of the request line with its CRLF; a longer one is 414.
    public var requestLineBytes = 8 << 10
    /// Bytes of all header field lines of one message; more is 431. Also bounds trailers.
    public var headerBytes = 32 << 10
    /// Header field lines of one message; more is 431.
    public var headerCount = 100
    /// Bytes of one body after chunks are joined; more is 413.
    public var bodyBytes = 16 << 20
    /// Connections open at one time, over all loops; further ones get 503 and are closed.
    public var connections = 16_384
    /// Bytes of bodies held at one time over all connections; beyond it requests get 503.
    public var pendingBytes = 128 << 20
    /// Bytes read ahead of the request being answered, per connection; then reading pauses.
    public var pipelinedBytes = 64 << 10
    /// Bytes of answers waiting for a slow reader before no further request of it is read.
    public var outputBytes = 256 << 10
    /// Bytes a response stream may hold for a slow reader; then the stream is closed.
    public var streamBytes = 1 << 20
    /// Nanoseconds a connection may stay without a request.
    public var idleNanoseconds: UInt64 = 75 * Nanoseconds.perSecond
    /// Nanoseconds from the first byte of a head to its last; then 408.
    public var headerNanoseconds: UInt64 = 10 * Nanoseconds.perSecond
    /// Nanoseconds from the end of the head to the end of the body; then 408.
    public var bodyNanoseconds: UInt64 = 120 * Nanoseconds.perSecond
    /// Average rate a body must keep once `bodyGraceNanoseconds` have passed; slower is 408.
    public var minimumBodyBytesPerSecond: UInt64 = 1 << 10
    /// Nanoseconds during which the rate of a body is not judged.
    public var bodyGraceNanoseconds: UInt64 = 5 * Nanoseconds.perSecond
    /// Nanoseconds without progress after which a peer that does not read is dropped.
    public var writeNanoseconds: UInt64 = 30 * Nanoseconds.perSecond
    /// Nanoseconds a refused peer may go on sending while it reads the refusal (RFC 9112 §9.6).
    public var lingerNanoseconds: UInt64 = 2 * Nanoseconds.perSecond
    /// Nanoseconds `HTTPServer.stop` waits for requests being answered.
    public var stopNanoseconds: UInt64 = 10 * Nanoseconds.perSecond
    /// Seconds named in Retry-After when the server is at a limit.
    public var retryAfterSeconds = 1

    public init() {}

    /// How often deadlines are looked at: a quarter of the shortest, within 5 ms and 1 s.
    var sweepNanoseconds: UInt64 {
        let shortest = min(
            min(idleNanoseconds, headerNanoseconds, bodyNanoseconds),
            min(bodyGraceNanoseconds, writeNanoseconds, lingerNanoseconds))
        return min(max(shortest / 4, 5 * Nanoseconds.perMillisecond), Nanoseconds.perSecond)
    }
}
