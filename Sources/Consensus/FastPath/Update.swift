// An update of one chain as the fast path sees it: its place, what it follows, and a digest.
import Primitives

/// A key of which only one update may be certified at a time: the digest of whoever signs the
/// chain.
public typealias ChainKey = Digest

/// A place that at most one update can win.
public struct UpdateSlot: Hashable, Sendable {
    public var chain: ChainKey
    /// The place in the chain, from 1.
    public var sequence: UInt64
    /// How often a place of this chain was voided before; it never falls along a chain.
    public var attempt: UInt32

    public init(chain: ChainKey, sequence: UInt64, attempt: UInt32) {
        self.chain = chain
        self.sequence = sequence
        self.attempt = attempt
    }

    /// Nothing stands at a later sequence, so that sums stay far from 2^64.
    public static let lastSequence: UInt64 = 1 << 62
    /// No attempt is later: a place that was voided so often waits for the epoch to end.
    public static let lastAttempt: UInt32 = 1 << 30

    func encode(to writer: inout ByteWriter) {
        writer.write(chain)
        writer.write(sequence)
        writer.write(attempt)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        chain = try reader.read()
        let offset = reader.offset
        sequence = try reader.read()
        attempt = try reader.read()
        guard (1...Self.lastSequence).contains(sequence), attempt <= Self.lastAttempt else {
            throw DecodingFailure(.outOfRange, at: offset)
        }
    }
}

/// What a chain wants next. Whoever gives one to the fast path holds the body and has checked that
/// every field is the body's; `attempt` alone is not in the body.
public struct Update: Hashable, Sendable {
    public var slot: UpdateSlot
    /// The digest of the update before in its chain, zero before the first. Nil where bodies do not
    /// name it: then the update before must be certified before this one is voted for.
    public var previous: Digest?
    /// The digest of the body.
    public var digest: Digest
    /// Whether it is executed against state that other chains write too.
    public var isShared: Bool

    public init(slot: UpdateSlot, previous: Digest?, digest: Digest, isShared: Bool) {
        self.slot = slot
        self.previous = previous
        self.digest = digest
        self.isShared = isShared
    }

    public var chain: ChainKey { slot.chain }
    public var sequence: UInt64 { slot.sequence }
    public var attempt: UInt32 { slot.attempt }

    /// Bytes of one, at most.
    static let mostBytes = 109

    /// Slot, flags (bit 0 shared, bit 1 names the one before), the one before, digest.
    func encode(to writer: inout ByteWriter) {
        slot.encode(to: &writer)
        writer.write(UInt8((isShared ? 1 : 0) | (previous == nil ? 0 : 2)))
        if let previous { writer.write(previous) }
        writer.write(digest)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        slot = try UpdateSlot(from: &reader)
        let offset = reader.offset
        let flags = try reader.read(UInt8.self)
        guard flags < 4 else { throw DecodingFailure(.outOfRange, at: offset) }
        isShared = flags & 1 == 1
        previous = flags & 2 == 2 ? try reader.read() : nil
        digest = try reader.read()
    }
}

/// How far the total order has carried a chain out.
public struct ChainHead: Hashable, Sendable {
    /// That of the last update carried out, 0 before the first.
    public var sequence: UInt64
    /// That of the last update carried out, zero before the first.
    public var digest: Digest
    /// The attempt that holds for every sequence above.
    public var attempt: UInt32

    public init(sequence: UInt64, digest: Digest, attempt: UInt32) {
        self.sequence = sequence
        self.digest = digest
        self.attempt = attempt
    }

    /// Before the first update.
    public static let start = ChainHead(sequence: 0, digest: Digest(), attempt: 0)

    /// Whether this head is further than `other` in sequence or attempt.
    func passes(_ other: ChainHead) -> Bool {
        sequence > other.sequence || attempt > other.attempt
    }
}
