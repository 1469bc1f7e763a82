// The tasks chapter: the transition table of docs/spec/tasks.md §3, one function a row or two.
import Agents
import ExecutionProof
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
    /// The worker delivers what the run that was asked for came to.
    case deliverRun(RunClaim)
    /// The worker delivers a result with the proof of it: an encoded chain.
    case prove(Digest, proof: [UInt8])
    /// Anybody doubts a run; `deposit` must be that of the terms, so that the law sees it.
    case challenge(deposit: Amount)
    case trace([Digest])
    case pick(UInt8)
    case show(RunStep)
}

/// A command of the tasks chapter; the account acts.
public enum TaskCommand: Hashable, Sendable {
    case post(by: AccountID, number: UInt64, mandate: MandateID, TaskTerms)
    case move(by: AccountID, PostedTaskID, TaskMove)
    case batch(TaskBatch)
}

/// Who wants a task done, and who pays for it.
struct TaskWish {
    var id: PostedTaskID
    var poster: AccountID
    var payer: AccountID
    /// Zero for none.
    var mandate: MandateID
}

/// Why a task is not posted or moved. Checks are made in this order.
public enum TaskFailure: Error, Hashable, Sendable {
    /// `number` was used by this poster, for a task or an auction.
    case numberUsed
    case invalidTerms
    /// An account that the terms or the move name is no owner and no agent.
    case accountUnknown(AccountID)
    /// The program of the run is not registered.
    case programUnknown
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
    /// The deposit is not this one.
    case wrongDeposit(Amount)
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
    /// In a challenge the other side is to speak, or to say something else.
    case wrongTurn
    /// Not 15 states, or no sixteenth.
    case invalidTrace
    /// It does not begin before the step in dispute, or does not lead behind it.
    case wrongStep
    case step(RunStepFailure)
    case proof(TaskProofFailure)
    /// A balance would pass 2^128 - 1, which the supply does not let happen.
    case overflow
}

/// The slice of state this chapter reads and writes.
protocol TasksState: TeamsState {
    func owner(_ id: OwnerID) -> Owner?
    func agent(_ id: AgentID) -> Agent?
    func account(_ id: AccountID) -> Account
    func task(_ id: PostedTaskID) -> PostedTask?
    func stake(_ account: AccountID) -> Stake
    func auction(_ id: PostedTaskID) -> Auction?
    func constitution(_ agent: AgentID) -> Constitution?
    var marketRules: MarketRules { get }
    func program(_ identity: Digest) -> RegisteredProgram?
    func decodedProgram(_ identity: Digest) -> AgentProgram?
    func provableProgram(_ identity: Digest) -> ProvableAgent?
    mutating func set(_ account: Account)
    mutating func set(_ task: PostedTask)
    mutating func set(_ stake: Stake)
}

extension TasksState {
    /// Posts a task and takes its price from `payer`.
    mutating func post(
        _ wish: TaskWish, _ terms: TaskTerms, at time: Instant
    ) throws(TaskFailure) -> PostedTask {
        let (rest, _) = try charge(wish.id, terms, by: wish.poster, payer: wish.payer)
        set(rest)
        var task = PostedTask(
            id: wish.id, poster: wish.poster, payer: wish.payer, terms, fee: marketRules.fee)
        task.mandate = wish.mandate
        task.laws.poster = lawVersion(of: wish.poster)
        task.due = time.advanced(byNanoseconds: terms.times.assign)
        set(task)
        return task
    }

    /// The version of the constitution that binds an account; 0 where none does.
    func lawVersion(of account: AccountID) -> UInt64 {
        constitution(AgentID(account))?.version ?? 0
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
        if let run = terms.verification.run, program(run.program) == nil {
            throw .programUnknown
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
    ///
    /// - Parameter proofs: where they are judged, a proof of a run is not verified again: it
    ///   depends on the move and the terms alone.
    mutating func move(
        _ id: PostedTaskID, _ move: TaskMove, by account: AccountID, at time: Instant,
        proofs: ProofState
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
        if case .challenge(let deposit) = move {
            let rest = try challenge(with: deposit, by: account, &step)
            set(rest)
        } else {
            try make(move, by: account, &step, proofs: proofs)
        }
        let (payouts, division) = divided(step.payouts, of: id)
        try pay(payouts)
        bindStake(task, step.task)
        set(step.task)
        change(division, task, step.task)
        return step.task
    }

    /// The team of a new worker shares; that of one who is out, or has done, is free again.
    private mutating func change(
        _ division: Division?, _ old: PostedTask, _ new: PostedTask
    ) {
        if let division {
            if new.worker.isZero || new.state.isFinal {
                disband(division)
            } else if new.paid != old.paid {
                set(division)
            }
        }
        if old.worker.isZero, !new.worker.isZero { enlist(for: new) }
    }

    /// The stake that the terms want is bound from beginning to the end.
    private mutating func bindStake(_ old: PostedTask, _ new: PostedTask) {
        guard old.state.bindsStake != new.state.bindsStake, new.terms.stake > .zero else {
            return
        }
        let isBound = new.state.bindsStake
        var stake = stake(isBound ? new.worker : old.worker)
        stake.bind(old.terms.stake, isBound: isBound)
        set(stake)
    }

    private func isAllowed(
        _ move: TaskMove, of task: PostedTask, by account: AccountID
    ) -> Bool {
        switch move {
        case .assign, .accept, .dispute, .cancel: account == task.poster
        case .begin, .deliver, .giveUp, .deliverRun, .prove, .trace, .show:
            account == task.worker
        case .confirm: task.terms.verification.verifiers.contains(account)
        case .arbitrate: task.terms.arbiters.contains(account)
        case .pick: account == task.challenge?.challenger
        case .claim, .expire, .challenge: true
        }
    }

    private func checkVerification(
        _ move: TaskMove, of task: PostedTask
    ) throws(TaskFailure) {
        let name = task.terms.verification.name
        guard move.verifications?.contains(name) ?? true else { throw .wrongVerification }
    }

    private func make(
        _ move: TaskMove, by account: AccountID, _ step: inout TaskStep, proofs: ProofState
    ) throws(TaskFailure) {
        switch move {
        case .assign(let worker): try assign(worker, &step)
        case .claim: try assign(account, &step)
        case .begin:
            let free = stake(account).free
            guard free >= step.task.terms.stake else { throw .stakeTooSmall(free) }
            step.task.laws.worker = lawVersion(of: account)
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
        case .deliverRun(let claim):
            (step.task.claim, step.task.result) = (claim, claim.output)
            step.enter(.verifying)
        case .prove(let result, let proof):
            if proofs == .open { try check(proof, result, of: step.task) }
            step.task.result = result
            step.payMilestone()
        case .challenge: throw .wrongTurn
        case .trace(let states): try step.trace(states)
        case .pick(let part): try step.pick(part)
        case .show(let shown):
            guard let run = step.task.terms.verification.run,
                let program = decodedProgram(run.program)
            else { throw .programUnknown }
            try step.show(shown, of: program)
        }
    }

    private func check(
        _ proof: [UInt8], _ result: Digest, of task: PostedTask
    ) throws(TaskFailure) {
        guard let run = task.terms.verification.run, let program = provableProgram(run.program)
        else { throw .programUnknown }
        do { try run.check(proof, result: result, of: program) } catch { throw .proof(error) }
    }

    /// - Returns: the challenger's account less its deposit, not yet set.
    private func challenge(
        with deposit: Amount, by challenger: AccountID, _ step: inout TaskStep
    ) throws(TaskFailure) -> Account {
        guard let run = step.task.terms.verification.run,
            let rules = step.task.terms.verification.reexecution,
            let program = decodedProgram(run.program)
        else { throw .wrongVerification }
        guard ownerOf(challenger) != ownerOf(step.task.worker) else {
            throw .conflict(challenger)
        }
        guard deposit == rules.deposit else { throw .wrongDeposit(rules.deposit) }
        var account = account(challenger)
        guard let rest = account.balance.subtracting(deposit) else {
            throw .insufficient(balance: account.balance)
        }
        account.balance = rest
        let start = RunState(root: program.initialRoot).digest
        step.challenge(by: challenger, start: start, rules: rules)
        return account
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

    /// Throws where a worker, or a member of its team, would judge itself, or pay itself.
    func checkApart(
        _ worker: AccountID, from poster: AccountID, _ terms: TaskTerms
    ) throws(TaskFailure) {
        for account in [worker] + partners(of: worker) {
            let owner = ownerOf(account)
            guard owner != ownerOf(poster) else { throw .conflict(account) }
            for judge in terms.arbiters + terms.verification.verifiers
            where ownerOf(judge) == owner {
                throw .conflict(judge)
            }
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
        case .deliver, .deliverRun, .prove: [.executing]
        case .giveUp: [.assigned, .executing]
        case .accept, .dispute, .confirm, .challenge: [.verifying]
        case .arbitrate: [.disputed]
        case .trace, .pick, .show: [.challenged]
        case .expire: TaskState.allCases.filter { !$0.isFinal }
        }
    }

    /// Whether it must be made before the task's `due`. Giving back, taking back and accepting
    /// hurt nobody who waits.
    var hasDeadline: Bool {
        switch self {
        case .assign, .claim, .begin, .deliver, .dispute, .confirm, .arbitrate, .deliverRun,
            .prove, .challenge, .trace, .pick, .show:
            true
        case .giveUp, .accept, .cancel, .expire: false
        }
    }

    /// The names of the ways of verification it is for; nil for all.
    fileprivate var verifications: [String]? {
        switch self {
        case .accept: ["attested", "reexecuted"]
        case .dispute: ["attested"]
        case .deliver: ["attested", "redundant"]
        case .deliverRun, .challenge, .trace, .pick, .show: ["reexecuted"]
        case .prove: ["proven"]
        case .assign, .claim, .begin, .giveUp, .confirm, .arbitrate, .cancel, .expire: nil
        }
    }
}
