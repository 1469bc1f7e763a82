// The committees of a chain as far as steps from a trusted one have shown them.
import Primitives

/// Who may certify checkpoints, epoch by epoch.
///
/// A committee stands until a checkpoint that its quorum certified names another. So a step over
/// several epochs in which the committee stayed the same holds too: the signers say themselves that
/// they were the committee of the later epoch.
public struct CommitteeTrail: Hashable, Sendable {
    /// Epochs of one committee, from `first` on.
    struct Term: Hashable, Sendable {
        var first: UInt64
        var committee: Committee
    }

    /// Terms kept, at most; beyond that the oldest is dropped, and its epochs are unknown again.
    public static let mostTerms = 1024

    public let chain: Digest
    /// The newest epoch whose committee is known.
    public private(set) var epoch: UInt64
    /// The checkpoint of the last step.
    public private(set) var last: Checkpoint?
    /// At least one, in ascending order of `first`.
    private(set) var terms: [Term]

    /// Trusts `committee` for `epoch`.
    ///
    /// - Parameter chain: digest of the genesis.
    public init(chain: Digest, epoch: UInt64, committee: Committee) {
        self.chain = chain
        self.epoch = epoch
        terms = [Term(first: epoch, committee: committee)]
    }

    /// Trusts the validators of a genesis for epoch 0.
    public init(_ genesis: Genesis) {
        self.init(chain: genesis.digest, epoch: 0, committee: genesis.committee)
    }

    /// Nil where these are not the parts of a trail.
    init?(chain: Digest, epoch: UInt64, last: Checkpoint?, terms: [Term]) {
        let isAscending = zip(terms, terms.dropFirst()).allSatisfy { $0.first < $1.first }
        guard isAscending, (1...Self.mostTerms).contains(terms.count),
            let newest = terms.last, newest.first <= epoch
        else { return nil }
        self.chain = chain
        self.epoch = epoch
        self.last = last
        self.terms = terms
    }

    /// The oldest epoch whose committee is known.
    public var firstEpoch: UInt64 { terms[0].first }

    /// The committee of `epoch`, the newest one.
    public var committee: Committee { terms[terms.count - 1].committee }

    /// The committee of an epoch; nil where it is not known.
    public func committee(of epoch: UInt64) -> Committee? {
        guard epoch <= self.epoch else { return nil }
        return terms.last { $0.first <= epoch }?.committee
    }

    /// Whether the committee of the checkpoint's epoch certified it; false where none is known.
    public func certifies(_ checkpoint: Checkpoint) -> Bool {
        guard checkpoint.header.chain == chain,
            let committee = committee(of: checkpoint.header.epoch)
        else { return false }
        return committee.certifies(checkpoint.header, by: checkpoint.certificate)
    }

    /// Goes one step on: n signature checks for a certificate of n.
    public mutating func extend(by step: EpochStep) throws(LightFault) {
        try checkSigners(of: step)
        if let last, !step.checkpoint.header.isLater(than: last.header) {
            throw .outOfOrder(epoch: step.epoch)
        }
        try append(step)
    }

    /// That the step is of this chain, of the newest epoch or a later one, and that the newest
    /// committee certified it.
    func checkSigners(of step: EpochStep) throws(LightFault) {
        let header = step.checkpoint.header
        guard header.chain == chain else { throw .wrongChain }
        guard header.epoch >= epoch else { throw .outOfOrder(epoch: header.epoch) }
        guard committee.certifies(header, by: step.checkpoint.certificate) else {
            throw .notCertified(epoch: header.epoch, height: header.height)
        }
    }

    /// Appends a step whose signers and order were checked.
    mutating func append(_ step: EpochStep) throws(LightFault) {
        guard let next = step.checkpoint.header.next else {
            throw .noNextCommittee(epoch: step.epoch)
        }
        guard next == step.committee.digest else { throw .wrongNextCommittee(epoch: step.epoch) }
        let (following, overflow) = step.epoch.addingReportingOverflow(1)
        guard !overflow else { throw .outOfOrder(epoch: step.epoch) }
        epoch = following
        last = step.checkpoint
        guard step.committee != committee else { return }
        if terms.count == Self.mostTerms { terms.removeFirst() }
        terms.append(Term(first: following, committee: step.committee))
    }
}
