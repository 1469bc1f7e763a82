// A confirm: one seat holds a certificate durably; a quorum of them makes its items final.
import Cryptography
import Primitives

/// "I hold durably what certifies these items and everything before them in their chains."
public struct Confirm: Hashable, Sendable {
    public var epoch: UInt64
    /// The digest of the proposal.
    public var proposal: Digest
    public var voter: Seat
    public var confirmed: ItemSet
    public var signature: Signature

    public init(
        epoch: UInt64, proposal: Digest, voter: Seat, confirmed: ItemSet, signature: Signature
    ) {
        self.epoch = epoch
        self.proposal = proposal
        self.voter = voter
        self.confirmed = confirmed
        self.signature = signature
    }

    /// Signs as `voter` of `committee`, whose key is `key`.
    init(
        of proposal: Digest, confirmed: ItemSet, by voter: Seat, in committee: CommitteeView,
        with key: SigningKey
    ) {
        let message = Self.message(proposal, confirmed, in: committee)
        self.init(
            epoch: committee.epoch, proposal: proposal, voter: voter, confirmed: confirmed,
            signature: key.sign(message))
    }

    private static let domain = HashDomain("althing 2026 confirm v1")

    /// What a seat of `committee` signs.
    static func message(
        _ proposal: Digest, _ confirmed: ItemSet, in committee: CommitteeView
    ) -> [UInt8] {
        var writer = ByteWriter(capacity: 128)
        writer.write(committee.chain)
        writer.write(committee.epoch)
        writer.write(proposal)
        confirmed.encode(to: &writer)
        return Array("althing confirm v1".utf8) + domain.hash(writer.bytes).bytes
    }

    /// Epoch, proposal, voter, confirmed, signature.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 128)
        writer.write(epoch)
        writer.write(proposal)
        writer.write(voter.index)
        confirmed.encode(to: &writer)
        writer.write(signature)
        return writer.bytes
    }

    /// Reads one confirm and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        epoch = try reader.read()
        proposal = try reader.read()
        voter = Seat(try reader.read())
        confirmed = try ItemSet(from: &reader)
        signature = try reader.read()
        try reader.finish()
    }
}

/// A confirm whose voter has a seat and signed it. Making one verifies a signature.
public struct CheckedConfirm: Hashable, Sendable {
    public let confirm: Confirm

    /// Throws `wrongEpoch`, `unknownSeat` or `invalidSignature`.
    public init(_ confirm: Confirm, in committee: CommitteeView) throws(CertificateFault) {
        guard confirm.epoch == committee.epoch else { throw .wrongEpoch }
        let message = Confirm.message(confirm.proposal, confirm.confirmed, in: committee)
        try SeatSignature(
            seat: confirm.voter, items: confirm.confirmed, signature: confirm.signature
        ).check(message, in: committee)
        self.confirm = confirm
    }

    /// An own confirm, just signed.
    init(own confirm: Confirm) { self.confirm = confirm }
}

/// Confirms of a quorum: anybody with the committee's keys can see that items are final.
public struct Finality: Hashable, Sendable {
    public var epoch: UInt64
    /// The digest of the proposal.
    public var proposal: Digest
    /// By ascending seat; `items` are the confirmed ones.
    public var confirms: [SeatSignature]

    public init(epoch: UInt64, proposal: Digest, confirms: [SeatSignature]) {
        self.epoch = epoch
        self.proposal = proposal
        self.confirms = confirms
    }

    /// The items that are final: those that a quorum confirms. Verifies all signatures.
    public func check(in committee: CommitteeView) throws(CertificateFault) -> ItemSet {
        guard epoch == committee.epoch else { throw .wrongEpoch }
        guard let count = confirms.first?.items.count else { throw .tooFewSignatures }
        try confirms.check(count: count, in: committee) {
            Confirm.message(proposal, $0, in: committee)
        }
        let final = ItemSet.held(
            byAtLeast: committee.quorum, of: confirms.map(\.items), count: count)
        guard !final.isEmpty else { throw .nothingReached }
        return final
    }

    /// Epoch, proposal, number of confirms (1), confirms.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 128 + confirms.count * 80)
        writer.write(epoch)
        writer.write(proposal)
        confirms.encode(to: &writer)
        return writer.bytes
    }

    /// Reads one finality and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        epoch = try reader.read()
        proposal = try reader.read()
        confirms = try [SeatSignature](from: &reader)
        try reader.finish()
    }
}
