// The line between the node and the other validators: messages are encoded, decoded and checked in
// themselves away from the node's thread.
import Cryptography
import Network
import Node
import Peers
import Platform
import Primitives
import Replica
import Synchronization

/// Where this validator listens for others, and where the others are.
public struct PeerSettings: Sendable {
    public var configuration: PeerNetworkConfiguration
    /// Where to dial. A validator that is not named here is dialled where the ledger says.
    public var entries: [PeerEntry]

    public init(configuration: PeerNetworkConfiguration, entries: [PeerEntry]) {
        self.configuration = configuration
        self.entries = entries
    }
}

/// One thread for all links.
final class PeerLine: Sendable {
    private let loop: EventLoop
    private let network: PeerNetwork
    private let entries: [PeerEntry]
    private let log: Log
    private let malformed = Counter()
    /// What the turn of the node that is under way asks of the network.
    private let asked = Mutex<[PeerRequest]>([])
    /// The same submitters sign batch after batch.
    private let signatures = SignatureMemory()

    init(_ settings: PeerSettings, log: Log) throws(PlatformFailure) {
        loop = try EventLoop(name: "peers")
        do throws(PeerNetworkFailure) {
            network = try PeerNetwork(settings.configuration, on: loop)
        } catch {
            switch error {
            case .platform(let failure): throw failure
            case .outOfMemory: throw .system(operation: "zstd context", code: 12)
            }
        }
        entries = settings.entries
        self.log = log
    }

    /// The port listened on, also where 0 was asked for.
    var port: UInt16 { network.port }

    /// Numbers for metrics.
    var counts: PeerNetworkCounts { network.counts }

    /// Messages that did not decode.
    var malformedMessages: UInt64 { malformed.value }

    /// Begins to listen and to dial; what comes goes to the node.
    func start(_ node: NodeThread) throws(PlatformFailure) {
        // First, or the committee could reach the links before they can dial.
        network.start(
            onMessage: { [self] key, bytes in take(bytes, from: key, node) },
            onChange: { [self] change in note(change, node) })
        node.post { [self] desk in
            desk.node.network = nodeNetwork
            follow(desk.node.committeeMembers)
            desk.committeeChanged = { [self] in follow($0) }
        }
        try loop.start()
    }

    func stop() {
        network.stop()
        loop.stop()
    }

    private var nodeNetwork: NodeNetwork {
        NodeNetwork(
            send: { [self] message, peer in
                ask(.send(message.encoded, to: peer, message.priority))
            },
            broadcast: { [self] message in ask(.broadcast(message.encoded, message.priority)) },
            flush: { [self] in
                let requests = asked.withLock { asked in
                    defer { asked = [] }
                    return asked
                }
                network.perform(requests)
            },
            links: { [network] in
                network.counts.peers.map {
                    LinkView(key: $0.key, roundTripNanoseconds: $0.roundTripNanoseconds)
                }
            },
            address: { [entries] key in
                entries.first { $0.key == key }.map { "\($0.host):\($0.port)" }
            })
    }

    /// On the links' thread.
    private func take(_ bytes: [UInt8], from key: PublicKey, _ node: NodeThread) {
        let message: PeerMessage
        do throws(BodyFailure) {
            message = try signatures.run { () throws(BodyFailure) in
                try PeerMessage(decoding: bytes)
            }
        } catch {
            malformed.add()
            return log.note(.warning, "peer message refused") {
                $0.member("peer", key.hex)
                $0.member("reason", "\(error)")
            }
        }
        // Until the node has taken it, it counts among what we hold of this peer.
        network.hold(key)
        node.post { [self] desk in
            desk.node.receive(message, from: key)
            ask(.release(key))
        }
    }

    private func ask(_ request: PeerRequest) { asked.withLock { $0.append(request) } }

    private func note(_ change: PeerChange, _ node: NodeThread) {
        if case .connected(let key, _) = change {
            node.post { $0.node.connected(key) }
        }
        log.note(.info, "peer") { $0.member("change", "\(change)") }
    }

    /// Dials the validators of the committee.
    private func follow(_ members: [SeatAddress]) {
        network.setCommittee(
            members.compactMap { member in
                entries.first { $0.key == member.key } ?? PeerEntry(member)
            })
    }
}

extension PeerMessage {
    fileprivate var priority: LinkPriority { isBulk ? .bulk : .urgent }
}

extension PeerEntry {
    /// Nil where the ledger knows no address of the form `host:port`.
    fileprivate init?(_ member: SeatAddress) {
        guard let colon = member.address.lastIndex(of: ":"),
            let port = UInt16(member.address[member.address.index(after: colon)...]), port > 0
        else { return nil }
        var host = member.address[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.init(key: member.key, host: String(host), port: port)
    }
}
