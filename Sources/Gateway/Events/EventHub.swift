// Server-sent events: who listens, what was sent, and what a returning client missed.
import Platform
import Primitives

/// One thread. A client that reads too slowly is cut off by its stream and comes back with the last
/// id it saw.
final class EventHub {
    private var ring: EventRing
    private var clients: [ResponseStream] = []
    private var mostClients: Int

    /// Comment that keeps proxies from closing a silent stream.
    private static let heartbeat = Array(": \n\n".utf8)
    /// Milliseconds after which a client that lost the stream comes back.
    private static let greeting = Array("retry: 1000\n\n".utf8)

    /// - Parameter now: ids start at its microseconds, so that they go on over restarts: a node
    /// sends
    ///   less than a million events a second.
    init(capacity: Int, mostClients: Int, now: Instant) {
        ring = EventRing(capacity: capacity, first: now.nanoseconds / 1_000 + 1)
        self.mostClients = mostClients
    }

    var clientCount: Int { clients.count }

    /// Adds a client. `lastSeen` is its Last-Event-ID: what followed is sent; `reset` where that is
    /// not known here, for then the client must read the lists again.
    func open(_ call: Call, lastSeen: String?) {
        clients.removeAll { !$0.isOpen }
        guard clients.count < mostClients else {
            return call.fail(
                Problem(.unavailable, "Too many clients listen.", retryAfterSeconds: 5))
        }
        let stream = call.stream([
            ("content-type", "text/event-stream"), ("cache-control", "no-store"),
        ])
        var first = Self.greeting
        if let lastSeen {
            if let id = UInt64(lastSeen), let missed = ring.events(after: id) {
                for event in missed { first += event }
            } else {
                first += Self.encoded("reset", Array("{}".utf8), id: ring.last)
            }
        }
        if stream.write(first) { clients.append(stream) }
    }

    /// Sends one event to everybody and keeps it.
    func publish(_ name: String, _ data: [UInt8]) {
        let event = Self.encoded(name, data, id: ring.next)
        ring.append(event)
        clients.removeAll { !$0.write(event) }
    }

    func beat() { clients.removeAll { !$0.write(Self.heartbeat) } }

    /// Ends every stream; nobody is taken in any more.
    func closeAll() {
        mostClients = 0
        for client in clients { client.close() }
        clients.removeAll()
    }

    private static func encoded(_ name: String, _ data: [UInt8], id: UInt64) -> [UInt8] {
        Array("id: \(id)\nevent: \(name)\ndata: ".utf8) + data + [0x0A, 0x0A]
    }
}
