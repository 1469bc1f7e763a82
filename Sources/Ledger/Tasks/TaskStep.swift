// What a move makes of a task, and who is paid by it: arithmetic on the task alone.
import Agents
import Primitives

/// Money that leaves a task.
struct Payout: Hashable {
    var receiver: AccountID
    var amount: Amount
    /// Whether it is for the work, and so shared in a team.
    var isWage = false
}

/// A task in the middle of a move.
struct TaskStep {
    var task: PostedTask
    let time: Instant
    /// Taken from what the task holds.
    private(set) var payouts: [Payout] = []

    init(task: PostedTask, time: Instant) {
        self.task = task
        self.time = time
    }

    /// Takes `amount`, or what there is, out of what is held.
    fileprivate mutating func pay(
        _ amount: Amount, to receiver: AccountID, isWage: Bool = false
    ) {
        let amount = min(amount, task.held)
        task.held = task.held.subtracting(amount) ?? .zero
        payouts.append(Payout(receiver: receiver, amount: amount, isWage: isWage))
    }

    /// Pays the worker, less the market's fee.
    private mutating func payWorker(_ amount: Amount) {
        let fee = task.fee.of(amount)
        let wage = amount.subtracting(fee) ?? .zero
        pay(wage, to: task.worker, isWage: true)
        pay(fee, to: .fees)
        // Not more than the supply.
        task.earned = task.earned.adding(wage) ?? task.earned
        task.charged = task.charged.adding(fee) ?? task.charged
    }

    private var milestone: Amount {
        let index = Int(task.paid)
        return index < task.terms.milestones.count ? task.terms.milestones[index] : .zero
    }

    mutating func enter(_ state: TaskState) {
        task.state = state
        let times = task.terms.times
        let time: UInt64? =
            switch state {
            case .pending: times.assign
            case .assigned: times.begin
            case .executing: times.deliver
            case .verifying: times.judge
            case .disputed, .challenged: times.arbitrate
            case .complete, .cancelled, .failed, .settled: nil
            }
        task.due = time.map { self.time.advanced(byNanoseconds: $0) } ?? Instant(nanoseconds: 0)
    }

    /// Ends the task: what is still held goes back to who paid it in.
    mutating func end(_ state: TaskState) {
        pay(task.held, to: task.payer)
        task.ended = time
        enter(state)
    }

    /// The worker is out; the next one may try where attempts are left.
    mutating func giveBack() {
        task.worker = AccountID()
        task.laws.worker = 0
        task.attempt += 1
        if task.attempt < task.terms.attempts { enter(.pending) } else { end(.failed) }
    }

    /// Pays the delivered milestone; the next is to be done, or all is.
    mutating func payMilestone() {
        payWorker(milestone)
        payVerifiers { $0 }
        task.paid += 1
        if Int(task.paid) < task.terms.milestones.count {
            enter(.executing)
        } else {
            end(.complete)
        }
    }

    /// Pays those verifiers of this milestone of whom `isPaid` says so: it is told whether their
    /// result was the worker's.
    private mutating func payVerifiers(_ isPaid: (Bool) -> Bool) {
        for confirmation in task.confirmations where isPaid(confirmation.result == task.result) {
            pay(task.terms.verification.fee, to: confirmation.verifier)
        }
    }

    /// The delivered milestone is in dispute; without arbiters the poster's word holds.
    mutating func dispute() {
        task.votes = []
        if task.terms.arbiters.isEmpty { settle(.poster) } else { enter(.disputed) }
    }

    mutating func confirm(
        _ result: Digest, by verifier: AccountID
    ) throws(TaskFailure) {
        guard !task.confirmations.contains(where: { $0.verifier == verifier }) else {
            throw .alreadySpoken
        }
        guard case .redundant(let quorum, let verifiers, _) = task.terms.verification else {
            throw .wrongVerification
        }
        task.confirmations.append(Confirmation(verifier: verifier, result: result))
        let agreeing = task.confirmations.count { $0.result == task.result }
        let differing = task.confirmations.count - agreeing
        if agreeing >= Int(quorum) {
            payMilestone()
        } else if differing > verifiers.count - Int(quorum) {
            dispute()
        }
    }

    mutating func arbitrate(
        _ verdict: Verdict, by arbiter: AccountID
    ) throws(TaskFailure) {
        guard !task.votes.contains(where: { $0.arbiter == arbiter }) else {
            throw .alreadySpoken
        }
        task.votes.append(ArbiterVote(arbiter: arbiter, verdict: verdict))
        let agreeing = task.votes.count { $0.verdict == verdict }
        if agreeing > task.terms.arbiters.count / 2 {
            settle(verdict)
        } else if task.votes.count == task.terms.arbiters.count {
            settle(.split)
        }
    }

    /// Pays the milestone in dispute as decided, and gives the rest back.
    private mutating func settle(_ verdict: Verdict) {
        switch verdict {
        case .worker:
            payWorker(milestone)
            payVerifiers { $0 }
            task.paid += 1
        case .poster: payVerifiers { !$0 }
        case .split:
            payWorker(Amount(nanoCredits: milestone.nanoCredits / 2))
            payVerifiers { _ in true }
        }
        end(.settled)
    }

    /// What follows when nothing was done in time.
    mutating func expire() {
        switch task.state {
        case .pending: end(.cancelled)
        case .assigned, .executing: giveBack()
        case .verifying:
            // Redundant verification alone needs somebody to speak.
            if task.terms.verification.verifiers.isEmpty { payMilestone() } else { dispute() }
        case .disputed: settle(.split)
        case .challenged:
            if task.challenge?.isWorkersTurn ?? false { loseChallenge() } else { upholdClaim() }
        case .complete, .cancelled, .failed, .settled: break
        }
    }
}

// Challenges of runs.
extension TaskStep {
    /// Lets somebody challenge the claim of the worker, whose run began in the state `start`.
    mutating func challenge(by challenger: AccountID, start: Digest, rules: Reexecution) {
        guard let run = task.terms.verification.run, let claim = task.claim else { return }
        task.held = task.held.adding(rules.deposit) ?? task.held
        task.challenge = Challenge(
            by: challenger, rounds: rules.rounds, before: start,
            after: claim.state(of: run).digest)
        enter(.challenged)
    }

    /// The worker says its states behind each sixteenth of the steps in dispute but the last.
    mutating func trace(_ states: [Digest]) throws(TaskFailure) {
        guard var challenge = task.challenge, challenge.isWorkersTurn, challenge.rounds > 0
        else { throw .wrongTurn }
        guard states.count == Challenge.traceCount else { throw .invalidTrace }
        challenge.trace = states
        task.challenge = challenge
        enter(.challenged)
    }

    /// The challenger says which sixteenth is the first that it ends differently.
    mutating func pick(_ part: UInt8) throws(TaskFailure) {
        guard var challenge = task.challenge, !challenge.isWorkersTurn else { throw .wrongTurn }
        guard Int(part) <= Challenge.traceCount else { throw .invalidTrace }
        challenge.narrow(to: Int(part))
        task.challenge = challenge
        enter(.challenged)
    }

    /// The worker shows the one step in dispute, which ends the challenge: its claim stands.
    mutating func show(_ step: RunStep, of program: AgentProgram) throws(TaskFailure) {
        guard let challenge = task.challenge, challenge.isWorkersTurn, challenge.rounds == 0,
            let run = task.terms.verification.run
        else { throw .wrongTurn }
        guard step.before.digest == challenge.before else { throw .wrongStep }
        let after: RunState
        do {
            after = try step.after(of: program, input: run.input, count: run.words)
        } catch { throw .step(error) }
        guard after.digest == challenge.after else { throw .wrongStep }
        upholdClaim()
    }

    /// The challenger was wrong, or silent: others may challenge anew.
    mutating func upholdClaim() {
        pay(task.terms.verification.reexecution?.deposit ?? .zero, to: .fees)
        task.challenge = nil
        enter(.verifying)
    }

    /// The worker was silent where it had to show that it is right: it is not paid.
    mutating func loseChallenge() {
        guard let challenge = task.challenge, let rules = task.terms.verification.reexecution
        else { return }
        pay(rules.deposit, to: challenge.challenger)
        pay(rules.reward, to: challenge.challenger)
        task.challenge?.isLost = true
        end(.settled)
    }
}
