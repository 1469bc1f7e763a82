// Proof that a seat locked one slot for two updates.
import Primitives

/// A vote together with its proposal, and one item that it locks.
public struct SignedLock: Hashable, Sendable {
    public var proposal: Proposal
    /// The rejected items and the signature of the voter.
    public var vote: SeatSignature
    /// The item, not rejected.
    public var index: Int

    public init(proposal: Proposal, vote: SeatSignature, index: Int) {
        self.proposal = proposal
        self.vote = vote
        self.index = index
    }

    /// The update that is locked; nil where the item is rejected or missing.
    var locked: Update? {
        let isLocked = proposal.items.indices.contains(index) && !vote.items.contains(index)
        return isLocked ? proposal.items[index] : nil
    }

    func check(in committee: CommitteeView) throws(CertificateFault) {
        guard proposal.epoch == committee.epoch else { throw .wrongEpoch }
        guard vote.items.count == proposal.items.count else { throw .wrongSet }
        let digest = proposal.digest(chain: committee.chain)
        try vote.check(LockVote.message(digest, vote.items, in: committee), in: committee)
    }

    fileprivate func encode(to writer: inout ByteWriter) {
        proposal.encode(to: &writer)
        vote.encode(to: &writer)
        writer.write(UInt16(clamping: index))
    }

    fileprivate init(from reader: inout ByteReader) throws(DecodingFailure) {
        proposal = try Proposal(from: &reader)
        vote = try SeatSignature(from: &reader)
        index = Int(try reader.read(UInt16.self))
    }
}

/// Two locks of one seat for one slot; anybody can check it.
public struct LockEvidence: Hashable, Sendable {
    public var first: SignedLock
    public var second: SignedLock

    public init(first: SignedLock, second: SignedLock) {
        self.first = first
        self.second = second
    }

    /// The seat that is proven faulty; throws where nothing is proven.
    public func check(in committee: CommitteeView) throws(CertificateFault) -> Seat {
        guard first.vote.seat == second.vote.seat, let one = first.locked,
            let other = second.locked, one.slot == other.slot, one.digest != other.digest
        else { throw .noContradiction }
        try first.check(in: committee)
        try second.check(in: committee)
        return first.vote.seat
    }

    /// Bytes of an encoded evidence, at most.
    public static let byteLimit = 2 * (Proposal.byteLimit + 70 + Proposal.itemLimit / 8)

    public var encoded: [UInt8] {
        var writer = ByteWriter()
        first.encode(to: &writer)
        second.encode(to: &writer)
        return writer.bytes
    }

    /// Reads one evidence and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        first = try SignedLock(from: &reader)
        second = try SignedLock(from: &reader)
        try reader.finish()
    }
}
