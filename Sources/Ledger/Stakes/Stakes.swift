// The stakes chapter: money laid down as a pledge, taken back after a time, or lost by evidence.
import Primitives

/// What an account has laid down.
public struct Stake: Hashable, Sendable {
    public var account: AccountID
    public var staked = Amount.zero
    /// On its way back, still liable.
    public var unbonding = Amount.zero
    /// From when the whole of it may be taken back.
    public var releases = Instant(nanoseconds: 0)
    /// Lost so far.
    public var slashed = Amount.zero
    /// Of what is staked, what tasks in work and listed offers bind: it stays.
    public var bound = Amount.zero

    /// 1,000 credits: less is no stake (REP-1).
    public static let least = Amount(nanoCredits: 1_000_000_000_000)
    /// Nanoseconds from unstaking to taking back.
    public static let unbondingTime = 21 * Nanoseconds.perDay
    /// Of what is liable, one slash takes a tenth.
    static let slashDivisor: UInt128 = 10

    init(account: AccountID) { self.account = account }

    /// What no task and no offer binds.
    public var free: Amount { staked.subtracting(bound) ?? .zero }

    /// Binds so much more, or lets it go.
    mutating func bind(_ amount: Amount, isBound: Bool) {
        // Not above 2^128 - 1: what is bound was staked.
        bound = (isBound ? bound.adding(amount) : bound.subtracting(amount)) ?? .zero
    }

    /// What one more slash takes: a tenth of what is liable, and never so much that more than half
    /// of all that was laid down is lost.
    public var nextSlash: Amount {
        let liable = staked.nanoCredits + unbonding.nanoCredits
        let half = (liable + slashed.nanoCredits) / 2
        let room = half - min(half, slashed.nanoCredits)
        return Amount(nanoCredits: min(liable / Self.slashDivisor, room))
    }
}

/// A command of the stakes chapter; the account acts.
public enum StakeCommand: Hashable, Sendable {
    case stake(by: AccountID, Amount)
    case unstake(by: AccountID, Amount)
    /// Takes back what has been unbonding long enough.
    case withdraw(by: AccountID)
    /// Anybody shows a task whose arbiters decided against its worker.
    case slash(by: AccountID, evidence: PostedTaskID)
}

/// Why a stake does not change. Checks are made in this order.
public enum StakeFailure: Error, Hashable, Sendable {
    case zeroAmount
    /// Less than `Stake.least` would be staked, and not nothing.
    case belowLeast
    /// Tasks in work and listed offers bind so much of it.
    case bound(Amount)
    case insufficient(balance: Amount)
    /// More than is staked.
    case notStaked(Amount)
    case nothingUnbonding
    case tooEarly
    /// No task, or one whose worker lost neither before its arbiters, by majority, nor to a
    /// challenger.
    case noEvidence
    /// A task is evidence once.
    case alreadySlashed
    /// The worker has nothing that could be taken.
    case nothingAtStake
    /// A sum would pass 2^128 - 1, which the supply does not let happen.
    case overflow
}

/// The slice of state this chapter reads and writes.
protocol StakesState {
    func account(_ id: AccountID) -> Account
    func task(_ id: PostedTaskID) -> PostedTask?
    func stake(_ account: AccountID) -> Stake
    mutating func set(_ account: Account)
    mutating func set(_ task: PostedTask)
    mutating func set(_ stake: Stake)
}

extension StakesState {
    mutating func apply(
        _ command: StakeCommand, at time: Instant
    ) throws(StakeFailure) -> Stake {
        switch command {
        case .stake(let account, let amount): try lay(amount, by: account)
        case .unstake(let account, let amount): try unstake(amount, by: account, at: time)
        case .withdraw(let account): try withdraw(by: account, at: time)
        case .slash(_, let evidence): try slash(evidence)
        }
    }

    private mutating func lay(
        _ amount: Amount, by id: AccountID
    ) throws(StakeFailure) -> Stake {
        var (stake, account) = (stake(id), account(id))
        guard amount > .zero else { throw .zeroAmount }
        guard let sum = stake.staked.adding(amount) else { throw .overflow }
        guard sum >= Stake.least else { throw .belowLeast }
        guard let rest = account.balance.subtracting(amount) else {
            throw .insufficient(balance: account.balance)
        }
        (account.balance, stake.staked) = (rest, sum)
        set(account)
        set(stake)
        return stake
    }

    private mutating func unstake(
        _ amount: Amount, by id: AccountID, at time: Instant
    ) throws(StakeFailure) -> Stake {
        var stake = stake(id)
        guard amount > .zero else { throw .zeroAmount }
        guard let rest = stake.staked.subtracting(amount) else { throw .notStaked(stake.staked) }
        guard rest == .zero || rest >= Stake.least else { throw .belowLeast }
        guard rest >= stake.bound else { throw .bound(stake.bound) }
        guard let sum = stake.unbonding.adding(amount) else { throw .overflow }
        (stake.staked, stake.unbonding) = (rest, sum)
        stake.releases = time.advanced(byNanoseconds: Stake.unbondingTime)
        set(stake)
        return stake
    }

    private mutating func withdraw(
        by id: AccountID, at time: Instant
    ) throws(StakeFailure) -> Stake {
        var (stake, account) = (stake(id), account(id))
        guard stake.unbonding > .zero else { throw .nothingUnbonding }
        guard time >= stake.releases else { throw .tooEarly }
        guard let sum = account.balance.adding(stake.unbonding) else { throw .overflow }
        (account.balance, stake.unbonding) = (sum, .zero)
        set(account)
        set(stake)
        return stake
    }

    /// What is slashed goes to the account of fees: nobody gains by bringing evidence about.
    private mutating func slash(_ id: PostedTaskID) throws(StakeFailure) -> Stake {
        guard var task = task(id), task.isLostByWorker else { throw .noEvidence }
        guard !task.isSlashed else { throw .alreadySlashed }
        var (stake, fees) = (stake(task.worker), account(.fees))
        let amount = stake.nextSlash
        guard amount > .zero else { throw .nothingAtStake }
        guard let sum = fees.balance.adding(amount), let lost = stake.slashed.adding(amount)
        else { throw .overflow }
        let fromUnbonding = min(stake.unbonding, amount)
        let fromStaked = amount.subtracting(fromUnbonding) ?? .zero
        stake.unbonding = stake.unbonding.subtracting(fromUnbonding) ?? .zero
        stake.staked = stake.staked.subtracting(fromStaked) ?? .zero
        (fees.balance, stake.slashed, task.isSlashed) = (sum, lost, true)
        set(fees)
        set(stake)
        set(task)
        return stake
    }
}

extension PostedTask {
    /// Whether a majority of arbiters said that the milestone is not to be paid, or the worker
    /// could not show that its run is right.
    var isLostByWorker: Bool {
        guard state == .settled else { return false }
        return challenge?.isLost ?? false
            || votes.count { $0.verdict == .poster } > terms.arbiters.count / 2
    }
}

extension Stake: StateEntry {
    var stateKey: StateKey { .law(.stake(account)) }

    func write(to writer: inout ByteWriter) {
        writer.write(account)
        writer.write(staked)
        writer.write(unbonding)
        writer.write(releases)
        writer.write(slashed)
        writer.write(bound)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        account = try reader.read()
        let start = reader.offset
        staked = try reader.readAmount()
        unbonding = try reader.readAmount()
        releases = try reader.readInstant()
        slashed = try reader.readAmount()
        bound = try reader.readAmount()
        // What follows adds them up.
        guard [staked, unbonding, slashed, bound].allSatisfy({ $0.nanoCredits <= Self.most }) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
    }

    private static let most: UInt128 = 1 << 124
}

extension StakeCommand {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .stake(let account, let amount), .unstake(let account, let amount):
            writer.write(account)
            writer.write(amount)
        case .withdraw(let account): writer.write(account)
        case .slash(let account, let evidence):
            writer.write(account)
            writer.write(evidence)
        }
    }
}
