// What a validator is told: what the chain fixes for all, and what each seat may choose.
import Consensus
import Primitives
import Records

/// Times in nanoseconds.
public struct ReplicaSettings: Hashable, Sendable {
    /// What all validators of the chain share: that of its genesis.
    public var chain: ChainSettings
    /// How long a gateway collects updates for one proposal.
    public var windowNanoseconds: UInt64 = Nanoseconds.perMillisecond / 2
    /// From one own block to the next, at least, while there is an operation to order.
    public var roundNanoseconds: UInt64 = Nanoseconds.perMillisecond
    /// The same while there are only batches to order, which are final before: each round costs all
    /// validators signatures and writes.
    public var calmNanoseconds: UInt64 = 10 * Nanoseconds.perMillisecond
    /// From one own block to the next while there is nothing to order.
    public var restNanoseconds: UInt64 = Nanoseconds.perSecond
    /// How long to wait for the leaders of a round.
    public var leaderNanoseconds: UInt64 = 50 * Nanoseconds.perMillisecond
    /// After so long without an answer things are said again.
    public var retryNanoseconds: UInt64 = 200 * Nanoseconds.perMillisecond
    /// How long a vote is held back where the ledger may yet allow what it does not allow now.
    public var patienceNanoseconds: UInt64 = 500 * Nanoseconds.perMillisecond
    /// How long an own submission is held back in the same case.
    public var holdNanoseconds: UInt64 = 5 * Nanoseconds.perSecond
    /// Between two statuses to the other seats.
    public var statusNanoseconds: UInt64 = Nanoseconds.perSecond
    /// Bytes of bodies held in memory until they are carried out.
    public var poolBytes = 512 << 20

    public init(chain: ChainSettings = .standard) { self.chain = chain }

    /// A chain with standard settings but for the time between checkpoints.
    public init(
        intervalNanoseconds: UInt64,
        idleIntervalNanoseconds: UInt64 = ChainSettings.standard.idleInterval
    ) {
        chain = .standard
        self.intervalNanoseconds = intervalNanoseconds
        self.idleIntervalNanoseconds = idleIntervalNanoseconds
    }

    /// Between checkpoints while there is something to certify.
    public var intervalNanoseconds: UInt64 {
        get { chain.interval }
        set { chain.interval = newValue }
    }

    /// Between checkpoints while there is nothing.
    public var idleIntervalNanoseconds: UInt64 {
        get { chain.idleInterval }
        set { chain.idleInterval = newValue }
    }

    /// How long an epoch lasts before it begins to close.
    public var epochNanoseconds: UInt64 {
        get { chain.epoch }
        set { chain.epoch = newValue }
    }

    /// What is committed.
    public var commits: CommitSettings {
        get {
            CommitSettings(
                leadersPerRound: Int(chain.leaders), knownRounds: chain.knownRounds,
                depth: chain.depth)
        }
        set {
            chain.leaders = UInt16(clamping: newValue.leadersPerRound)
            chain.knownRounds = newValue.knownRounds
            chain.depth = newValue.depth
        }
    }

    /// A seat that is alone waits for nobody.
    func order(for view: CommitteeView, hasKeys: Bool) -> ValidatorSettings {
        var commits = commits
        if !hasKeys { commits.knownRounds = nil }
        var settings = ValidatorSettings(commits: commits)
        settings.leaderWait = leaderNanoseconds
        settings.roundDelay = view.count == 1 ? 0 : roundNanoseconds
        settings.calmDelay = calmNanoseconds
        settings.idleDelay = view.count == 1 ? idleIntervalNanoseconds : restNanoseconds
        settings.retryAfter = retryNanoseconds
        return settings
    }

    func fastPath(for view: CommitteeView) -> FastPathSettings {
        var settings = FastPathSettings()
        settings.window = view.count == 1 ? 0 : windowNanoseconds
        settings.retryAfter = retryNanoseconds
        settings.patience = holdNanoseconds
        return settings
    }
}
