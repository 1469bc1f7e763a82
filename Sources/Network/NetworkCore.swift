// What a peer network does on its loop's thread: connections, the book's wishes, the clock.
import Cryptography
import Peers
import Platform
import Primitives
import Synchronization

/// What a network reports.
struct NetworkCallbacks: Sendable {
    var onMessage: @Sendable (PublicKey, [UInt8]) -> Void
    var onChange: @Sendable (PeerChange) -> Void
}

/// Obeys a `PeerBook`.
final class NetworkCore {
    private let configuration: PeerNetworkConfiguration
    private let loop: EventLoop
    private let listener: StreamListener
    let codec: ParcelCodec
    private let published: PublishedCounts
    private let clock = SystemClock()
    private var book: PeerBook
    /// By the number of their link; strangers too.
    private var connections: [UInt64: Connection] = [:]
    /// The link each peer's messages go over.
    private var peers: [PublicKey: Connection] = [:]
    private var callbacks: NetworkCallbacks?
    private var counts = PeerNetworkCounts()
    private var lastID: UInt64 = 0
    private var isStopped = false
    /// Ourselves, for work that comes back from other threads.
    private var handle: Confined<NetworkCore>?

    init(
        _ configuration: PeerNetworkConfiguration, _ loop: EventLoop, _ listener: StreamListener,
        _ codec: ParcelCodec, _ published: PublishedCounts
    ) {
        self.configuration = configuration
        self.loop = loop
        self.listener = listener
        self.codec = codec
        self.published = published
        book = PeerBook(
            own: configuration.identity.key.publicKey, limits: configuration.bookLimits,
            seed: configuration.seed)
    }

    func now() -> UInt64 { clock.monotonicNanoseconds() }

    /// - Parameter handle: this object, for other threads to carry.
    func start(_ callbacks: NetworkCallbacks, _ handle: Confined<NetworkCore>) {
        if self.callbacks != nil || isStopped { return }
        self.callbacks = callbacks
        self.handle = handle
        listener.start(on: loop) { [weak self] descriptor, address in
            self?.accept(descriptor, address)
        }
        tick()
    }

    func stop() {
        isStopped = true
        listener.stop()
        for connection in connections.values { connection.close() }
        connections = [:]
        peers = [:]
        handle = nil
    }

    private func tick() {
        guard !isStopped, let handle else { return }
        let now = now()
        for connection in Array(connections.values) { connection.tick(at: now) }
        step(.tick, at: now)
        publish()
        loop.schedule(afterNanoseconds: configuration.tickNanoseconds) { handle.value.tick() }
    }

    // The book

    func step(_ input: PeerInput, at now: UInt64) {
        if isStopped { return }
        var actions: [PeerAction] = []
        book.step(input, at: now, into: &actions)
        for action in actions { obey(action) }
    }

    private func obey(_ action: PeerAction) {
        switch action {
        case .dial(let entry): dial(entry)
        case .close(let id, let refusal):
            drop(id)
            callbacks?.onChange(.refused(refusal))
        case .connected(let key, let role, let id):
            counts.established &+= 1
            peers[key] = connections[id.number]
            callbacks?.onChange(.connected(key, role))
        case .disconnected(let key):
            peers[key] = nil
            callbacks?.onChange(.disconnected(key))
        case .changed(let key, let role): callbacks?.onChange(.changed(key, role))
        }
    }

    private func drop(_ id: LinkID) {
        guard let connection = connections.removeValue(forKey: id.number) else { return }
        counts.total.add(connection.link.counts)
        connection.close()
    }

    // Connections

    private func accept(_ descriptor: StreamDescriptor, _ address: String) {
        counts.accepted &+= 1
        let id = nextID()
        let now = now()
        // First among the connections, so that the book can have it closed.
        guard connect(descriptor, id, .listener, at: now) else { return }
        step(.accepted(id, address: address), at: now)
    }

    private func dial(_ entry: PeerEntry) {
        counts.dialled &+= 1
        guard let handle else { return }
        StreamDescriptor.dial(
            entry.host, entry.port, timeoutMilliseconds: configuration.dialMilliseconds, on: loop
        ) { result in handle.value.dialled(entry.key, result) }
    }

    private func dialled(
        _ key: PublicKey, _ result: Result<StreamDescriptor, PlatformFailure>
    ) {
        if isStopped { return }
        let now = now()
        switch result {
        case .success(let descriptor):
            let id = nextID()
            step(.dialed(id, key), at: now)
            if !connect(descriptor, id, .dialer(expected: key), at: now) {
                step(.closed(id), at: now)
            }
        case .failure(let failure):
            callbacks?.onChange(.unreachable(key, failure))
            step(.dialFailed(key), at: now)
        }
    }

    private func connect(
        _ descriptor: StreamDescriptor, _ id: LinkID, _ side: LinkSide, at now: UInt64
    ) -> Bool {
        let link = Link(
            side, identity: configuration.identity, ephemeral: .generate(),
            (configuration.limits, codec), at: now)
        let connection = Connection(id, link, self)
        guard connection.open(descriptor, on: loop) else { return false }
        connections[id.number] = connection
        return true
    }

    private func nextID() -> LinkID {
        lastID += 1
        return LinkID(lastID)
    }

    /// What the link of a connection says; nothing of one that was closed meanwhile.
    func handle(_ event: LinkEvent, of connection: Connection, at now: UInt64) {
        guard connections[connection.id.number] === connection else { return }
        switch event {
        case .established(let key): step(.authenticated(connection.id, key), at: now)
        case .message(let message, _):
            if let key = connection.link.peer, peers[key] === connection {
                callbacks?.onMessage(key, message)
            }
        case .closed(let fault):
            if fault != .closed { counts.faults &+= 1 }
            drop(connection.id)
            callbacks?.onChange(.ended(connection.link.peer, fault))
            step(.closed(connection.id), at: now)
        }
    }

    // Messages

    func send(_ parcel: Parcel, to key: PublicKey, _ priority: LinkPriority) {
        peers[key]?.send(parcel, priority, at: now())
    }

    func broadcast(_ parcel: Parcel, _ priority: LinkPriority) {
        let now = now()
        // Observers follow by what validators tell each other; they come last.
        for role in [PeerRole.validator, .observer] {
            for (key, _) in book.links(role) { peers[key]?.send(parcel, priority, at: now) }
        }
    }

    func hold(_ key: PublicKey) { peers[key]?.hold() }

    func release(_ key: PublicKey) { peers[key]?.release(at: now()) }

    // Numbers

    private func publish() {
        var snapshot = counts
        for role in [PeerRole.validator, .observer] {
            for (key, _) in book.links(role) {
                guard let link = peers[key]?.link else { continue }
                snapshot.peers.append(.init(
                    key: key, role: role, roundTripNanoseconds: link.roundTripNanoseconds,
                    queuedBytes: link.queuedBytes, link: link.counts))
            }
        }
        snapshot.peers.sort { $0.key < $1.key }
        for connection in connections.values { snapshot.total.add(connection.link.counts) }
        published.set(snapshot)
    }
}

/// The last snapshot of the counts, for any thread.
final class PublishedCounts: Sendable {
    private let latest = Mutex(PeerNetworkCounts())

    var value: PeerNetworkCounts { latest.withLock { $0 } }

    func set(_ counts: PeerNetworkCounts) { latest.withLock { $0 = counts } }
}
