// The constitution chapter: who sets it, and every limit of an action and of records.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct ConstitutionTests {
    private func law(_ change: (inout Constitution) -> Void) -> Command {
        var law = World.constitution(of: World.scout, version: 2)
        change(&law)
        return .law(.enact(law))
    }

    @Test func enactingInOrder() throws {
        var request = Request(law { _ in }, state: try World.rich())
        let stranger = OwnerID(repeating: 7)
        climb(
            request, to: .law(.enacted(World.scout, version: 2)),
            [
                Rung(.law(.constitutions(.guardianUnknown(stranger)))) {
                    $0.command = law { $0.guardians = [stranger] + $0.guardians }
                },
                Rung(.law(.constitutions(.invalidTerms))) {
                    $0.command = law {
                        $0.guardians = [stranger] + $0.guardians
                        $0.approvals.threshold = 0
                    }
                },
                Rung(.law(.constitutions(.wrongVersion(expected: 2)))) {
                    $0.command = law {
                        $0.approvals.threshold = 0
                        $0.version = 3
                    }
                },
                Rung(.law(.constitutions(.agentRetired))) {
                    $0.command = law { $0.agent = World.gone }
                },
                Rung(.law(.constitutions(.agentUnknown))) {
                    $0.command = law { $0.agent = World.other }
                },
                Rung(.law(.constitutions(.notOwnersKey))) { $0.key = TestKey.scout },
                Rung(.law(.constitutions(.ownerUnknown))) { $0.owner = stranger },
            ] + .beforeChapters(expecting: 1))
        _ = try request.run()
        #expect(request.state.constitution(World.scout)?.version == 2)
        for version in [0, 1, 2, 4, .max] as [UInt64] {
            request.command = law { $0.version = version }
            #expect(
                outcome(&request)
                    == .failure(.law(.constitutions(.wrongVersion(expected: 3)))))
        }
    }

    @Test func termsOutOfTheirRanges() throws {
        let state = try World.rich()
        let table: [(String, (inout Constitution) -> Void)] = [
            ("guardians out of order", { $0.guardians.swapAt(0, 1) }),
            ("a guardian twice", { $0.guardians[1] = $0.guardians[0] }),
            ("a counterparty twice", { $0.counterparties = [.fees, .fees] }),
            ("three of three and one more", { $0.approvals.threshold = 4 }),
            ("none of three", { $0.approvals.threshold = 0 }),
            ("one of none", { $0.guardians = [] }),
            ("no time", { $0.approvals.lifetime = 0 }),
            ("a nanosecond too long", { $0.approvals.lifetime = ApprovalTerms.longest + 1 }),
            ("a factor of 0", { $0.watch.factor = 0 }),
            ("nobody to be the second", {
                $0.guardians = [World.ada]
                $0.approvals.threshold = 1
                $0.dualControl = true
            }),
        ]
        for (fault, change) in table {
            var request = Request(law(change), state: state)
            #expect(
                outcome(&request) == .failure(.law(.constitutions(.invalidTerms))), "\(fault)")
        }
    }

    /// Each row takes one more limit away.
    @Test func limitsInOrder() throws {
        var stage = try Stage { _ in }
        #expect((try? stage.pay(10).get()) != nil)
        let cent = Amount(nanoCredits: 10_000_000_000)
        let less = Amount(nanoCredits: 9_999_999_999)
        let rows: [(LimitFailure, (inout Constitution) -> Void)] = [
            (.tooMuchGas(most: 19_999), { $0.limits.gasPerDay = 19_999 }),
            (.volumeTooLarge(most: .credits(19)), { $0.limits.dailyVolume = .credits(19) }),
            (.tooManyActions(most: 1), { $0.limits.actionsPerHour = 1 }),
            (.valueTooLarge(most: less), { $0.limits.valuePerAction = less }),
            (.counterpartyNotAllowed, { $0.counterparties = [.fees] }),
            (.kindNotAllowed(.transfer), { $0.allowed = KindSet([.delegate]) }),
        ]
        #expect(cent == .credits(10))
        for taken in 1...rows.count {
            try stage.enact { law in rows.prefix(taken).forEach { $0.1(&law) } }
            let found = stage.pay(10)
            #expect(found.refusal == .limits(rows[taken - 1].0), "row \(taken)")
        }
        #expect(stage.credits(World.scoutAccount) == 990)
    }

    @Test func exactlyTheLimitIsAllowed() throws {
        var stage = try Stage {
            $0.limits.valuePerAction = .credits(10)
            $0.limits.dailyVolume = .credits(20)
            $0.limits.actionsPerHour = 2
            $0.limits.gasPerDay = 20_000
            $0.counterparties = [World.boAccount]
            $0.allowed = KindSet([.transfer])
        }
        #expect((try? stage.pay(10).get()) != nil && (try? stage.pay(10).get()) != nil)
        #expect(stage.pay(10).refusal == .limits(.tooManyActions(most: 2)))
    }

    @Test func withoutAConstitution() throws {
        var stage = try Stage()
        let idle = AgentID(owner: World.ada, name: "new")
        try World.run(
            .agent(.register(name: "new", profile: AgentProfile())), by: TestKey.ada,
            for: World.ada, in: &stage.state)
        let transfer = Transfer(
            from: AccountID(idle), to: World.boAccount, amount: Amount(nanoCredits: 1))
        #expect(
            stage.give(.transfer(transfer), by: TestKey.ada).refusal
                == .limits(.noConstitution))
    }

    /// What an owner's agent has is the owner's, whatever limits and stops say.
    @Test func ownerTakesItsMoneyBack() throws {
        var stage = try Stage { $0.limits = ActionLimits() }
        stage.give(.stop(.agent(World.scout)), by: TestKey.ada)
        let back = LawCommand.transfer(
            Transfer(from: World.scoutAccount, to: World.adaAccount, amount: .credits(1_000)))
        #expect(stage.give(back).refusal == .limits(.valueTooLarge(most: .zero)))
        let effect = LawEffect.transferred(
            from: World.scoutAccount, to: World.adaAccount, .credits(1_000))
        #expect(stage.give(back, by: TestKey.ada) == .success(effect))
        #expect(stage.state.conduct(World.scout) == nil)
    }

    /// A limit by the hour holds in any hour, not only from one full hour to the next.
    @Test func limitsHoldInEveryHour() throws {
        var stage = try Stage { $0.limits.actionsPerHour = 1 }
        stage.time = Instant(nanoseconds: 500_000 * Nanoseconds.perHour - 1)
        #expect((try? stage.pay(1).get()) != nil)
        stage.wait(1)
        #expect(stage.pay(1).refusal == .limits(.tooManyActions(most: 1)))
        stage.wait(Nanoseconds.perHour - 1)
        #expect(stage.pay(1).refusal == .limits(.tooManyActions(most: 1)))
        stage.wait(1)
        #expect((try? stage.pay(1).get()) != nil)
    }

    @Test func recordsCount() throws {
        let agent = World.scout
        var stage = try Stage { $0.limits.actionsPerHour = 3 }
        #expect((try? stage.record(2).get()) != nil)
        #expect(
            stage.record(2) == .failure(.law(.recordLimits(agent, .tooManyActions(most: 3)))))
        #expect((try? stage.record(1).get()) != nil)
        #expect(stage.pay(1).refusal == .limits(.tooManyActions(most: 3)))
        try stage.enact { $0.limits.gasPerDay = 36_000 + 11_999 }
        #expect(
            stage.record(1) == .failure(.law(.recordLimits(agent, .tooMuchGas(most: 47_999)))))
        try stage.enact { $0.allowed = KindSet([.modelCall]) }
        #expect(
            stage.record(1) { $0.kind = .toolCall }
                == .failure(.law(.recordLimits(agent, .kindNotAllowed(.toolCall)))))
        #expect((try? stage.record(1) { $0.kind = .modelCall }.get()) != nil)
        #expect(stage.state.conduct(agent)?.total == 4)
    }
}
