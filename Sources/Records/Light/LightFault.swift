// Why a light client refuses what it is given, and the proof of a fork.

/// Two certified checkpoints that cannot be of one chain: more than a third of a committee lied.
public struct ForkEvidence: Hashable, Sendable {
    /// The one that was known before.
    public let first: Checkpoint
    public let second: Checkpoint

    public init(first: Checkpoint, second: Checkpoint) {
        self.first = first
        self.second = second
    }

    /// Whether this proves a fork to whoever trusts the committees of `trail`: both checkpoints are
    /// certified, and their headers contradict each other.
    public func isProof(by trail: CommitteeTrail) -> Bool {
        first.header.chain == trail.chain && first.header.contradicts(second.header)
            && trail.certifies(first) && trail.certifies(second)
    }
}

/// Why a step or a checkpoint is refused.
public enum LightFault: Error, Hashable, Sendable {
    /// Of another chain than the trusted one.
    case wrongChain
    /// No committee of that epoch is known: it lies before the trust, or steps to it are missing.
    case unknownEpoch(UInt64)
    /// No quorum of the committee known for the epoch signed the checkpoint.
    case notCertified(epoch: UInt64, height: UInt64)
    /// A step whose checkpoint names no next committee.
    case noNextCommittee(epoch: UInt64)
    /// A step whose committee is not the one its checkpoint names.
    case wrongNextCommittee(epoch: UInt64)
    /// A step that does not come after the one before.
    case outOfOrder(epoch: UInt64)
    /// Certified, and against something else that is certified.
    case fork(ForkEvidence)
}
