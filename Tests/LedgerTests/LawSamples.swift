// One of each command and each entry of the law and the market, for the tests of their encodings.
import Agents
import Primitives

@testable import Ledger

enum LawSamples {
    static let amount = Amount(nanoCredits: 1 << 70)
    static let later = Instant(nanoseconds: World.time.nanoseconds + 9)
    private static let id = MandateID(of: World.adaAccount, number: 1)

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
            .release(World.scout), .voteFee(2_000),
            .task(.post(by: World.scoutAccount, number: 1, mandate: MandateID(), taskTerms)),
            .task(.post(by: World.scoutAccount, number: 1, mandate: MandateID(), runTerms)),
            .task(.post(by: World.scoutAccount, number: 1, mandate: MandateID(), provenTerms)),
            .stake(.stake(by: World.scoutAccount, .credits(1))),
            .stake(.unstake(by: World.scoutAccount, .credits(1))),
            .stake(.withdraw(by: World.scoutAccount)),
            .stake(.slash(by: World.scoutAccount, evidence: taskID)),
        ] + market + moves.map { .task(.move(by: World.scoutAccount, taskID, $0)) } + [
            .task(.batch(batch)), .limit(World.scoutAccount, quota),
            .grantRole(roles.grants[0]), .revokeRole(PublicKey(repeating: 6)),
        ] + MarketSamples.commands
    }

    private static var roles: OwnerRoles {
        var roles = OwnerRoles(owner: World.ada)
        roles.put(RoleGrant(key: PublicKey(repeating: 7), role: .auditor))
        roles.put(
            RoleGrant(
                key: PublicKey(repeating: 6), role: .agent, account: World.scoutAccount,
                workloads: KindSet([.toolCall, .transfer])))
        return roles
    }

    /// An agent's, which the law judges before the chapter refuses it.
    private static var batch: TaskBatch {
        TaskBatch(
            account: World.scoutAccount,
            entries: [.post(number: 2, taskTerms), .move(taskID, .assign(World.otherAccount))])
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
        let (scout, offer) = (World.scoutAccount, OfferID(of: World.scoutAccount, number: 1))
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
        var terms = OfferTerms(
            name: "þýðing", pricePerUnit: .credits(2), capacity: 8, load: 1,
            model: Digest(repeating: 1))
        terms.dailyVolume = .credits(9)
        return terms
    }

    private static var offer: Offer {
        Offer(
            id: OfferID(of: World.boAccount, number: 1), seller: World.boAccount,
            terms: offerTerms, reference: amount, referenceSince: World.time)
    }

    private static var auction: Auction {
        var auction = Auction(
            id: taskID, poster: World.scoutAccount, payer: World.adaAccount, terms: taskTerms,
            bidsUntil: later, revealsUntil: later,
            bids: [Bid(bidder: World.boAccount, commitment: Digest(repeating: 3), price: amount)],
            held: amount)
        (auction.mandate, auction.posterLaw, auction.ended) = (id, 3, later)
        return auction
    }

    static let moves: [TaskMove] = [
        .assign(World.otherAccount), .claim, .begin, .deliver(Digest(repeating: 8)), .giveUp,
        .accept, .dispute(Digest(repeating: 8)), .confirm(Digest(repeating: 8)),
        .arbitrate(.split), .cancel, .expire, .deliverRun(claim),
        .prove(Digest(repeating: 8), proof: [1, 2, 3]), .challenge(deposit: .credits(1)),
        .trace((0..<15).map { Digest(repeating: $0) }), .pick(15), .show(step),
    ]

    static let claim = RunClaim(
        root: Digest(repeating: 9), written: 2, output: Digest(repeating: 8))

    /// A run that is over, which shows no leaves.
    private static var step: RunStep {
        var state = RunState(root: Digest(repeating: 9))
        (state.phase, state.read, state.written) = (.ended, 3, 2)
        state.output = Digest(repeating: 8)
        return RunStep(before: state, input: [5, 6])
    }

    static var runTerms: TaskTerms {
        var terms = TaskTerms(specification: Digest(repeating: 7), milestones: [.credits(3)])
        terms.verification = .reexecuted(
            TaskRun(program: Digest(repeating: 5), input: [5, 6]),
            Reexecution(deposit: .credits(2), reward: .credits(1), rounds: 3))
        return terms
    }

    static var provenTerms: TaskTerms {
        var terms = runTerms
        terms.verification = .proven(TaskRun(program: Digest(repeating: 5), input: [5, 6]))
        return terms
    }

    private static let taskID = PostedTaskID(of: World.scoutAccount, number: 1)

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
            id: taskID, poster: World.scoutAccount, payer: World.adaAccount, taskTerms,
            fee: .standard)
        (task.due, task.held) = (later, amount)
        task.confirmations = [
            Confirmation(verifier: AccountID(repeating: 2), result: Digest(repeating: 8))
        ]
        task.votes = [ArbiterVote(arbiter: AccountID(repeating: 1), verdict: .split)]
        return task
    }

    /// In a challenge, after a trace.
    private static var challengedTask: PostedTask {
        var task = PostedTask(
            id: PostedTaskID(of: World.scoutAccount, number: 2), poster: World.scoutAccount,
            payer: World.adaAccount, runTerms, fee: .standard)
        (task.state, task.worker, task.due) = (.challenged, World.otherAccount, later)
        (task.held, task.mandate, task.result) = (amount, id, Digest(repeating: 8))
        task.laws = TaskLaws(poster: 3, worker: 4)
        (task.earned, task.charged, task.ended) = (.credits(6), .credits(5), later)
        task.claim = claim
        var challenge = Challenge(
            by: World.boAccount, rounds: 2, before: Digest(repeating: 1),
            after: Digest(repeating: 2))
        challenge.start = 256
        challenge.trace = (0..<15).map { Digest(repeating: $0) }
        task.challenge = challenge
        task.covered = .credits(9)
        return task
    }

    private static var marketRules: MarketRules {
        var rules = MarketRules()
        rules.epoch = 2
        rules.votes = [FeeVote(voter: PublicKey(repeating: 1), fee: .standard)]
        return rules
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
        stake.bound = .credits(7)
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
            id: id, issuer: MandateIssuer(account: World.adaAccount, payer: World.ada),
            parent: MandateID(), depth: 0, terms: terms)
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
            (.task(taskID), .task(task)), (.task(challengedTask.id), .task(challengedTask)),
            (.marketRules, .marketRules(marketRules)), (.stake(World.boAccount), .stake(stake)),
            (.fleetStop(World.ada), .fleetStop(FleetStop(owner: World.ada, stopped: later))),
            (
                .chainStop,
                .chainStop(ChainStop(stopped: later, epoch: 2, votes: [PublicKey(repeating: 1)]))
            ),
            (
                .quota(World.adaAccount),
                .quota(AccountQuota(account: World.adaAccount, quota: quota))
            ),
            (.roles(World.ada), .roles(roles)),
        ] + MarketSamples.entries
    }
}
