// What commands of the law are about, so that a node can tell the history of a task or an agent.
import Primitives

extension Command {
    /// The identifiers of tasks, auctions, offers, licences, quotes, covers, mandates, requests for
    /// approval and agents that a command of the law names or makes, each once; none for other
    /// chapters.
    ///
    /// An account that acts counts where it is an agent. Of a batch only its tasks count.
    public func subjects(of owner: OwnerID) -> [Digest] {
        guard case .law(let command) = self else { return [] }
        var subjects: [Digest] = []
        for subject in command.subjects(of: owner)
        where subject != Digest(owner) && !subjects.contains(subject) {
            subjects.append(subject)
        }
        return subjects
    }
}

extension LawCommand {
    fileprivate func subjects(of owner: OwnerID) -> [Digest] {
        switch self {
        case .transfer(let transfer): [Digest(transfer.from)] + [Digest(transfer.mandate)].set
        case .enact(let law): [Digest(law.agent)]
        case .limit(let account, _): [Digest(account)]
        case .grantRole(let grant): [Digest(grant.account)].set
        case .mandate(let command): command.subjects(of: owner)
        case .approve(let request), .refuse(let request): [request]
        case .rule(let agent, _, _, _), .release(let agent): [Digest(agent)]
        case .stop(.agent(let agent)), .resume(.agent(let agent)): [Digest(agent)]
        case .stop, .resume, .voteFee, .revokeRole: []
        case .task(let command): command.subjects
        case .stake(let command): command.subjects
        case .offer(let command): command.subjects
        case .auction(let command): command.subjects
        case .licence(let command): command.subjects
        case .team(let command): command.subjects
        case .quote(let command): command.subjects
        case .cover(let command): command.subjects
        }
    }
}

extension MandateCommand {
    fileprivate func subjects(of owner: OwnerID) -> [Digest] {
        switch self {
        case .issue(let number, let terms):
            [Digest(MandateID(of: AccountID(owner), number: number)), Digest(terms.holder)]
        case .delegate(let agent, let parent, let number, let terms):
            [
                Digest(MandateID(of: AccountID(agent), number: number)), Digest(parent),
                Digest(agent), Digest(terms.holder),
            ]
        case .revoke(let account, let id): [Digest(id), Digest(account)]
        }
    }
}

extension TaskCommand {
    fileprivate var subjects: [Digest] {
        switch self {
        case .post(let account, let number, let mandate, _):
            return [Digest(PostedTaskID(of: account, number: number)), Digest(account)]
                + [Digest(mandate)].set
        case .move(let account, let task, let move):
            guard case .assign(let worker) = move else { return [Digest(task), Digest(account)] }
            return [Digest(task), Digest(account), Digest(worker)]
        case .batch(let batch):
            return batch.entries.map { entry in
                switch entry {
                case .post(let number, _):
                    Digest(PostedTaskID(of: batch.account, number: number))
                case .move(let task, _): Digest(task)
                }
            }
        }
    }
}

extension StakeCommand {
    fileprivate var subjects: [Digest] {
        switch self {
        case .stake(let account, _), .unstake(let account, _), .withdraw(let account):
            [Digest(account)]
        case .slash(let account, let task): [Digest(task), Digest(account)]
        }
    }
}

extension OfferCommand {
    fileprivate var subjects: [Digest] {
        switch self {
        case .list(let account, let number, _):
            [Digest(OfferID(of: account, number: number)), Digest(account)]
        case .update(let account, let id, _), .delist(let account, let id):
            [Digest(id), Digest(account)]
        }
    }
}

extension AuctionCommand {
    fileprivate var subjects: [Digest] {
        switch self {
        case .open(let account, let number, let mandate, _, _):
            [Digest(PostedTaskID(of: account, number: number)), Digest(account)]
                + [Digest(mandate)].set
        case .commit(let account, let id, _, _), .reveal(let account, let id, _, _),
            .close(let account, let id):
            [Digest(id), Digest(account)]
        }
    }
}

extension LicenceCommand {
    fileprivate var subjects: [Digest] {
        switch self {
        case .offer(let account, let number, _):
            [Digest(LicenceOfferID(of: account, number: number)), Digest(account)]
        case .withdraw(let account, let id): [Digest(id), Digest(account)]
        case .buy(let purchase):
            [Digest(purchase.offer), Digest(purchase.buyer)]
                + [Digest(purchase.payment.mandate)].set
        case .renew(let account, let id, let payment):
            [Digest(id), Digest(account)] + [Digest(payment.mandate)].set
        case .transfer(let account, let id, let receiver):
            [Digest(id), Digest(account), Digest(receiver)]
        }
    }
}

extension TeamCommand {
    fileprivate var subjects: [Digest] {
        switch self {
        case .form(let lead, let members): [Digest(lead)] + members.map { Digest($0.account) }
        case .join(let account, let lead, _), .leave(let account, let lead):
            [Digest(lead), Digest(account)]
        case .dissolve(let lead): [Digest(lead)]
        }
    }
}

extension QuoteCommand {
    fileprivate var subjects: [Digest] {
        switch self {
        case .place(let account, let number, _):
            [Digest(QuoteID(of: account, number: number)), Digest(account)]
        case .withdraw(let account, let id): [Digest(id), Digest(account)]
        case .take(let taking, let terms):
            [
                Digest(taking.task), Digest(taking.quote), Digest(taking.account),
            ] + [Digest(terms.worker), Digest(taking.mandate)].set
        }
    }
}

extension CoverCommand {
    fileprivate var subjects: [Digest] {
        switch step {
        case .offer(let terms):
            [
                Digest(CoverID(task: terms.task, underwriter: account)), Digest(terms.task),
                Digest(account),
            ] + [Digest(terms.worker)].set
        case .buy(let id, let payment):
            [Digest(id), Digest(account)] + [Digest(payment.mandate)].set
        case .withdraw(let id), .settle(let id): [Digest(id), Digest(account)]
        }
    }
}

extension [Digest] {
    /// Those that are not zero.
    fileprivate var set: [Digest] { filter { !$0.isZero } }
}
