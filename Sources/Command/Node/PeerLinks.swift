// The links of a node to other validators: messages in, checked off the node's thread, and out.
import Cryptography
import Gateway
import Network
import Node
import Peers
import Platform
import Primitives
import Replica

/// Carries what a node says to other validators, on a loop of its own.
final class PeerLinks: Sendable {
    /// Where other validators connect.
    let port: UInt16
    private let loop: EventLoop
    private let network: PeerNetwork

    /// Listens; nothing is said before `start`.
    init(
        _ setup: NodeSetup, listen: ListenAddress
    ) throws(CommandFailure) {
        let identity = LinkIdentity(
            chain: setup.genesis.digest, key: setup.keys.validator, exchange: .generate())
        var configuration = PeerNetworkConfiguration(
            identity: identity, address: listen.host, port: listen.port)
        // Any number that differs from one validator to the next.
        configuration.seed = setup.keys.validator.publicKey.bytes.prefix(8)
            .reduce(0) { $0 << 8 | UInt64($1) }
        do {
            loop = try EventLoop(name: "peers")
            network = try PeerNetwork(configuration, on: loop)
            try loop.start()
        } catch let failure as PlatformFailure {
            throw .system(failure)
        } catch {
            throw .failed("no network: \(error)")
        }
        port = network.port
    }

    /// Connects the node behind `gateway` with `peers`.
    func start(_ gateway: Gateway, peers: PeerList) {
        let network = network
        gateway.withNode { node in
            node.network = NodeNetwork(
                send: { message, peer in
                    network.send(message.encoded, to: peer, message.priority)
                },
                broadcast: { message in network.broadcast(message.encoded, message.priority) })
        }
        network.setCommittee(peers.entries)
        network.start(
            onMessage: { peer, bytes in
                // A peer that sends what cannot be read gets no answer; the link is left to it.
                guard let message = try? PeerMessage(decoding: bytes) else { return }
                network.hold(peer)
                gateway.withNode { node in
                    node.receive(message, from: peer)
                    network.release(peer)
                }
            },
            onChange: { change in
                guard case .connected(let peer, _) = change else { return }
                gateway.withNode { node in node.connected(peer) }
            })
    }

    /// Closes the links and the port.
    func stop() {
        network.stop()
        loop.stop()
    }
}

extension PeerMessage {
    fileprivate var priority: LinkPriority { isBulk ? .bulk : .urgent }
}
