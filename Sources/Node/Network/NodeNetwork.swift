// Where a node's messages to other validators go.
import Primitives
import Replica

/// Two callbacks, called on the node's thread. Without a network they drop everything.
public struct NodeNetwork {
    /// To one peer; dropped where no link to it is up.
    public var send: (PeerMessage, PublicKey) -> Void
    /// To every connected peer.
    public var broadcast: (PeerMessage) -> Void

    public init(
        send: @escaping (PeerMessage, PublicKey) -> Void = { _, _ in },
        broadcast: @escaping (PeerMessage) -> Void = { _ in }
    ) {
        self.send = send
        self.broadcast = broadcast
    }
}
