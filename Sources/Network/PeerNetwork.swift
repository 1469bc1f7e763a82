// The network of one validator: keeps a link to every other and carries messages over it.
import Peers
import Platform
import Primitives

/// Why a network could not be made.
public enum PeerNetworkFailure: Error, Hashable, Sendable {
    /// The address is taken, unknown, or descriptors are short.
    case platform(PlatformFailure)
    case outOfMemory
}

/// Runs on a loop that it shares with others. Methods may be called from any thread; on the loop's
/// own they act at once, and what is sent leaves in the same turn of the loop, or is posted.
public final class PeerNetwork: Sendable {
    /// The port listened on, also where 0 was asked for.
    public let port: UInt16
    private let loop: EventLoop
    private let core: Confined<NetworkCore>
    private let published = PublishedCounts()

    /// Listens; nothing is accepted or dialled before `start`.
    public init(
        _ configuration: PeerNetworkConfiguration, on loop: EventLoop
    ) throws(PeerNetworkFailure) {
        let listener: StreamListener
        do throws(PlatformFailure) {
            listener = try StreamListener(
                address: configuration.address, port: configuration.port)
        } catch {
            throw .platform(error)
        }
        guard let codec = try? ParcelCodec() else { throw .outOfMemory }
        port = listener.port
        self.loop = loop
        core = Confined(NetworkCore(configuration, loop, listener, codec, published), to: loop)
    }

    /// Begins to accept and to dial; a second call does nothing. Both closures run on the loop.
    /// - Parameters:
    ///   - onMessage: a whole message of an authenticated peer, validator or observer. Messages of
    ///     one peer and priority come in the order they were sent in; none comes twice. It may call
    ///     `hold` to keep the peer's place taken until `release`.
    ///   - onChange: peers that come and go, and why.
    public func start(
        onMessage: @escaping @Sendable (PublicKey, [UInt8]) -> Void,
        onChange: @escaping @Sendable (PeerChange) -> Void
    ) {
        let callbacks = NetworkCallbacks(onMessage: onMessage, onChange: onChange)
        loop.perform { [core] in core.value.start(callbacks, core) }
    }

    /// The validators from now on; links to those that stay are left alone.
    public func setCommittee(_ entries: [PeerEntry]) {
        loop.perform { [core] in
            core.value.step(.committee(entries), at: core.value.now())
            core.value.step(.tick, at: core.value.now())
        }
    }

    /// Sends to a connected peer; dropped where there is no link, or too much waits already.
    public func send(_ message: [UInt8], to key: PublicKey, _ priority: LinkPriority) {
        loop.perform { [core] in
            core.value.send(core.value.codec.pack(message), to: key, priority)
        }
    }

    /// Sends to every connected validator and observer: compressed once, encrypted for each.
    public func broadcast(_ message: [UInt8], _ priority: LinkPriority) {
        loop.perform { [core] in
            core.value.broadcast(core.value.codec.pack(message), priority)
        }
    }

    /// Sends what was packed before, on another thread say.
    public func send(_ parcel: Parcel, to key: PublicKey, _ priority: LinkPriority) {
        loop.perform { [core] in core.value.send(parcel, to: key, priority) }
    }

    /// Broadcasts what was packed before, on another thread say.
    public func broadcast(_ parcel: Parcel, _ priority: LinkPriority) {
        loop.perform { [core] in core.value.broadcast(parcel, priority) }
    }

    /// Does several things in one go: one wake of the loop for all of them.
    public func perform(_ requests: [PeerRequest]) {
        guard !requests.isEmpty else { return }
        loop.perform { [core] in
            for request in requests {
                switch request {
                case .send(let message, let key, let priority):
                    core.value.send(core.value.codec.pack(message), to: key, priority)
                case .broadcast(let message, let priority):
                    core.value.broadcast(core.value.codec.pack(message), priority)
                case .release(let key): core.value.release(key)
                }
            }
        }
    }

    /// Keeps one message of the peer: at `LinkLimits.heldMessages` of them it is not read on. On
    /// the loop's thread, from `onMessage`.
    public func hold(_ key: PublicKey) {
        loop.perform { [core] in core.value.hold(key) }
    }

    /// Ends a `hold`.
    public func release(_ key: PublicKey) {
        loop.perform { [core] in core.value.release(key) }
    }

    /// Numbers for metrics, at most one tick old.
    public var counts: PeerNetworkCounts { published.value }

    /// Closes every link and the port; waits for it, unless called on the loop. A loop that has
    /// stopped has let go of everything already.
    public func stop() {
        if loop.isCurrent { return core.value.stop() }
        let gate = Gate()
        let opener = Opener(gate)
        loop.post { [core] in
            core.value.stop()
            withExtendedLifetime(opener) {}
        }
        withExtendedLifetime(consume opener) {}
        gate.wait()
    }
}

/// What can be asked of a network together with more.
public enum PeerRequest: Sendable {
    /// To a connected peer.
    case send([UInt8], to: PublicKey, LinkPriority)
    /// To every connected validator and observer.
    case broadcast([UInt8], LinkPriority)
    /// Ends a `hold`.
    case release(PublicKey)
}

/// Opens a gate when the last closure that holds it is gone, whether it has run or was dropped.
private final class Opener: Sendable {
    private let gate: Gate

    init(_ gate: Gate) { self.gate = gate }

    deinit { gate.open() }
}
