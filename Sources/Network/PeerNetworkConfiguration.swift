// The settings of a peer network.
import Peers
import Platform
import Primitives

/// One per process.
public struct PeerNetworkConfiguration: Sendable {
    public var identity: LinkIdentity
    /// Where to listen: a numeric address or a host name of this machine.
    public var address: String
    /// 0 asks for any free port.
    public var port: UInt16
    public var limits = LinkLimits()
    public var bookLimits = PeerBookLimits()
    /// Of the jitter between attempts to dial.
    public var seed: UInt64 = 0
    /// Milliseconds in which a dialled connection must stand.
    public var dialMilliseconds: Int32 = 3_000
    /// Nanoseconds between two looks at the clock: time-outs, pings and resting are as exact.
    public var tickNanoseconds = 50 * Nanoseconds.perMillisecond

    public init(identity: LinkIdentity, address: String, port: UInt16) {
        self.identity = identity
        self.address = address
        self.port = port
    }
}

/// What happened to a peer.
public enum PeerChange: Hashable, Sendable {
    case connected(PublicKey, PeerRole)
    case disconnected(PublicKey)
    /// A connected peer has another role since the committee changed.
    case changed(PublicKey, PeerRole)
    /// A link has ended; the key is nil where the peer had not proven one.
    case ended(PublicKey?, LinkFault)
    /// A connection was closed by the rules of the book.
    case refused(PeerRefusal)
    /// A peer could not be reached.
    case unreachable(PublicKey, PlatformFailure)
}

/// Numbers for metrics.
public struct PeerNetworkCounts: Hashable, Sendable {
    /// One connected peer.
    public struct Peer: Hashable, Sendable {
        public var key: PublicKey
        public var role: PeerRole
        /// Nil until the first pong.
        public var roundTripNanoseconds: UInt64?
        public var queuedBytes: Int
        public var link: LinkCounts
    }

    /// In order of key.
    public var peers: [Peer] = []
    /// Of all links that ever were.
    public var total = LinkCounts()
    /// Links that were established.
    public var established: UInt64 = 0
    /// Connections that were dialled, whether or not they stood.
    public var dialled: UInt64 = 0
    public var accepted: UInt64 = 0
    /// Links that ended in a fault other than `closed`.
    public var faults: UInt64 = 0
}

extension LinkCounts {
    mutating func add(_ other: LinkCounts) {
        receivedBytes &+= other.receivedBytes
        sentBytes &+= other.sentBytes
        receivedMessages &+= other.receivedMessages
        sentMessages &+= other.sentMessages
        droppedMessages &+= other.droppedMessages
        messageBytes &+= other.messageBytes
        travellingBytes &+= other.travellingBytes
    }
}
