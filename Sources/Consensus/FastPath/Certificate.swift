// A certificate: a proposal and the votes that lock its items; with a quorum an item is certified.
import Cryptography
import Primitives

/// Names a certificate by what it says, whichever votes it was made of.
public struct CertificateReference: Hashable, Sendable, Comparable {
    /// The digest of the proposal.
    public let proposal: Digest
    public let certified: ItemSet

    public init(proposal: Digest, certified: ItemSet) {
        self.proposal = proposal
        self.certified = certified
    }

    public static func < (left: Self, right: Self) -> Bool {
        if left.proposal != right.proposal { return left.proposal < right.proposal }
        return left.certified.indices.lexicographicallyPrecedes(right.certified.indices)
    }
}

/// A certificate as it travels; nothing about it is checked.
public struct Certificate: Hashable, Sendable {
    public var proposal: Proposal
    /// By ascending seat; `items` are the rejected ones.
    public var votes: [SeatSignature]

    public init(proposal: Proposal, votes: [SeatSignature]) {
        self.proposal = proposal
        self.votes = votes
    }

    /// Bytes of an encoded certificate, at most: all seats voted, each with bits.
    public static let byteLimit =
        Proposal.byteLimit + 1 + Limits.validatorsPerCommittee * (68 + Proposal.itemLimit / 8)

    /// Proposal, number of votes (1), votes.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 256 + proposal.items.count * Update.mostBytes)
        encode(to: &writer)
        return writer.bytes
    }

    func encode(to writer: inout ByteWriter) {
        proposal.encode(to: &writer)
        votes.encode(to: &writer)
    }

    /// Reads one certificate and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        proposal = try Proposal(from: &reader)
        votes = try [SeatSignature](from: &reader)
    }

    /// The items that at least `quorum` of the votes do not reject.
    func certified(quorum: Int) -> ItemSet {
        ItemSet.held(
            byAtLeast: quorum, of: votes.map(\.items.complement), count: proposal.items.count)
    }
}

/// A certificate that keeps every rule in one committee and certifies at least one item. Making one
/// verifies the signatures of all its votes: a job for a worker.
public struct CheckedCertificate: Hashable, Sendable {
    public let certificate: Certificate
    public let reference: CertificateReference

    public var proposal: Proposal { certificate.proposal }
    public var certified: ItemSet { reference.certified }
    /// The certified updates, in the order of items.
    public var updates: [Update] { certified.indices.map { proposal.items[$0] } }

    public init(
        _ certificate: Certificate, in committee: CommitteeView
    ) throws(CertificateFault) {
        let proposal = certificate.proposal
        guard proposal.epoch == committee.epoch else { throw .wrongEpoch }
        guard committee.contains(proposal.gateway) else { throw .unknownSeat }
        let digest = proposal.digest(chain: committee.chain)
        try certificate.votes.check(count: proposal.items.count, in: committee) {
            LockVote.message(digest, $0, in: committee)
        }
        let certified = certificate.certified(quorum: committee.quorum)
        guard !certified.isEmpty else { throw .nothingReached }
        self.certificate = certificate
        reference = CertificateReference(proposal: digest, certified: certified)
    }

    /// A certificate made here of checked votes on the proposal `reference` names.
    init(own certificate: Certificate, reference: CertificateReference) {
        self.certificate = certificate
        self.reference = reference
    }
}
