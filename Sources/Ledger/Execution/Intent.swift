// What a command is to the law: administration by people, or an action that the law judges.
import Primitives

/// Something done for an account that moves money or binds somebody.
struct Action: Hashable, Sendable {
    /// For whom: an owner or an agent.
    var account: AccountID
    var kind: ActionKind
    var value = Amount.zero
    /// Of it, what is laid down as a stake.
    var stake = Amount.zero
    /// Who gets the value or is bound: one for most actions, which then need no list.
    var receiver: AccountID?
    var otherReceivers: [AccountID] = []
    /// Whether others may get it too, whom nobody knows yet.
    var isOpen = false
    /// Under which the money of another is spent; zero for none.
    var mandate = MandateID()

    var receivers: [AccountID] { (receiver.map { [$0] } ?? []) + otherReceivers }

    /// Whether all that may come of it stays among `listed`, which ascend, where anybody is listed.
    func isWithin(_ listed: [AccountID]) -> Bool {
        guard !listed.isEmpty else { return true }
        if isOpen { return false }
        if let receiver, !Self.holds(listed, receiver) { return false }
        for other in otherReceivers where !Self.holds(listed, other) { return false }
        return true
    }

    private static func holds(_ listed: [AccountID], _ account: AccountID) -> Bool {
        var (low, high) = (0, listed.count)
        while low < high {
            let middle = (low + high) / 2
            if listed[middle] < account { low = middle + 1 } else { high = middle }
        }
        return low < listed.count && listed[low] == account
    }
}

/// What a command is to the law.
enum Intent: Hashable, Sendable {
    /// Owners look after keys, agents and limits, guardians after actions, validators after seats:
    /// their chapters say who may, and the limits of agents do not bind them.
    case administration
    case action(Action)
    /// An agent's program ran: judged as its records are.
    case transition(AgentID)
}

extension Command {
    /// Without a default: a new command does not compile before somebody says what it is.
    var intent: Intent {
        switch self {
        case .owner, .agent, .validator: .administration
        case .transition(let command): command.intent
        case .law(let command): command.intent
        }
    }
}

extension TransitionCommand {
    /// Giving an agent a program and money to run is its owner's; reports are anybody's.
    fileprivate var intent: Intent {
        switch self {
        case .submit(let transition): .transition(transition.signed.header.agent)
        case .series(let series): .transition(series.agent)
        case .register, .spawn, .deposit, .abandonCall, .report, .withdraw, .end, .show:
            .administration
        }
    }
}

extension LawCommand {
    var intent: Intent {
        switch self {
        case .transfer(let transfer):
            .action(
                Action(
                    account: transfer.from, kind: .transfer, value: transfer.amount,
                    receiver: transfer.to, mandate: transfer.mandate))
        case .mandate(.delegate(let agent, _, _, let terms)):
            .action(
                Action(
                    account: AccountID(agent), kind: .delegate,
                    receiver: AccountID(terms.holder)))
        case .task(let command): .action(command.action)
        case .stake(let command): .action(command.action)
        case .offer(let command): .action(command.action)
        case .auction(let command): .action(command.action)
        case .licence(let command): .action(command.action)
        case .team(let command): .action(command.action)
        case .quote(let command): .action(command.action)
        case .cover(let command): .action(command.action)
        case .enact, .limit, .grantRole, .revokeRole, .mandate(.issue), .mandate(.revoke),
            .approve, .refuse, .rule, .stop, .resume, .release, .voteFee:
            .administration
        }
    }
}

extension TaskCommand {
    /// Who posts moves the price; who moves a task moves only what the poster paid in.
    fileprivate var action: Action {
        switch self {
        case .post(let account, _, let mandate, let terms):
            Action(
                account: account, kind: .postTask,
                value: terms.price ?? Amount(nanoCredits: .max),
                receiver: terms.worker.isZero ? nil : terms.worker,
                otherReceivers: terms.verification.verifiers,
                isOpen: terms.worker.isZero, mandate: mandate)
        case .move(let account, _, let move):
            Action(
                account: account, kind: move.kind, value: move.value, receiver: move.receiver)
        case .batch(let batch):
            Action(
                account: batch.account, kind: .postTask,
                value: batch.price ?? Amount(nanoCredits: .max), isOpen: true)
        }
    }
}

extension StakeCommand {
    fileprivate var action: Action {
        switch self {
        case .stake(let account, let amount):
            Action(account: account, kind: .stake, value: amount, stake: amount)
        case .unstake(let account, _), .withdraw(let account):
            Action(account: account, kind: .stake)
        case .slash(let account, _): Action(account: account, kind: .accuse)
        }
    }
}

extension OfferCommand {
    fileprivate var action: Action {
        switch self {
        case .list(let account, _, _), .update(let account, _, _), .delist(let account, _):
            Action(account: account, kind: .offer)
        }
    }
}

extension AuctionCommand {
    /// Who opens an auction moves the most that may be paid; a bidder moves its deposit.
    fileprivate var action: Action {
        switch self {
        case .open(let account, _, let mandate, let terms, _):
            Action(
                account: account, kind: .postTask,
                value: terms.price ?? Amount(nanoCredits: .max),
                otherReceivers: terms.verification.verifiers, isOpen: true, mandate: mandate)
        case .commit(let account, _, _, let deposit):
            Action(account: account, kind: .bid, value: deposit)
        case .reveal(let account, _, _, _): Action(account: account, kind: .bid)
        case .close(let account, _): Action(account: account, kind: .judgeTask)
        }
    }
}

extension LicenceCommand {
    /// A sale is a payment; a licence that is passed on goes the way of money.
    fileprivate var action: Action {
        switch self {
        case .offer(let account, _, _), .withdraw(let account, _):
            Action(account: account, kind: .offer)
        case .buy(let purchase): purchase.payment.action(by: purchase.buyer)
        case .renew(let account, _, let payment): payment.action(by: account)
        case .transfer(let account, _, let receiver):
            Action(account: account, kind: .transfer, receiver: receiver)
        }
    }
}

extension TeamCommand {
    /// Who leads gives of what it will earn to its members.
    fileprivate var action: Action {
        switch self {
        case .form(let lead, let members):
            Action(account: lead, kind: .offer, otherReceivers: members.map(\.account))
        case .join(let account, let lead, _):
            Action(account: account, kind: .offer, receiver: lead)
        case .leave(let account, _), .dissolve(let account):
            Action(account: account, kind: .offer)
        }
    }
}

extension QuoteCommand {
    /// Who takes a quote moves the price of a task, to the maker.
    fileprivate var action: Action {
        switch self {
        case .place(let account, _, _), .withdraw(let account, _):
            Action(account: account, kind: .offer)
        case .take(let taking, let terms):
            Action(
                account: taking.account, kind: .postTask,
                value: terms.price ?? Amount(nanoCredits: .max),
                receiver: terms.worker, otherReceivers: terms.verification.verifiers,
                mandate: taking.mandate)
        }
    }
}

extension CoverCommand {
    /// What is locked goes to whoever pays the premium, who is not known yet.
    fileprivate var action: Action {
        switch step {
        case .offer(let terms):
            Action(account: account, kind: .stake, value: terms.amount, isOpen: true)
        case .buy(_, let payment): payment.action(by: account)
        case .withdraw: Action(account: account, kind: .stake)
        case .settle: Action(account: account, kind: .judgeTask)
        }
    }
}

extension Payment {
    fileprivate func action(by account: AccountID) -> Action {
        Action(
            account: account, kind: .transfer, value: price, receiver: payee,
            mandate: mandate)
    }
}

extension TaskMove {
    var kind: ActionKind {
        switch self {
        case .claim, .begin: .takeTask
        case .deliver, .giveUp, .deliverRun, .prove, .trace, .show: .work
        case .assign, .accept, .dispute, .arbitrate, .cancel, .expire: .judgeTask
        case .confirm, .challenge, .pick: .verifyTask
        }
    }

    /// What the account lays down.
    fileprivate var value: Amount {
        if case .challenge(let deposit) = self { return deposit }
        return .zero
    }

    fileprivate var receiver: AccountID? {
        if case .assign(let worker) = self { return worker }
        return nil
    }
}
