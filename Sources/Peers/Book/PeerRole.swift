// Who a peer is to us, where it lives, and the limits on those we do not know.
import Primitives

/// What a peer may be sent and asked for.
public enum PeerRole: Hashable, Sendable {
    /// A validator of the committee.
    case validator
    /// Anybody else who has proven to hold a key: it may follow and fetch.
    case observer
}

/// Where a validator listens.
public struct PeerEntry: Hashable, Sendable {
    public var key: PublicKey
    /// A numeric address or a host name.
    public var host: String
    public var port: UInt16

    public init(key: PublicKey, host: String, port: UInt16) {
        self.key = key
        self.host = host
        self.port = port
    }
}

/// Names one connection of this process.
public struct LinkID: Hashable, Comparable, Sendable {
    public let number: UInt64

    public init(_ number: UInt64) { self.number = number }

    public static func < (left: LinkID, right: LinkID) -> Bool { left.number < right.number }
}

/// Every limit of a peer book, with its unit.
public struct PeerBookLimits: Hashable, Sendable {
    /// Connections that have not proven a key yet, from addresses where no validator lives.
    public var strangers = 128
    /// Connections of one address that are strangers or observers.
    public var perAddress = 32
    /// Nanoseconds for which a connection that proved nothing counts on after its end: so many
    /// handshakes cost us time at most.
    public var strangerNanoseconds = Nanoseconds.perSecond
    /// Observers at a time.
    public var observers = 16
    /// Nanoseconds before the second attempt to dial, on average; doubled with each that fails.
    public var firstDelayNanoseconds = 50 * Nanoseconds.perMillisecond
    /// Nanoseconds between attempts, at most: a validator that comes back is found this soon.
    public var mostDelayNanoseconds = Nanoseconds.perSecond
    /// A link that lived so many nanoseconds clears the count of failures.
    public var stableNanoseconds = 5 * Nanoseconds.perSecond

    public init() {}
}

/// Why a connection is closed by the book.
public enum PeerRefusal: Hashable, Sendable {
    /// Too many connections without a proven key, or from this address.
    case crowded
    /// As many observers as there may be.
    case observersFull
    /// The peer has our own key.
    case ownKey
    /// The peer has another link, which stays.
    case duplicate
    /// The peer has a newer link.
    case replaced
}
