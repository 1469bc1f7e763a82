// The covers chapter: an underwriter locks money, a client pays a premium, and who gets the money
// follows from how the task goes (docs/spec/ledger.md §22).
import Primitives

/// Why nothing is covered, bought or settled. Checks are made in this order.
public enum CoverFailure: Error, Hashable, Sendable {
    case taskUnknown
    case coverUnknown
    /// The account covers this task already.
    case alreadyOffered
    /// The cover does not stand there.
    case wrongStep(CoverState)
    /// Not the underwriter's, or not the poster's.
    case notAllowed
    /// The task does not stand there.
    case wrongState(TaskState)
    /// Another does the task.
    case wrongWorker
    case invalidTerms
    case tooLate
    /// The command names another underwriter.
    case wrongUnderwriter
    /// The premium is not this one.
    case wrongPremium(Amount)
    /// With this one, the covers of the task would pay more than its price: so much is left.
    case overInsured(left: Amount)
    /// The underwriter has an owner with another part in the task: its poster, an arbiter or a
    /// verifier.
    case conflict(AccountID)
    /// The worker is still at it.
    case undecided
    case insufficient(balance: Amount)
    /// A balance would pass 2^128 - 1, which the supply does not let happen.
    case overflow
}

/// The slice of state this chapter reads and writes.
protocol CoversState: TasksState, AccountsState {
    func cover(_ id: CoverID) -> Cover?
    mutating func set(_ cover: Cover)
}

extension CoversState {
    /// - Parameter payer: who pays, where something is paid.
    mutating func apply(
        _ command: CoverCommand, paidBy payer: AccountID, at time: Instant
    ) throws(CoverFailure) -> Cover {
        switch command.step {
        case .offer(let terms): try offer(terms, by: command.account, at: time)
        case .buy(let id, let payment):
            try buy(id, by: command.account, payment, paidBy: payer, at: time)
        case .withdraw(let id): try withdraw(id, by: command.account)
        case .settle(let id): try settle(id)
        }
    }

    private mutating func offer(
        _ terms: CoverTerms, by underwriter: AccountID, at time: Instant
    ) throws(CoverFailure) -> Cover {
        guard let task = task(terms.task) else { throw .taskUnknown }
        let cover = Cover(terms, by: underwriter)
        if let old = self.cover(cover.id), old.held > .zero { throw .alreadyOffered }
        guard [.pending, .assigned, .executing].contains(task.state) else {
            throw .wrongState(task.state)
        }
        guard terms.premium > .zero, terms.premium < terms.amount,
            let price = task.terms.price, terms.amount <= price, terms.until > time,
            !terms.worker.isZero
        else { throw .invalidTerms }
        let owner = ownerOf(underwriter)
        let parties = [task.poster] + task.terms.arbiters + task.terms.verification.verifiers
        for party in parties where ownerOf(party) == owner { throw .conflict(party) }
        var account = account(underwriter)
        guard let rest = account.balance.subtracting(terms.amount) else {
            throw .insufficient(balance: account.balance)
        }
        account.balance = rest
        set(account)
        set(cover)
        return cover
    }

    private func current(
        _ id: CoverID, _ state: CoverState
    ) throws(CoverFailure) -> (Cover, PostedTask) {
        guard let cover = cover(id) else { throw .coverUnknown }
        guard cover.state == state else { throw .wrongStep(cover.state) }
        guard let task = task(cover.terms.task) else { throw .taskUnknown }
        return (cover, task)
    }

    /// The worker must have begun, which says that it agreed to do the task.
    private mutating func buy(
        _ id: CoverID, by client: AccountID, _ payment: Payment, paidBy payer: AccountID,
        at time: Instant
    ) throws(CoverFailure) -> Cover {
        var (cover, task) = try current(id, .offered)
        guard client == task.poster else { throw .notAllowed }
        guard task.state == .executing else { throw .wrongState(task.state) }
        guard task.worker == cover.terms.worker else { throw .wrongWorker }
        guard time < cover.terms.until else { throw .tooLate }
        guard payment.payee == cover.underwriter else { throw .wrongUnderwriter }
        guard payment.price == cover.terms.premium else {
            throw .wrongPremium(cover.terms.premium)
        }
        let left = task.terms.price?.subtracting(task.covered) ?? .zero
        guard cover.terms.amount <= left, let covered = task.covered.adding(cover.terms.amount)
        else { throw .overInsured(left: left) }
        do {
            try pay(payment.price, from: payer, to: cover.underwriter, less: marketRules.fee)
        } catch {
            switch error {
            case .insufficient(let balance): throw .insufficient(balance: balance)
            case .zeroAmount, .sameAccount, .receiverUnknown, .overflow: throw .overflow
            }
        }
        (cover.state, cover.client, cover.attempt) = (.bought, payer, task.attempt)
        task.covered = covered
        set(task)
        set(cover)
        return cover
    }

    private mutating func withdraw(
        _ id: CoverID, by underwriter: AccountID
    ) throws(CoverFailure) -> Cover {
        let (cover, _) = try current(id, .offered)
        guard cover.underwriter == underwriter else { throw .notAllowed }
        return try end(cover, .released)
    }

    private mutating func settle(_ id: CoverID) throws(CoverFailure) -> Cover {
        let (cover, task) = try current(id, .bought)
        if task.attempt > cover.attempt || task.isLost { return try end(cover, .paid) }
        guard task.state.isFinal else { throw .undecided }
        return try end(cover, .released)
    }

    private mutating func end(
        _ cover: Cover, _ state: CoverState
    ) throws(CoverFailure) -> Cover {
        var cover = cover
        let receiver = state == .paid ? cover.client : cover.underwriter
        do {
            try pay([Payout(receiver: receiver, amount: cover.held)])
        } catch { throw .overflow }
        (cover.state, cover.held) = (state, .zero)
        set(cover)
        return cover
    }
}

extension PostedTask {
    /// Whether somebody other than the poster found that the worker did not do it: arbiters, a
    /// challenger, or so many verifiers that the quorum was out of reach.
    fileprivate var isLost: Bool {
        guard state == .settled, !isLostByWorker else { return isLostByWorker }
        guard terms.arbiters.isEmpty,
            case .redundant(let quorum, let verifiers, _) = terms.verification
        else { return false }
        let differing = confirmations.count { $0.result != result }
        return differing > verifiers.count - Int(quorum)
    }
}
