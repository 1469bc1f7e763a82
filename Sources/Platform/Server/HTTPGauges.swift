// What all loops of one server count together.
import Synchronization

/// Numbers of a server at one moment.
public struct HTTPCounts: Hashable, Sendable {
    /// Connections open.
    public var connections: Int
    /// Bytes of request bodies held.
    public var pendingBytes: Int
    /// Requests handed to the application since the start.
    public var requests: Int
    /// Requests and connections the server refused by itself since the start.
    public var refusals: Int
}

final class HTTPGauges: Sendable {
    let connections = Atomic<Int>(0)
    let pendingBytes = Atomic<Int>(0)
    let requests = Atomic<Int>(0)
    let refusals = Atomic<Int>(0)

    var counts: HTTPCounts {
        HTTPCounts(
            connections: connections.load(ordering: .relaxed),
            pendingBytes: pendingBytes.load(ordering: .relaxed),
            requests: requests.load(ordering: .relaxed),
            refusals: refusals.load(ordering: .relaxed))
    }
}
