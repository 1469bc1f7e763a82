// A light client: trusts one committee, follows the committees after it, and checks checkpoints and
// receipts against them (docs/spec/receipt.md §4).
import Primitives

/// What somebody who runs no node knows of a chain.
///
/// Safe while no committee it followed had a quorum of liars in its own time. It does not know
/// whether what it is shown is the newest. Once it has seen a fork it refuses everything.
public struct LightClient: Hashable, Sendable {
    /// Checkpoints remembered, at most: what is new is compared with them.
    public static let mostRecent = 32

    /// The committees known.
    public private(set) var trail: CommitteeTrail
    /// Accepted checkpoints, the highest ones, in ascending order of height.
    public private(set) var recent: [Checkpoint] = []
    /// The fork that was seen; nil while there is none.
    public private(set) var fork: ForkEvidence?

    public init(_ trail: CommitteeTrail) { self.trail = trail }

    init(_ trail: CommitteeTrail, recent: [Checkpoint], fork: ForkEvidence?) {
        self.trail = trail
        self.recent = recent
        self.fork = fork
    }

    /// The highest checkpoint accepted, steps included.
    public var head: Checkpoint? {
        guard let step = trail.last else { return recent.last }
        guard let newest = recent.last else { return step }
        return newest.header.height > step.header.height ? newest : step
    }

    /// Learns the committee after that of the newest epoch.
    ///
    /// - Returns: whether it was not known before.
    /// - Throws: the state is unchanged, except that a fork is kept.
    @discardableResult
    public mutating func follow(_ step: EpochStep) throws(LightFault) -> Bool {
        if step.epoch < trail.epoch {
            try accept(step.checkpoint)
            return false
        }
        if let fork { throw .fork(fork) }
        try trail.checkSigners(of: step)
        try compare(step.checkpoint)
        try trail.append(step)
        return true
    }

    /// Learns a checkpoint of an epoch whose committee is known.
    ///
    /// - Returns: whether it is higher than all before.
    /// - Throws: the state is unchanged, except that a fork is kept.
    @discardableResult
    public mutating func accept(_ checkpoint: Checkpoint) throws(LightFault) -> Bool {
        if let fork { throw .fork(fork) }
        let header = checkpoint.header
        guard header.chain == trail.chain else { throw .wrongChain }
        if recent.contains(where: { $0.header == header }) { return false }
        guard let committee = trail.committee(of: header.epoch) else {
            throw .unknownEpoch(header.epoch)
        }
        guard committee.certifies(header, by: checkpoint.certificate) else {
            throw .notCertified(epoch: header.epoch, height: header.height)
        }
        try compare(checkpoint)
        let isHighest = head.map { header.height > $0.header.height } ?? true
        remember(checkpoint)
        return isHighest
    }

    /// Whether a certified header contradicts one that is known.
    func isContradicted(by header: CheckpointHeader) -> Bool {
        contradiction(of: header) != nil
    }

    private func contradiction(of header: CheckpointHeader) -> Checkpoint? {
        if let last = trail.last, last.header.contradicts(header) { return last }
        return recent.first { $0.header.contradicts(header) }
    }

    /// Looks for a contradiction between a certified checkpoint and those known.
    private mutating func compare(_ checkpoint: Checkpoint) throws(LightFault) {
        guard let known = contradiction(of: checkpoint.header) else { return }
        let evidence = ForkEvidence(first: known, second: checkpoint)
        fork = evidence
        throw .fork(evidence)
    }

    private mutating func remember(_ checkpoint: Checkpoint) {
        let place = recent.firstIndex { $0.header.height > checkpoint.header.height }
        recent.insert(checkpoint, at: place ?? recent.count)
        if recent.count > Self.mostRecent { recent.removeFirst() }
    }
}
