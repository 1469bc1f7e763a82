// The settings of one validator: when it waits, when it asks again, how much it keeps.
import Primitives

/// Times in nanoseconds. They change how fast a validator is, never what is committed, except for
/// `commits`, which is part of the chain.
public struct ValidatorSettings: Hashable, Sendable {
    public var commits: CommitSettings
    /// How long to wait for the known leaders of a round, and for votes on those of the round
    /// before, once a quorum of it is here. More than two message delays, or an honest leader may
    /// be missed.
    public var leaderWait: UInt64 = 50 * Nanoseconds.perMillisecond
    /// From one own block to the next, at least.
    public var roundDelay: UInt64 = 2 * Nanoseconds.perMillisecond
    /// From one own block to the next, at least, while all that waits for the order is patient.
    public var calmDelay: UInt64 = 2 * Nanoseconds.perMillisecond
    /// From one own block to the next while nothing waits for the order and no other seat goes on.
    public var idleDelay: UInt64 = 250 * Nanoseconds.perMillisecond
    /// A leader without a block for so many rounds is not waited for.
    public var silentRounds: UInt64 = 16
    /// How far a block may be ahead of the own clock; until then it waits.
    public var futureTolerance: UInt64 = 500 * Nanoseconds.perMillisecond
    /// Blocks of one author that may wait for that, at most.
    public var earlyBlocks = 32
    /// How long missing parents may be on their way before they are asked for.
    public var fetchDelay: UInt64 = 4 * Nanoseconds.perMillisecond
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
    /// Bytes of system payload that may wait for an own block.
    public var systemBytes = 1 << 18
    /// Blocks sent in answer to one request, at most.
    public var blocksPerAnswer = 256
    /// Bytes of payload sent in answer to one request, about.
    public var bytesPerAnswer = 4 << 20
    /// Bytes of pruned blocks that are kept for seats that lag.
    public var archiveBytes = 64 << 20

    public init(commits: CommitSettings) { self.commits = commits }
}

/// What a validator kept of its life before, from `persist` and `commit` actions, or the place of
/// another seat where it is to start.
public struct Recovery: Sendable {
    public var head: CommitHead
    /// `Committer.sequencedReferences` at `head`.
    public var sequenced: [BlockReference]
    /// Accepted blocks in the order they were persisted; those above `head.round - depth` and the
    /// last own one are needed, or will be fetched but for the own one.
    public var blocks: [CheckedBlock]
    /// Whether blocks may be made before `Validator.Input.ready`: only where the disk cannot be
    /// older than what was sent.
    public var startsReady: Bool

    public init(
        head: CommitHead, sequenced: [BlockReference], blocks: [CheckedBlock], startsReady: Bool
    ) {
        self.head = head
        self.sequenced = sequenced
        self.blocks = blocks
        self.startsReady = startsReady
    }

    /// The start of a chain.
    public init(genesisTime: Instant, startsReady: Bool) {
        self.init(
            head: CommitHead(genesisTime: genesisTime), sequenced: [], blocks: [],
            startsReady: startsReady)
    }
}
