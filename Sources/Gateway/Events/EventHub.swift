// Server-sent events: who listens, what was sent, and what a returning client missed.
import Platform
import Primitives

/// One thread. A client that reads too slowly is cut off by its stream and comes back with the last
/// id it saw.
final class EventHub {
    private var ring: EventRing
    private var clients: [Client] = []
    /// What is made and kept: what clients want, and for a while what those who left wanted.
    private let interest: FeedInterest
    /// When a client was last there for what is made beyond the wishes of those who are.
    private var lastWanted: UInt64 = 0
    private var mostClients: Int

    private struct Client {
        var stream: ResponseStream
        var kinds: FeedKinds
    }

    /// How long events are kept for clients that may come back, in nanoseconds.
    private static let patience = 60 * Nanoseconds.perSecond
    /// Comment that keeps proxies from closing a silent stream.
    private static let heartbeat = Array(": \n\n".utf8)
    /// Milliseconds after which a client that lost the stream comes back.
    private static let greeting = Array("retry: 1000\n\n".utf8)

    /// - Parameter now: ids start at its microseconds, so that they go on over restarts: a node
    /// sends
    ///   less than a million events a second.
    init(capacity: Int, mostClients: Int, now: Instant, interest: FeedInterest) {
        self.interest = interest
        ring = EventRing(capacity: capacity, first: now.nanoseconds / 1_000 + 1)
        self.mostClients = mostClients
    }

    var clientCount: Int { clients.count }

    /// Adds a client that wants `kinds`. `lastSeen` is its Last-Event-ID: what followed is sent;
    /// `reset` where that is not known here, for then the client must read the lists again.
    func open(_ call: Call, _ kinds: FeedKinds, lastSeen: String?) {
        clients.removeAll { !$0.stream.isOpen }
        guard clients.count < mostClients else {
            return call.fail(
                Problem(.unavailable, "Too many clients listen.", retryAfterSeconds: 5))
        }
        want(kinds)
        let stream = call.stream([
            ("content-type", "text/event-stream"), ("cache-control", "no-store"),
        ])
        var first = Self.greeting
        if let lastSeen {
            if let id = UInt64(lastSeen), let missed = ring.events(after: id, of: kinds) {
                for event in missed { first += event }
            } else {
                first += Self.encoded("reset", Array("{}".utf8), id: ring.last)
            }
        }
        if stream.write(first) { clients.append(Client(stream: stream, kinds: kinds)) }
    }

    /// What was not made until now is missing from what is kept.
    private func want(_ kinds: FeedKinds) {
        var wanted = interest.kinds
        guard !kinds.isSubset(of: wanted) else { return }
        ring.skip()
        wanted.formUnion(kinds)
        interest.kinds = wanted
    }

    /// Sends one event to everybody who wants it, and keeps it.
    func publish(_ kind: FeedKind, _ data: [UInt8]) {
        let event = Self.encoded(kind.rawValue, data, id: ring.next)
        ring.append(kind, event)
        clients.removeAll { $0.kinds.contains(kind) && !$0.stream.write(event) }
    }

    /// Keeps streams open, and forgets what nobody has wanted for a while.
    ///
    /// - Parameter now: by the monotonic clock.
    func beat(at now: UInt64) {
        clients.removeAll { !$0.stream.write(Self.heartbeat) }
        var wanted = FeedKinds.none
        for client in clients { wanted.formUnion(client.kinds) }
        if interest.kinds == wanted {
            lastWanted = now
        } else if now &- lastWanted >= Self.patience {
            interest.kinds = wanted
        }
    }

    /// Ends every stream; nobody is taken in any more.
    func closeAll() {
        mostClients = 0
        for client in clients { client.stream.close() }
        clients.removeAll()
    }

    private static func encoded(_ name: String, _ data: [UInt8], id: UInt64) -> [UInt8] {
        Array("id: \(id)\nevent: \(name)\ndata: ".utf8) + data + [0x0A, 0x0A]
    }
}
