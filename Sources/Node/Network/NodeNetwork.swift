// Where a node's messages to other validators go, and what is known of the links to them.
import Primitives
import Replica

/// Callbacks, called on the node's thread. Without a network they drop everything.
public struct NodeNetwork {
    /// To one peer; dropped where no link to it is up.
    public var send: (PeerMessage, PublicKey) -> Void
    /// To every connected peer.
    public var broadcast: (PeerMessage) -> Void
    /// Called at the end of a turn: what was sent in it leaves together.
    public var flush: () -> Void
    /// The links that are up.
    public var links: () -> [LinkView]
    /// Where a validator is dialled, `host:port`, where the ledger does not say; nil for unknown.
    public var address: (PublicKey) -> String?

    public init(
        send: @escaping (PeerMessage, PublicKey) -> Void = { _, _ in },
        broadcast: @escaping (PeerMessage) -> Void = { _ in },
        flush: @escaping () -> Void = {},
        links: @escaping () -> [LinkView] = { [] },
        address: @escaping (PublicKey) -> String? = { _ in nil }
    ) {
        self.send = send
        self.broadcast = broadcast
        self.flush = flush
        self.links = links
        self.address = address
    }
}

/// A link that is up.
public struct LinkView: Hashable, Sendable {
    public var key: PublicKey
    /// Nil until it was measured.
    public var roundTripNanoseconds: UInt64?

    public init(key: PublicKey, roundTripNanoseconds: UInt64?) {
        self.key = key
        self.roundTripNanoseconds = roundTripNanoseconds
    }
}

/// A validator and where it says that it listens.
public struct SeatAddress: Hashable, Sendable {
    public var key: PublicKey
    /// `host:port`; empty where the ledger knows none.
    public var address: String
}
