// What a program pays is a transfer of its agent: within its constitution, or not at all.
import Agents
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct ProgramTransferTests {
    private let payer = AgentWorld.agent(0)
    private let payee = AgentWorld.agent(1)

    /// An agent with ten credits that was told to pay so many micro-credits.
    private func asked(
        _ amount: UInt64, to payee: AgentID = AgentWorld.agent(1), holding credits: UInt128 = 10,
        _ change: (inout Constitution) -> Void = { _ in }
    ) throws -> AgentWorld {
        var world = try AgentWorld([TestPrograms.asker, TestPrograms.adder])
        world.allow(0, credits, change)
        world.say(0, HostRequest.transfer(to: payee, microCredits: amount).frame)
        return world
    }

    /// Amount, and whether it is paid.
    @Test(arguments: [(1, true), (5_000, true), (5_001, false), (0, false)] as [(UInt64, Bool)])
    func aTransferIsDoneAtOnce(amount: UInt64, isPaid: Bool) throws {
        var world = try asked(amount)
        try world.submitAll(0)
        try world.answer(0, [])
        #expect(try world.submitAll(0) == [isPaid ? 0 : 1])
        let paid = Amount(microCredits: isPaid ? amount : 0)
        #expect(world.balance(1) == paid)
        #expect(world.balance(0) == Amount.credits(10).subtracting(paid))
        let conduct = try #require(world.state.conduct(payer))
        // The transition that read the message, the one that paid, and that with the answer.
        #expect(conduct.total == (isPaid ? 4 : 3))
        #expect(conduct.volume.total(at: world.now) == paid.nanoCredits)
    }

    @Test func ownersArePaidToo() throws {
        var world = try asked(5_000, to: AgentID(World.bo))
        try world.submitAll(0)
        #expect(world.state.balance(of: World.boAccount) == Amount(microCredits: 5_000))
    }

    /// To whom, and with how much on the account.
    @Test(arguments: [(World.unknown, 10), (AgentWorld.agent(0), 10), (AgentWorld.agent(1), 0)]
        as [(AgentID, UInt128)])
    func whatCannotBeDoneIsAnswered(payee: AgentID, credits: UInt128) throws {
        var world = try asked(5_000, to: payee, holding: credits)
        try world.submitAll(0)
        try world.answer(0, [])
        #expect(try world.submitAll(0) == [1])
        #expect(world.balance(0) == .credits(credits))
    }

    @Test func overTheLimitsTheTransitionIsRefused() throws {
        let small = Amount(microCredits: 4_999)
        let rows: [(LawFailure, (inout Constitution) -> Void)] = [
            (.limits(.valueTooLarge(most: small)), { $0.limits.valuePerAction = small }),
            (.limits(.volumeTooLarge(most: small)), { $0.limits.dailyVolume = small }),
            (.limits(.kindNotAllowed(.transfer)), { $0.allowed = KindSet(.transition) }),
            (.limits(.counterpartyNotAllowed), { $0.counterparties = [World.boAccount] }),
            (.limits(.tooManyActions(most: 1)), { $0.limits.actionsPerHour = 1 }),
            (.mandates(.mandateRequired), { $0.requiresMandate = true }),
        ]
        for (failure, change) in rows {
            var world = try asked(5_000, change)
            let before = world.state.instance(payer)
            _ = world.state.takeChanges()
            #expect(throws: LedgerFailure.law(failure)) { try world.submitAll(0) }
            #expect(world.state.instance(payer) == before, "\(failure): no penalty")
            #expect(world.state.takeChanges().isEmpty, "\(failure)")
        }
    }

    @Test func withoutAConstitutionNothingIsPaid() throws {
        var world = try AgentWorld([TestPrograms.asker])
        world.say(0, HostRequest.transfer(to: AgentID(World.bo), microCredits: 1).frame)
        #expect(throws: LedgerFailure.law(.limits(.noConstitution))) { try world.submitAll(0) }
    }

    @Test func theVolumeOfADayIsThatOfAllTransfers() throws {
        let day = Amount(microCredits: 9_999)
        var world = try asked(5_000) { $0.limits.dailyVolume = day }
        try world.submitAll(0)
        try world.answer(0, [])
        try world.submitAll(0)
        world.say(0, HostRequest.transfer(to: payee, microCredits: 5_000).frame)
        #expect(throws: LedgerFailure.law(.limits(.volumeTooLarge(most: day)))) {
            try world.submitAll(0)
        }
    }

    @Test func outOfTheOrdinaryIsNotPaid() throws {
        var world = try asked(5_000)
        var conduct = Conduct(agent: payer, since: Instant(nanoseconds: 0))
        conduct.total = 1_000
        world.state.set(conduct)
        world.allow(0, 10) { $0.watch.isOn = true }
        try world.submitAll(0)
        #expect(world.balance(1) == .zero)
        #expect(world.state.instance(payer)?.call?.answer?.status == .refused)
        #expect(world.state.conduct(payer)?.isSafe == true)
        #expect(world.state.anomaly(payer)?.kind == .transfer)
    }
}

/// Transfers for which people are asked.
@Suite struct ProgramApprovalTests {
    private let payer = AgentWorld.agent(0)

    /// A transfer of 5,000 micro-credits by an agent whose guardian is Bo, accepted and waiting.
    private func waiting() throws -> AgentWorld {
        var world = try AgentWorld([TestPrograms.asker, TestPrograms.adder])
        world.allow(0, 10) {
            $0.guardians = [World.bo]
            $0.approvals.threshold = 1
            $0.approvals.above = Amount(microCredits: 4_999)
        }
        world.say(
            0, HostRequest.transfer(to: AgentWorld.agent(1), microCredits: 5_000).frame)
        try world.submitAll(0)
        return world
    }

    private func approval(_ world: AgentWorld) throws -> Approval {
        let call = try #require(world.state.instance(payer)?.call)
        #expect(call.answer == nil && !call.isOpenCall)
        return try #require(world.state.approval(call.approval))
    }

    private func decide(_ command: LawCommand, _ world: inout AgentWorld) throws {
        try World.run(.law(command), by: TestKey.bo, for: World.bo, at: world.now, in: &world.state)
    }

    @Test func guardiansLetItBeDone() throws {
        var world = try waiting()
        let approval = try approval(world)
        #expect(approval.asked?.value == Amount(microCredits: 5_000))
        #expect(world.balance(1) == .zero)
        try decide(.approve(approval.id), &world)
        #expect(world.balance(1) == Amount(microCredits: 5_000))
        try world.answer(0, [])
        #expect(try world.submitAll(0) == [0])
        #expect(world.state.approval(approval.id) == nil)
    }

    @Test func guardiansRefuseIt() throws {
        var world = try waiting()
        try decide(.refuse(try approval(world).id), &world)
        try world.answer(0, [])
        #expect(try world.submitAll(0) == [1])
        #expect(world.balance(1) == .zero)
    }

    @Test func itIsGivenUpOnceItExpired() throws {
        var world = try waiting()
        let approval = try approval(world)
        world.now = World.time.advanced(byNanoseconds: callPatience)
        #expect(throws: LedgerFailure.transitions(.notDue)) {
            try world.run(.transition(.abandonCall(payer)))
        }
        world.now = approval.expires
        try world.run(.transition(.abandonCall(payer)))
        #expect(world.state.approval(approval.id) == nil)
        #expect(world.state.conduct(payer)?.waiting == 0)
        try world.answer(0, [])
        #expect(try world.submitAll(0) == [UInt64(HostAnswer.Status.abandoned.rawValue)])
    }

    @Test func theEndOfTheAgentClosesIt() throws {
        var world = try waiting()
        let approval = try approval(world)
        try world.run(.transition(.end(payer)))
        #expect(world.state.approval(approval.id) == nil)
        #expect(throws: LedgerFailure.self) { try decide(.approve(approval.id), &world) }
        #expect(world.balance(0) == .credits(10))
    }

    /// It is no call: nobody answers it in the place of people.
    @Test func thePayeeCannotAnswerIt() throws {
        var world = try waiting()
        try world.deliver(from: 0, to: 1, [])
        #expect(throws: LedgerFailure.transitions(.callUnknown(payer))) { try world.submitAll(1) }
    }

    @Test func nobodyToAsk() throws {
        var world = try AgentWorld([TestPrograms.asker])
        world.allow(0, 10) { $0.approvals.above = .zero }
        world.say(0, HostRequest.transfer(to: AgentID(World.bo), microCredits: 1).frame)
        let before = world.state.instance(payer)
        #expect(throws: LedgerFailure.transitions(.approval(.noGuardians))) {
            try world.submitAll(0)
        }
        #expect(world.state.instance(payer) == before)
    }
}
