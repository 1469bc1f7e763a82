// One of each command and each entry of the law and the market, for the tests of their encodings.
import Primitives

@testable import Ledger

enum LawSamples {
    static let amount = Amount(nanoCredits: 1 << 70)
    static let later = Instant(nanoseconds: World.time.nanoseconds + 9)
    private static let id = MandateID(issuer: World.adaAccount, number: 1)

    static var constitution: Constitution {
        var law = World.constitution(of: World.scout, version: 3)
        law.counterparties = [AccountID(repeating: 1), AccountID(repeating: 2)]
        law.approvals.kinds = KindSet([.transfer])
        law.dualControl = true
        law.watch.isOn = true
        return law
    }

    static var terms: MandateTerms {
        var terms = MandateTerms(holder: World.scout, expires: later)
        terms.scope = KindSet([.transfer, .delegate])
        terms.budget = amount
        terms.payees = [AccountID(repeating: 1)]
        return terms
    }

    static var commands: [LawCommand] {
        [
            .transfer(
                Transfer(
                    from: World.scoutAccount, to: World.boAccount, amount: .credits(1))),
            .enact(constitution), .mandate(.issue(number: 1, terms)),
            .mandate(.delegate(by: World.scout, parent: id, number: 2, terms)),
            .mandate(.revoke(by: World.adaAccount, id)), .approve(Digest(repeating: 4)),
            .refuse(Digest(repeating: 4)), .rule(World.scout, .transfer, .deny, expires: later),
            .stop(.agent(World.scout)), .stop(.fleet), .stop(.chain),
            .resume(.agent(World.scout)), .resume(.fleet), .resume(.chain),
            .release(World.scout),
            .task(.post(by: World.scoutAccount, number: 1, mandate: MandateID(), taskTerms)),
            .stake(.stake(by: World.scoutAccount, .credits(1))),
            .stake(.unstake(by: World.scoutAccount, .credits(1))),
            .stake(.withdraw(by: World.scoutAccount)),
            .stake(.slash(by: World.scoutAccount, evidence: taskID)),
        ] + market + moves.map { .task(.move(by: World.scoutAccount, taskID, $0)) } + [
            .limit(World.scoutAccount, quota)
        ]
    }

    /// Every limit is another one.
    static var quota: Quota {
        var quota = Quota()
        quota.hour = Quantities(records: 1, tokens: 2, cost: 3, gas: 4)
        quota.day = Quantities(records: 5, tokens: 6, cost: 7)
        quota.day.gas = .max
        return quota
    }

    private static var market: [LawCommand] {
        let (scout, offer) = (World.scoutAccount, OfferID(seller: World.scoutAccount, number: 1))
        let times = AuctionTimes(bidding: 1, revealing: 2)
        return [
            .offer(.list(by: scout, number: 1, offerTerms)),
            .offer(.update(by: scout, offer, offerTerms)), .offer(.delist(by: scout, offer)),
            .auction(
                .open(by: scout, number: 1, mandate: MandateID(), taskTerms, times)),
            .auction(
                .commit(by: scout, taskID, Digest(repeating: 3), deposit: .credits(1))),
            .auction(
                .reveal(by: scout, taskID, price: .credits(1), salt: Digest(repeating: 3))),
            .auction(.close(by: scout, taskID)),
        ]
    }

    private static var offerTerms: OfferTerms {
        OfferTerms(
            name: "þýðing", pricePerUnit: .credits(2), capacity: 8, load: 1,
            model: Digest(repeating: 1))
    }

    private static var offer: Offer {
        Offer(
            id: OfferID(seller: World.boAccount, number: 1), seller: World.boAccount,
            terms: offerTerms, reference: amount, referenceSince: World.time)
    }

    private static var auction: Auction {
        Auction(
            id: taskID, poster: World.scoutAccount, payer: World.adaAccount, terms: taskTerms,
            bidsUntil: later, revealsUntil: later,
            bids: [Bid(bidder: World.boAccount, commitment: Digest(repeating: 3), price: amount)],
            held: amount)
    }

    static let moves: [TaskMove] = [
        .assign(World.otherAccount), .claim, .begin, .deliver(Digest(repeating: 8)), .giveUp,
        .accept, .dispute(Digest(repeating: 8)), .confirm(Digest(repeating: 8)),
        .arbitrate(.split), .cancel, .expire,
    ]

    private static let taskID = PostedTaskID(poster: World.scoutAccount, number: 1)

    static var taskTerms: TaskTerms {
        var terms = TaskTerms(
            specification: Digest(repeating: 7), milestones: [.credits(3), .credits(4)])
        terms.arbiters = [AccountID(repeating: 1)]
        terms.verification = .redundant(
            quorum: 1, verifiers: [AccountID(repeating: 2), AccountID(repeating: 3)],
            fee: .credits(1))
        return terms
    }

    private static var task: PostedTask {
        var task = PostedTask(
            id: taskID, poster: World.scoutAccount, payer: World.adaAccount, terms: taskTerms,
            due: later, held: amount)
        task.confirmations = [
            Confirmation(verifier: AccountID(repeating: 2), result: Digest(repeating: 8))
        ]
        task.votes = [ArbiterVote(arbiter: AccountID(repeating: 1), verdict: .split)]
        return task
    }

    private static var conduct: Conduct {
        var conduct = Conduct(agent: World.scout, since: World.time)
        for kind: ActionKind in [.transfer, .delegate, .transfer] {
            conduct.note(Deed(kinds: KindSet([kind]), value: .credits(3)), at: World.time)
        }
        return conduct
    }

    private static var stake: Stake {
        var stake = Stake(account: World.boAccount)
        (stake.staked, stake.unbonding, stake.releases) = (amount, .credits(1), later)
        return stake
    }

    private static var rulings: Rulings {
        var rulings = Rulings(agent: World.scout)
        for kind: ActionKind in [.delegate, .toolCall] {
            rulings.put(Override(kind: kind, ruling: .allow, expires: later, by: World.ada))
        }
        rulings.proposed = rulings.overrides.first
        return rulings
    }

    /// With the key that each belongs at.
    static var entries: [(LawKey, LawEntry)] {
        let mandate = Mandate(
            id: id, payer: World.ada, issuer: World.adaAccount, parent: MandateID(), depth: 0,
            terms: terms)
        let approval = Approval(
            id: Digest(repeating: 4), agent: World.scout, key: PublicKey(repeating: 5),
            owner: World.ada, command: [1, 2, 3], expires: later, agreed: [World.bo])
        let anomaly = Anomaly(
            agent: World.scout, number: 2, rule: .value, kind: .transfer, time: World.time,
            value: amount, releasedBy: World.bo)
        return [
            (.account(World.boAccount), .account(Account(id: World.boAccount, balance: amount))),
            (.constitution(World.scout), .constitution(constitution)),
            (.conduct(World.scout), .conduct(conduct)),
            (.anomaly(World.scout), .anomaly(anomaly)), (.mandate(id), .mandate(mandate)),
            (.approval(approval.id), .approval(approval)),
            (.rulings(World.scout), .rulings(rulings)),
            (.offer(offer.id), .offer(offer)), (.auction(taskID), .auction(auction)),
            (.task(taskID), .task(task)), (.stake(World.boAccount), .stake(stake)),
            (.fleetStop(World.ada), .fleetStop(FleetStop(owner: World.ada, stopped: later))),
            (
                .chainStop,
                .chainStop(ChainStop(stopped: later, epoch: 2, votes: [PublicKey(repeating: 1)]))
            ),
            (
                .quota(World.adaAccount),
                .quota(AccountQuota(account: World.adaAccount, quota: quota))
            ),
        ]
    }
}
