// The tasks chapter: the transition table of docs/spec/tasks.md §3, one function a row or two.
import Primitives

/// What somebody does with a task.
public enum TaskMove: Hashable, Sendable {
    /// The poster names who is to do it.
    case assign(AccountID)
    /// Somebody takes it.
    case claim
    /// The worker begins, which says that it agrees.
    case begin
    /// The worker delivers the next milestone: the digest of the result.
    case deliver(Digest)
    /// The worker gives it back.
    case giveUp
    /// The poster accepts what was delivered, which pays it.
    case accept
    /// The poster does not; the digest says why.
    case dispute(Digest)
    /// A verifier says what it got.
    case confirm(Digest)
    case arbitrate(Verdict)
    /// The poster takes it back.
    case cancel
    /// Anybody says that time has run out.
    case expire
}

/// A command of the tasks chapter; the account acts.
public enum TaskCommand: Hashable, Sendable {
    case post(by: AccountID, number: UInt64, mandate: MandateID, TaskTerms)
    case move(by: AccountID, PostedTaskID, TaskMove)
}

/// Why a task is not posted or moved. Checks are made in this order.
public enum TaskFailure: Error, Hashable, Sendable {
    /// `number` was used by this poster, for a task or an auction.
    case numberUsed
    case invalidTerms
    /// An account that the terms or the move name is no owner and no agent.
    case accountUnknown(AccountID)
    /// Two who must be apart have one owner: poster and worker, a party and an arbiter, the worker
    /// and a verifier.
    case conflict(AccountID)
    case insufficient(balance: Amount)
    case taskUnknown
    /// The move is not this account's.
    case notAllowed
    /// The move does not belong to this state.
    case wrongState(TaskState)
    /// The move is for another way of verification.
    case wrongVerification
    /// The step was due before.
    case tooLate
    /// Nothing has run out yet.
    case tooEarly
    /// The task is for somebody else.
    case reserved
    /// The worker has less at stake than the terms want.
    case stakeTooSmall(Amount)
    /// Each verifier and each arbiter speaks once.
    case alreadySpoken
    /// A balance would pass 2^128 - 1, which the supply does not let happen.
    case overflow
}

/// The slice of state this chapter reads and writes.
protocol TasksState {
    func owner(_ id: OwnerID) -> Owner?
    func agent(_ id: AgentID) -> Agent?
    func account(_ id: AccountID) -> Account
    func task(_ id: PostedTaskID) -> PostedTask?
    func stake(_ account: AccountID) -> Stake
    func auction(_ id: PostedTaskID) -> Auction?
    mutating func set(_ account: Account)
    mutating func set(_ task: PostedTask)
}

extension TasksState {
    /// Posts a task and takes its price from `payer`.
    mutating func post(
        _ id: PostedTaskID, _ terms: TaskTerms, by poster: AccountID, paidBy payer: AccountID,
        at time: Instant
    ) throws(TaskFailure) -> PostedTask {
        let (rest, price) = try charge(id, terms, by: poster, payer: payer)
        set(rest)
        let task = PostedTask(
            id: id, poster: poster, payer: payer, terms: terms,
            due: time.advanced(byNanoseconds: terms.times.assign), held: price)
        set(task)
        return task
    }

    /// Everything that must hold before a price is paid in.
    ///
    /// - Returns: the payer's account less the price, not yet set, and the price.
    func charge(
        _ id: PostedTaskID, _ terms: TaskTerms, by poster: AccountID, payer: AccountID
    ) throws(TaskFailure) -> (rest: Account, price: Amount) {
        guard task(id) == nil, auction(id) == nil else { throw .numberUsed }
        guard terms.isValid, let price = terms.price else { throw .invalidTerms }
        let named = terms.arbiters + terms.verification.verifiers
        for account in named + (terms.worker.isZero ? [] : [terms.worker])
        where ownerOf(account) == nil {
            throw .accountUnknown(account)
        }
        for arbiter in terms.arbiters where ownerOf(arbiter) == ownerOf(poster) {
            throw .conflict(arbiter)
        }
        if !terms.worker.isZero { try checkApart(terms.worker, from: poster, terms) }
        var account = account(payer)
        guard let rest = account.balance.subtracting(price) else {
            throw .insufficient(balance: account.balance)
        }
        account.balance = rest
        return (account, price)
    }

    /// Makes a move, or changes nothing.
    mutating func move(
        _ id: PostedTaskID, _ move: TaskMove, by account: AccountID, at time: Instant
    ) throws(TaskFailure) -> PostedTask {
        guard let task = task(id) else { throw .taskUnknown }
        guard isAllowed(move, of: task, by: account) else { throw .notAllowed }
        guard move.states.contains(task.state) else { throw .wrongState(task.state) }
        try checkVerification(move, of: task)
        if move == .expire {
            guard time >= task.due else { throw .tooEarly }
        } else if move.hasDeadline {
            guard time < task.due else { throw .tooLate }
        }
        var step = TaskStep(task: task, time: time)
        try make(move, by: account, &step)
        try pay(step.payouts)
        set(step.task)
        return step.task
    }

    private func isAllowed(
        _ move: TaskMove, of task: PostedTask, by account: AccountID
    ) -> Bool {
        switch move {
        case .assign, .accept, .dispute, .cancel: account == task.poster
        case .begin, .deliver, .giveUp: account == task.worker
        case .confirm: task.terms.verification.verifiers.contains(account)
        case .arbitrate: task.terms.arbiters.contains(account)
        case .claim, .expire: true
        }
    }

    private func checkVerification(
        _ move: TaskMove, of task: PostedTask
    ) throws(TaskFailure) {
        let isAttested = task.terms.verification == .attested
        switch move {
        case .accept, .dispute: guard isAttested else { throw .wrongVerification }
        default: break
        }
    }

    private func make(
        _ move: TaskMove, by account: AccountID, _ step: inout TaskStep
    ) throws(TaskFailure) {
        switch move {
        case .assign(let worker): try assign(worker, &step)
        case .claim: try assign(account, &step)
        case .begin:
            let staked = stake(account).staked
            guard staked >= step.task.terms.stake else { throw .stakeTooSmall(staked) }
            step.enter(.executing)
        case .deliver(let result):
            step.task.result = result
            step.task.confirmations = []
            step.enter(.verifying)
        case .giveUp: step.giveBack()
        case .accept: step.payMilestone()
        case .dispute: step.dispute()
        case .confirm(let result): try step.confirm(result, by: account)
        case .arbitrate(let verdict): try step.arbitrate(verdict, by: account)
        case .cancel: step.end(.cancelled)
        case .expire: step.expire()
        }
    }

    private func assign(
        _ worker: AccountID, _ step: inout TaskStep
    ) throws(TaskFailure) {
        guard ownerOf(worker) != nil else { throw .accountUnknown(worker) }
        try checkApart(worker, from: step.task.poster, step.task.terms)
        let wanted = step.task.terms.worker
        guard wanted.isZero || wanted == worker else { throw .reserved }
        step.task.worker = worker
        step.enter(.assigned)
    }

    /// Who answers for an account.
    func ownerOf(_ account: AccountID) -> OwnerID? {
        owner(OwnerID(account))?.id ?? agent(AgentID(account))?.owner
    }

    /// Throws where a worker would judge itself, or pay itself.
    func checkApart(
        _ worker: AccountID, from poster: AccountID, _ terms: TaskTerms
    ) throws(TaskFailure) {
        let owner = ownerOf(worker)
        guard owner != ownerOf(poster) else { throw .conflict(worker) }
        for judge in terms.arbiters + terms.verification.verifiers
        where ownerOf(judge) == owner {
            throw .conflict(judge)
        }
    }

    /// Adds to balances; nothing is written before all sums are known.
    mutating func pay(_ payouts: [Payout]) throws(TaskFailure) {
        var accounts: [Account] = []
        for payout in payouts where payout.amount > .zero {
            let place = accounts.firstIndex { $0.id == payout.receiver }
            if place == nil { accounts.append(account(payout.receiver)) }
            let index = place ?? accounts.count - 1
            guard let sum = accounts[index].balance.adding(payout.amount) else {
                throw .overflow
            }
            accounts[index].balance = sum
        }
        for account in accounts { set(account) }
    }
}

extension TaskMove {
    /// In which it may be made.
    var states: [TaskState] {
        switch self {
        case .assign, .claim, .cancel: [.pending]
        case .begin: [.assigned]
        case .deliver: [.executing]
        case .giveUp: [.assigned, .executing]
        case .accept, .dispute, .confirm: [.verifying]
        case .arbitrate: [.disputed]
        case .expire: TaskState.allCases.filter { !$0.isFinal }
        }
    }

    /// Whether it must be made before the task's `due`. Giving back, taking back and accepting
    /// hurt nobody who waits.
    var hasDeadline: Bool {
        switch self {
        case .assign, .claim, .begin, .deliver, .dispute, .confirm, .arbitrate: true
        case .giveUp, .accept, .cancel, .expire: false
        }
    }
}
