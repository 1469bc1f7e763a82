// What a move makes of a task, and who is paid by it: arithmetic on the task alone.
import Primitives

/// What a market takes of every payment to a worker.
public enum MarketFee {
    /// One thousandth (0.1 %), rounded down.
    public static func of(_ amount: Amount) -> Amount {
        Amount(nanoCredits: amount.nanoCredits / 1_000)
    }
}

/// Money that leaves a task.
struct Payout: Hashable {
    var receiver: AccountID
    var amount: Amount
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
    private mutating func pay(_ amount: Amount, to receiver: AccountID) {
        let amount = min(amount, task.held)
        task.held = task.held.subtracting(amount) ?? .zero
        payouts.append(Payout(receiver: receiver, amount: amount))
    }

    /// Pays the worker, less the market's fee.
    private mutating func payWorker(_ amount: Amount) {
        let fee = MarketFee.of(amount)
        pay(amount.subtracting(fee) ?? .zero, to: task.worker)
        pay(fee, to: .fees)
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
            case .disputed: times.arbitrate
            case .complete, .cancelled, .failed, .settled: nil
            }
        task.due = time.map { self.time.advanced(byNanoseconds: $0) } ?? Instant(nanoseconds: 0)
    }

    /// Ends the task: what is still held goes back to who paid it in.
    mutating func end(_ state: TaskState) {
        pay(task.held, to: task.payer)
        enter(state)
    }

    /// The worker is out; the next one may try where attempts are left.
    mutating func giveBack() {
        task.worker = AccountID()
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
            if task.terms.verification == .attested { payMilestone() } else { dispute() }
        case .disputed: settle(.split)
        case .complete, .cancelled, .failed, .settled: break
        }
    }
}
