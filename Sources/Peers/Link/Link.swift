// One authenticated connection to a peer as a value: bytes in, messages out, and the reverse.
import Cryptography
import Primitives

/// Which end of the connection we are.
public enum LinkSide: Hashable, Sendable {
    /// We dialled, and expect this peer there; nil where anybody may answer.
    case dialer(expected: PublicKey?)
    case listener

    var role: NoiseHandshake.Role {
        switch self {
        case .dialer: .initiator
        case .listener: .responder
        }
    }
}

/// What a link tells its owner.
public enum LinkEvent: Hashable, Sendable {
    /// The peer has proven that it holds this key; messages may be sent from now on.
    case established(PublicKey)
    case message([UInt8], LinkPriority)
    /// The last event.
    case closed(LinkFault)
}

/// What a link has done so far.
public struct LinkCounts: Hashable, Sendable {
    public var receivedBytes: UInt64 = 0
    public var sentBytes: UInt64 = 0
    public var receivedMessages: UInt64 = 0
    public var sentMessages: UInt64 = 0
    /// Messages dropped because too much waited already.
    public var droppedMessages: UInt64 = 0
    /// Bytes of the messages sent and received, before compression.
    public var messageBytes: UInt64 = 0
    /// The same as they travelled.
    public var travellingBytes: UInt64 = 0

    public init() {}
}

/// A connection from its first byte on. The owner moves bytes between it and a socket, calls
/// `tick` every 100 ms or so, and tells it the time: monotonic nanoseconds that never go back.
///
/// Receiving is in `LinkInput`, sending in `LinkOutput`.
public struct Link {
    enum Phase {
        /// The peer's preamble is awaited.
        case greeting
        /// The peer's next message of the handshake is awaited.
        case handshake
        case established
        case closed
    }

    public let side: LinkSide
    let identity: LinkIdentity
    let limits: LinkLimits
    let codec: ParcelCodec
    let startedAt: UInt64

    var phase = Phase.greeting
    var handshake: NoiseHandshake
    /// The ciphers, from the end of the handshake on.
    package var sending: CipherState?
    var receiving: CipherState?

    /// Bytes of the unit under way, not enough for it yet.
    var leftover: [UInt8] = []
    /// Room for the plain text of one record.
    var scratch: [UInt8] = []
    var urgent: Assembly
    var bulk: Assembly
    var budget: ReceiveBudget
    /// Messages the owner holds.
    var held = 0

    /// Bytes of the handshake that wait to be sent.
    var opening: [UInt8]
    var queue: SendQueue
    var heartbeat: Heartbeat
    /// When the peer last took something, or something began to wait.
    var takenAt: UInt64

    /// The nonces of our direction have ended: the next tick closes the link.
    var isExhausted = false

    /// The key the peer has proven to hold.
    public internal(set) var peer: PublicKey?
    /// Why the link has ended; nil while it has not.
    public internal(set) var fault: LinkFault?
    public internal(set) var counts = LinkCounts()

    /// - Parameters:
    ///   - ephemeral: a fresh key, used for this link alone.
    ///   - codec: shared by the links of one owner.
    public init(
        _ side: LinkSide, identity: LinkIdentity, ephemeral: ExchangeKey,
        _ settings: (limits: LinkLimits, codec: ParcelCodec), at now: UInt64
    ) {
        self.side = side
        self.identity = identity
        (limits, codec) = settings
        startedAt = now
        takenAt = now
        let preamble = LinkPreamble.encode(chain: identity.chain)
        opening = preamble
        handshake = NoiseHandshake(
            role: side.role, prologue: preamble, own: identity.exchange, ephemeral: ephemeral)
        urgent = Assembly(.urgent, limits)
        bulk = Assembly(.bulk, limits)
        budget = ReceiveBudget(limits)
        queue = SendQueue(mostBytes: limits.sendQueueBytes)
        heartbeat = Heartbeat(limits, at: now)
        // The first message needs nothing of the peer's: it cannot fail.
        if side.role == .initiator { try? continueHandshake() }
    }

    public var isEstablished: Bool { phase == .established }

    /// Nanoseconds from a ping to its pong, averaged; nil until the first pong.
    public var roundTripNanoseconds: UInt64? { heartbeat.roundTrip }

    /// Looks at the clock: pings, time-outs.
    public mutating func tick(at now: UInt64, into events: inout [LinkEvent]) {
        switch phase {
        case .closed: return
        case .greeting, .handshake:
            if now > startedAt, now - startedAt >= limits.handshakeNanoseconds {
                close(.slowHandshake, &events)
            }
        case .established:
            if isExhausted { return close(.record(.nonceExhausted), &events) }
            if !mayRead(at: now) { heartbeat.heard(at: now) }
            if heartbeat.isSilent(at: now) { return close(.silent, &events) }
            if hasOutput, now > takenAt, now - takenAt >= limits.stallNanoseconds {
                return close(.stalled, &events)
            }
            let hadOutput = hasOutput
            heartbeat.tick(at: now)
            if !hadOutput { takenAt = now }
        }
    }

    /// The connection under the link has ended; a no-op where the link has.
    public mutating func connectionClosed(into events: inout [LinkEvent]) {
        if phase != .closed { close(.closed, &events) }
    }

    mutating func close(_ fault: LinkFault, _ events: inout [LinkEvent]) {
        phase = .closed
        self.fault = fault
        leftover = []
        scratch = []
        queue = SendQueue(mostBytes: 0)
        urgent = Assembly(.urgent, limits)
        bulk = Assembly(.bulk, limits)
        (sending, receiving) = (nil, nil)
        events.append(.closed(fault))
    }
}
