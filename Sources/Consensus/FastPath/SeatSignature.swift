// One seat's signature over a set of items: the part that certificates and finalities are made of.
import Cryptography
import Primitives

/// The rule that a signed object of the fast path breaks.
public enum CertificateFault: Error, Hashable, Sendable {
    case wrongEpoch
    /// A gateway, voter or confirmer has no seat.
    case unknownSeat
    /// No items, or more than `Proposal.itemLimit`.
    case wrongItemCount
    /// Signatures are not by ascending seat, or one seat signs twice.
    case seatsOutOfOrder
    /// A signature is over a set of another number of items.
    case wrongSet
    /// Fewer signatures than a quorum.
    case tooFewSignatures
    /// No item has a quorum.
    case nothingReached
    /// The signature of this seat is not over these bytes by its key.
    case invalidSignature(Seat)
    /// The two votes are not of one seat, or do not lock one slot for two updates.
    case noContradiction
}

/// One seat, a set of items and its signature.
public struct SeatSignature: Hashable, Sendable {
    public var seat: Seat
    /// Rejected items in a certificate, confirmed ones in a finality.
    public var items: ItemSet
    public var signature: Signature

    public init(seat: Seat, items: ItemSet, signature: Signature) {
        self.seat = seat
        self.items = items
        self.signature = signature
    }

    /// Throws unless the seat's key signed `message`.
    func check(_ message: [UInt8], in committee: CommitteeView) throws(CertificateFault) {
        guard committee.contains(seat) else { throw .unknownSeat }
        guard Ed25519.isValid(signature, of: message, by: committee.keys[Int(seat.index)]) else {
            throw .invalidSignature(seat)
        }
    }

    func encode(to writer: inout ByteWriter) {
        writer.write(seat.index)
        items.encode(to: &writer)
        writer.write(signature)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        seat = Seat(try reader.read())
        items = try ItemSet(from: &reader)
        signature = try reader.read()
    }
}

extension [SeatSignature] {
    /// Number (1), and each.
    func encode(to writer: inout ByteWriter) {
        writer.write(UInt8(clamping: count))
        for signature in self { signature.encode(to: &writer) }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let offset = reader.offset
        let count = Int(try reader.read(UInt8.self))
        guard count <= Limits.validatorsPerCommittee else {
            throw DecodingFailure(.overLimit, at: offset)
        }
        self = []
        for _ in 0..<count { append(try SeatSignature(from: &reader)) }
    }

    /// Throws unless these are at least a quorum, by ascending seat, each over `count` items and
    /// signed. `message` says what a seat signs for its set.
    func check(
        count items: Int, in committee: CommitteeView, _ message: (ItemSet) -> [UInt8]
    ) throws(CertificateFault) {
        guard (1...Proposal.itemLimit).contains(items) else { throw .wrongItemCount }
        guard count >= committee.quorum else { throw .tooFewSignatures }
        var last: Seat?
        for signature in self {
            guard committee.contains(signature.seat) else { throw .unknownSeat }
            if let last, signature.seat <= last { throw .seatsOutOfOrder }
            last = signature.seat
            guard signature.items.count == items else { throw .wrongSet }
        }
        for signature in self { try signature.check(message(signature.items), in: committee) }
    }
}
