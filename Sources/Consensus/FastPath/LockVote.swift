// A lock vote: what one seat locked of a proposal, and why it rejected the rest.
import Cryptography
import Primitives

/// "I have locked the slots of all items but the rejected ones for these updates", durably, signed.
public struct LockVote: Hashable, Sendable {
    public var epoch: UInt64
    /// The digest of the proposal.
    public var proposal: Digest
    public var voter: Seat
    /// The items that are not locked.
    public var rejected: ItemSet
    public var signature: Signature

    public init(
        epoch: UInt64, proposal: Digest, voter: Seat, rejected: ItemSet, signature: Signature
    ) {
        self.epoch = epoch
        self.proposal = proposal
        self.voter = voter
        self.rejected = rejected
        self.signature = signature
    }

    /// Signs as `voter` of `committee`, whose key is `key`.
    init(
        on proposal: Digest, rejected: ItemSet, by voter: Seat, in committee: CommitteeView,
        with key: SigningKey
    ) {
        let message = Self.message(proposal, rejected, in: committee)
        self.init(
            epoch: committee.epoch, proposal: proposal, voter: voter, rejected: rejected,
            signature: key.sign(message))
    }

    private static let domain = HashDomain("althing 2026 lock vote v1")

    /// What a seat of `committee` signs.
    static func message(
        _ proposal: Digest, _ rejected: ItemSet, in committee: CommitteeView
    ) -> [UInt8] {
        var writer = ByteWriter(capacity: 128)
        writer.write(committee.chain)
        writer.write(committee.epoch)
        writer.write(proposal)
        rejected.encode(to: &writer)
        return Array("althing lock vote v1".utf8) + domain.hash(writer.bytes).bytes
    }

    /// Epoch, proposal, voter, rejected, signature.
    public func encode(to writer: inout ByteWriter) {
        writer.write(epoch)
        writer.write(proposal)
        writer.write(voter.index)
        rejected.encode(to: &writer)
        writer.write(signature)
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        epoch = try reader.read()
        proposal = try reader.read()
        voter = Seat(try reader.read())
        rejected = try ItemSet(from: &reader)
        signature = try reader.read()
    }
}

/// A vote whose voter has a seat and signed it. Making one verifies a signature: a job for a
/// worker.
public struct CheckedLockVote: Hashable, Sendable {
    public let vote: LockVote

    /// Throws `wrongEpoch`, `unknownSeat` or `invalidSignature`.
    public init(_ vote: LockVote, in committee: CommitteeView) throws(CertificateFault) {
        guard vote.epoch == committee.epoch else { throw .wrongEpoch }
        try SeatSignature(seat: vote.voter, items: vote.rejected, signature: vote.signature)
            .check(LockVote.message(vote.proposal, vote.rejected, in: committee), in: committee)
        self.vote = vote
    }

    /// An own vote, just signed.
    init(own vote: LockVote) { self.vote = vote }
}

/// Why a seat does not lock an item. Not signed: advice to the gateway.
public enum RejectReason: Hashable, Sendable {
    /// The application refuses the body, with a code of its own.
    case app(UInt8)
    /// The slot is locked for, or certified to, the update of this digest.
    case held(by: Digest)
    /// The update before it is not here yet.
    case gap
    /// The update before it is not the one it names.
    case wrongPrevious
    /// Its sequence is carried out already.
    case past
    /// Its attempt was voided.
    case voided
    /// Its attempt is not open here yet.
    case early
    /// An unlock of the slot, or of one before, is being decided.
    case unlocking
    /// The epoch closes.
    case closed
    /// There is no room for more locks.
    case overLimit

    /// Kind (1) and what the kind has.
    func encode(to writer: inout ByteWriter) {
        switch self {
        case .app(let code):
            writer.write(UInt8(0))
            writer.write(code)
        case .held(let digest):
            writer.write(UInt8(1))
            writer.write(digest)
        case .gap: writer.write(UInt8(2))
        case .wrongPrevious: writer.write(UInt8(3))
        case .past: writer.write(UInt8(4))
        case .voided: writer.write(UInt8(5))
        case .early: writer.write(UInt8(6))
        case .unlocking: writer.write(UInt8(7))
        case .closed: writer.write(UInt8(8))
        case .overLimit: writer.write(UInt8(9))
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let offset = reader.offset
        switch try reader.read(UInt8.self) {
        case 0: self = .app(try reader.read())
        case 1: self = .held(by: try reader.read())
        case 2: self = .gap
        case 3: self = .wrongPrevious
        case 4: self = .past
        case 5: self = .voided
        case 6: self = .early
        case 7: self = .unlocking
        case 8: self = .closed
        case 9: self = .overLimit
        default: throw DecodingFailure(.outOfRange, at: offset)
        }
    }
}

/// One rejected item and the reason.
public struct Rejection: Hashable, Sendable {
    /// The place of the item in its proposal.
    public var index: Int
    public var reason: RejectReason

    public init(index: Int, reason: RejectReason) {
        self.index = index
        self.reason = reason
    }
}

/// What travels from a voter to the gateway.
public struct LockReply: Hashable, Sendable {
    public var vote: LockVote
    /// At most one for each item, ascending.
    public var rejections: [Rejection]

    public init(vote: LockVote, rejections: [Rejection]) {
        self.vote = vote
        self.rejections = rejections
    }

    /// The vote, the number of rejections (2), and each: index (2), reason.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        vote.encode(to: &writer)
        writer.write(UInt16(clamping: rejections.count))
        for rejection in rejections {
            writer.write(UInt16(clamping: rejection.index))
            rejection.reason.encode(to: &writer)
        }
        return writer.bytes
    }

    /// Reads one reply and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        vote = try LockVote(from: &reader)
        let count = Int(try reader.read(UInt16.self))
        rejections = []
        var last = -1
        for _ in 0..<count {
            let offset = reader.offset
            let index = Int(try reader.read(UInt16.self))
            guard index > last, index < vote.rejected.count else {
                throw DecodingFailure(.outOfRange, at: offset)
            }
            last = index
            rejections.append(Rejection(index: index, reason: try RejectReason(from: &reader)))
        }
        try reader.finish()
    }
}
