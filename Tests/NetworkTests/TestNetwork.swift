// Networks on loopback, each on a loop of its own, that remember what they were told.
import Cryptography
import Peers
import Platform
import Primitives
import Synchronization
import Testing

@testable import Network

/// One validator's network and what it heard.
final class TestNetwork: Sendable {
    struct Heard {
        var messages: [PublicKey: [[UInt8]]] = [:]
        var changes: [PeerChange] = []
        /// Opened when its condition holds.
        var waiters: [(isMet: @Sendable (Heard) -> Bool, gate: Gate)] = []
    }

    static let chain = Digest([UInt8](repeating: 0xC1, count: 32)) ?? Digest()
    private static let patience = 30 * Nanoseconds.perSecond

    let number: UInt8
    let key: PublicKey
    let loop: EventLoop
    let network: PeerNetwork
    let heard = Mutex(Heard())

    init(
        _ number: UInt8, port: UInt16 = 0,
        _ adjust: (inout PeerNetworkConfiguration) -> Void = { _ in }
    ) throws {
        self.number = number
        let signing = try #require(SigningKey(seed: [UInt8](repeating: number, count: 32)))
        key = signing.publicKey
        var configuration = PeerNetworkConfiguration(
            identity: LinkIdentity(chain: Self.chain, key: signing, exchange: .generate()),
            address: "127.0.0.1", port: port)
        configuration.seed = UInt64(number)
        adjust(&configuration)
        loop = try EventLoop(name: "peers-\(number)")
        network = try PeerNetwork(configuration, on: loop)
        try loop.start()
    }

    var entry: PeerEntry { PeerEntry(key: key, host: "127.0.0.1", port: network.port) }

    func start(
        committee: [PeerEntry],
        onMessage: (@Sendable (PublicKey, [UInt8]) -> Void)? = nil
    ) {
        network.start(
            onMessage: { [weak self] key, message in
                onMessage?(key, message)
                self?.note { $0.messages[key, default: []].append(message) }
            },
            onChange: { [weak self] change in self?.note { $0.changes.append(change) } })
        network.setCommittee(committee)
    }

    private func note(_ change: (inout Heard) -> Void) {
        let met = heard.withLock { heard in
            change(&heard)
            let waiters = heard.waiters
            heard.waiters = []
            let met = waiters.filter { $0.isMet(heard) }
            heard.waiters = waiters.filter { waiter in !met.contains { $0.gate === waiter.gate } }
            return met.map(\.gate)
        }
        for gate in met { gate.open() }
    }

    /// Waits until `isMet` holds of what was heard; false after half a minute.
    func waits(_ isMet: @escaping @Sendable (Heard) -> Bool) -> Bool {
        let gate = Gate()
        heard.withLock { heard in
            if isMet(heard) { gate.open() } else { heard.waiters.append((isMet, gate)) }
        }
        return gate.wait(nanoseconds: Self.patience)
    }

    func waitsForPeers(_ count: Int) -> Bool {
        waits { heard in
            var connected: Set<PublicKey> = []
            for change in heard.changes {
                if case .connected(let key, _) = change { connected.insert(key) }
                if case .disconnected(let key) = change { connected.remove(key) }
            }
            return connected.count == count
        }
    }

    func stop() {
        network.stop()
        loop.stop()
    }
}
