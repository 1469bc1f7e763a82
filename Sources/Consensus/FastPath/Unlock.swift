// Unlocking through the total order: a slot whose votes are split is voided, or its certificate is
// found.
import Primitives

/// Asks the committee to settle a slot. What it must prove before it is taken is the application's
/// matter: that the chain's key signed two updates for the slot.
public struct Unlock: Hashable, Sendable {
    public var slot: UpdateSlot

    public init(slot: UpdateSlot) { self.slot = slot }

    public var encoded: [UInt8] {
        var writer = ByteWriter()
        slot.encode(to: &writer)
        return writer.bytes
    }

    /// Reads one and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        slot = try UpdateSlot(from: &reader)
        try reader.finish()
    }
}

/// A seat's answer to an unlock: it votes and confirms no more from this slot on, and shows the
/// certificate that it holds. Not signed: the author of the block that carries it is the voter.
public struct UnlockVote: Hashable, Sendable {
    public var slot: UpdateSlot
    /// Certifies an update of the slot, where the voter holds such a certificate. Whole, and not a
    /// reference: what stands in another block may be pruned before it is ordered.
    public var certificate: Certificate?

    public init(slot: UpdateSlot, certificate: Certificate?) {
        self.slot = slot
        self.certificate = certificate
    }

    /// Bytes of an encoded vote, at most.
    public static let byteLimit = 45 + Certificate.byteLimit

    /// Slot, 0 or 1, the certificate.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        slot.encode(to: &writer)
        writer.write(UInt8(certificate == nil ? 0 : 1))
        certificate?.encode(to: &writer)
        return writer.bytes
    }

    /// Reads one vote and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        slot = try UpdateSlot(from: &reader)
        let offset = reader.offset
        switch try reader.read(UInt8.self) {
        case 0: certificate = nil
        case 1: certificate = try Certificate(from: &reader)
        default: throw DecodingFailure(.outOfRange, at: offset)
        }
        try reader.finish()
    }
}

/// What an unlock vote did.
public enum UnlockOutcome: Hashable, Sendable {
    /// It is for another slot, of a seat that voted before, or its certificate is false.
    case ignored
    /// More votes are needed.
    case open
    /// No update of the slot can be final. This attempt holds from here on, for this sequence and
    /// all above it; certificates of earlier attempts there have no effect any more.
    case voided(nextAttempt: UInt32)
    /// This certificate settles the slot; it is to be taken as one that was sequenced here.
    case stands(CheckedCertificate)
}

/// An unlock that is being decided: part of the replicated state of one epoch. It ends with
/// `voided`, or when the slot's update is carried out, or with the epoch.
public struct UnlockEntry: Hashable, Sendable {
    public let slot: UpdateSlot
    /// Seats whose votes were sequenced.
    public private(set) var voters = SeatSet()

    /// Nil unless the slot is the next one of a chain whose head is `head`, and can be voided.
    public init?(_ unlock: Unlock, head: ChainHead) {
        let slot = unlock.slot
        guard slot.attempt == head.attempt, slot.attempt < UpdateSlot.lastAttempt,
            slot.sequence > head.sequence, slot.sequence - head.sequence == 1
        else { return nil }
        self.slot = slot
    }

    /// Takes a vote in the block of `seat`, at its place in the total order.
    public mutating func take(
        _ vote: UnlockVote, from seat: Seat, in committee: CommitteeView
    ) -> UnlockOutcome {
        take(vote, from: seat, in: committee, rules: FastPathRules(for: committee))
    }

    mutating func take(
        _ vote: UnlockVote, from seat: Seat, in committee: CommitteeView, rules: FastPathRules
    ) -> UnlockOutcome {
        guard vote.slot == slot, committee.contains(seat), !voters.contains(seat) else {
            return .ignored
        }
        if let certificate = vote.certificate {
            guard let checked = try? CheckedCertificate(certificate, in: committee),
                checked.updates.contains(where: { $0.slot == slot })
            else { return .ignored }
            return .stands(checked)
        }
        return count(seat, rules: rules)
    }

    /// Counts a vote without a certificate.
    mutating func count(_ seat: Seat, rules: FastPathRules) -> UnlockOutcome {
        voters.insert(seat)
        return voters.count >= rules.unlockQuorum
            ? .voided(nextAttempt: slot.attempt + 1) : .open
    }

    // Encoding

    /// Slot, number of voters (1), voters ascending.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        slot.encode(to: &writer)
        let seats = (0..<UInt8(Limits.validatorsPerCommittee)).filter { voters.contains(Seat($0)) }
        writer.write(UInt8(seats.count))
        for seat in seats { writer.write(seat) }
        return writer.bytes
    }

    /// Reads one entry and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        slot = try UpdateSlot(from: &reader)
        let count = try reader.read(UInt8.self)
        var last = -1
        for _ in 0..<count {
            let offset = reader.offset
            let index = try reader.read(UInt8.self)
            guard Int(index) > last, Int(index) < Limits.validatorsPerCommittee else {
                throw DecodingFailure(.outOfRange, at: offset)
            }
            last = Int(index)
            voters.insert(Seat(index))
        }
        try reader.finish()
    }
}
