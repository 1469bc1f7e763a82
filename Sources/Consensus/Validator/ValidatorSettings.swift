// The settings of one validator: when it waits, when it asks again, how much it keeps.
import Primitives

/// Times in nanoseconds. They change how fast a validator is, never what is committed, except for
/// `commits`, which is part of the chain.
public struct ValidatorSettings: Hashable, Sendable {
    public var commits: CommitSettings
    /// How long to wait for the known leaders of a round once a quorum of it is here. More than two
    /// message delays, or an honest leader may be missed.
    public var leaderWait: UInt64 = 50 * Nanoseconds.perMillisecond
    /// From one own block to the next, at least.
    public var roundDelay: UInt64 = 2 * Nanoseconds.perMillisecond
    /// After so long without a next round the last own block is sent again, and missing parents
    /// asked for again.
    public var retryAfter: UInt64 = 200 * Nanoseconds.perMillisecond
    /// Rounds past the last commit at which own blocks carry no payload any more.
    public var payloadRounds: UInt64 = 32
    /// Rounds behind the highest quorum at which own blocks carry no payload, to catch up. Not 0: a
    /// leader that hides from one seat could keep it one round late, and its payload out, for ever.
    public var lateRounds: UInt64 = 4
    /// Bytes of payload that may wait for an own block.
    public var queueBytes = 8 << 20
    /// Blocks sent in answer to one request.
    public var blocksPerAnswer = 256

    public init(commits: CommitSettings) { self.commits = commits }
}

/// What a validator kept of its life before, from `persist` and `commit` actions.
public struct Recovery: Sendable {
    public var head: CommitHead
    /// `Committer.sequencedReferences` at `head`.
    public var sequenced: [BlockReference]
    /// Accepted blocks in the order they were persisted; those above `head.round - depth` and the
    /// last own one are needed.
    public var blocks: [CheckedBlock]

    public init(head: CommitHead, sequenced: [BlockReference], blocks: [CheckedBlock]) {
        self.head = head
        self.sequenced = sequenced
        self.blocks = blocks
    }

    /// The start of a chain.
    public init(genesisTime: Instant) {
        self.init(head: CommitHead(genesisTime: genesisTime), sequenced: [], blocks: [])
    }
}
