// The mandates chapter: giving, passing on what is narrower, spending, and taking back.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct MandatesTests {
    private static let hour = World.time.advanced(byNanoseconds: Nanoseconds.perHour)

    static func terms(
        _ holder: AgentID, _ credits: UInt128 = 100,
        _ change: (inout MandateTerms) -> Void = { _ in }
    ) -> MandateTerms {
        var terms = MandateTerms(holder: holder, expires: hour)
        terms.scope = KindSet([.transfer, .delegate])
        terms.budget = .credits(credits)
        terms.payees = [World.boAccount, .fees].sorted()
        terms.purpose = Digest(repeating: 6)
        change(&terms)
        return terms
    }

    static let root = MandateID(of: World.adaAccount, number: 1)
    static let hop = MandateID(of: World.scoutAccount, number: 1)

    /// Ada gave scout a mandate of 100 credits.
    static func stage() throws -> Stage {
        var stage = try Stage()
        let issue = LawCommand.mandate(.issue(number: 1, terms(World.scout)))
        _ = try stage.give(issue, by: TestKey.ada).get()
        return stage
    }

    private func delegate(_ terms: MandateTerms, number: UInt64 = 1) -> LawCommand {
        .mandate(.delegate(by: World.scout, parent: Self.root, number: number, terms))
    }

    @Test func issuingInOrder() throws {
        func issue(
            _ number: UInt64 = 2, _ change: (inout MandateTerms) -> Void = { _ in }
        ) -> Command {
            .law(.mandate(.issue(number: number, Self.terms(World.scout, 100, change))))
        }
        let request = Request(issue(), state: try Self.stage().state)
        let id = MandateID(of: World.adaAccount, number: 2)
        climb(
            request, to: .law(.mandateGiven(id, to: World.scout)),
            [
                Rung(.law(.mandates(.holderUnknown))) {
                    $0.command = issue { $0.holder = World.unknown }
                },
                Rung(.law(.mandates(.invalidTerms))) {
                    $0.command = issue {
                        $0.holder = World.unknown
                        $0.expires = World.time
                    }
                },
                Rung(.law(.mandates(.numberUsed))) {
                    $0.command = issue(1) { $0.expires = World.time }
                },
                Rung(.law(.mandates(.notOwnersKey))) { $0.key = TestKey.scout },
                Rung(.law(.mandates(.ownerUnknown))) { $0.owner = OwnerID(repeating: 7) },
            ] + .beforeChapters(expecting: 1))
    }

    @Test func termsOutOfTheirRanges() throws {
        let table: [(String, (inout MandateTerms) -> Void)] = [
            ("no kinds", { $0.scope = KindSet() }), ("no budget", { $0.budget = .zero }),
            ("over already", { $0.expires = World.time }),
            ("payees out of order", { $0.payees.swapAt(0, 1) }),
        ]
        for (fault, change) in table {
            let command = LawCommand.mandate(
                .issue(number: 2, Self.terms(World.scout, 1, change)))
            var stage = try Self.stage()
            #expect(
                stage.give(command, by: TestKey.ada).refusal == .mandates(.invalidTerms),
                "\(fault)")
        }
    }

    /// Each row widens one more thing by the least there is.
    @Test func delegatingInOrder() throws {
        let rows: [(MandateFailure, (inout MandateTerms) -> Void)] = [
            (.purposeChanged, { $0.purpose = Digest() }),
            (.expiryWidened, { $0.expires = Self.hour.advanced(byNanoseconds: 1) }),
            (.payeesWidened, { $0.payees = ($0.payees + [World.adaAccount]).sorted() }),
            (.budgetWidened, { $0.budget.nanoCredits += 1 }),
            (.scopeWidened, { $0.scope.insert(.modelCall) }),
            (.cycle, { $0.holder = World.scout }),
            (.holderUnknown, { $0.holder = World.unknown }),
            (.invalidTerms, { $0.expires = World.time }),
        ]
        var stage = try Self.stage()
        for taken in 1...rows.count {
            let terms = Self.terms(World.other) { terms in
                rows.prefix(taken).forEach { $0.1(&terms) }
            }
            let found = stage.give(delegate(terms))
            #expect(found.refusal == .mandates(rows[taken - 1].0), "row \(taken)")
        }
        let anybody = Self.terms(World.other) { $0.payees = [] }
        #expect(stage.give(delegate(anybody)).refusal == .mandates(.payeesWidened))
        let same = Self.terms(World.other)
        let given = LawEffect.mandateGiven(Self.hop, to: World.other)
        #expect(stage.give(delegate(same)) == .success(given))
        #expect(stage.give(delegate(same)).refusal == .mandates(.numberUsed))
    }

    @Test func onlyTheHolderPassesOn() throws {
        var stage = try Self.stage()
        let command = LawCommand.mandate(
            .delegate(
                by: World.other, parent: Self.root, number: 1, Self.terms(World.idle)))
        #expect(
            stage.give(command, by: TestKey.other).refusal == .mandates(.notHolder))
        let nowhere = LawCommand.mandate(
            .delegate(
                by: World.scout, parent: Self.hop, number: 1, Self.terms(World.idle)))
        #expect(stage.give(nowhere).refusal == .mandates(.mandateUnknown))
    }

    /// What is passed on counts against every mandate above, and the owner pays.
    @Test func spendingCountsUpwards() throws {
        var stage = try Self.stage()
        _ = try stage.give(delegate(Self.terms(World.other, 60))).get()
        let before = stage.credits(World.boAccount)
        #expect((try? stage.pay(50, under: Self.root).get()) != nil)
        #expect(stage.credits(World.scoutAccount) == 1_000)
        #expect(stage.credits(World.boAccount) == before + 50)
        let spend = { (credits: UInt128) in
            LawCommand.transfer(
                Transfer(
                    from: World.otherAccount, to: .fees, amount: .credits(credits),
                    mandate: Self.hop))
        }
        #expect(
            stage.give(spend(51), by: TestKey.other).refusal
                == .mandates(.overBudget(Self.root)))
        let effect = LawEffect.transferred(from: World.adaAccount, to: .fees, .credits(50))
        #expect(stage.give(spend(50), by: TestKey.other) == .success(effect))
        #expect(
            stage.give(spend(1), by: TestKey.other).refusal == .mandates(.overBudget(Self.root)))
        #expect(stage.state.mandate(Self.root)?.spent == .credits(100))
        #expect(stage.state.mandate(Self.hop)?.spent == .credits(50))
    }

    @Test func spendingInOrder() throws {
        let other = MandateID(of: World.boAccount, number: 1)
        var stage = try Self.stage()
        let issue = LawCommand.mandate(.issue(number: 1, Self.terms(World.other)))
        _ = try stage.give(issue, by: TestKey.bo).get()
        func pay(_ to: AccountID, _ credits: UInt128, _ id: MandateID) -> LawFailure? {
            let transfer = Transfer(
                from: World.scoutAccount, to: to, amount: .credits(credits), mandate: id)
            return stage.give(.transfer(transfer)).refusal
        }
        #expect(pay(World.boAccount, 101, Self.root) == .mandates(.overBudget(Self.root)))
        #expect(pay(World.adaAccount, 101, Self.root) == .mandates(.payeeNotAllowed))
        #expect(pay(World.boAccount, 1, other) == .mandates(.notHolder))
        #expect(pay(World.boAccount, 1, Self.hop) == .mandates(.mandateUnknown))
        stage.wait(Nanoseconds.perHour - 1)
        #expect(pay(World.boAccount, 1, Self.root) == nil)
        stage.wait(1)
        #expect(pay(World.boAccount, 1, Self.root) == .mandates(.expired(Self.root)))
        let own = Transfer(
            from: World.adaAccount, to: World.boAccount, amount: .credits(1), mandate: Self.root)
        #expect(
            stage.give(.transfer(own), by: TestKey.ada).refusal == .mandates(.notHolder))
    }

    @Test func scopeHolds() throws {
        var stage = try Stage { $0.requiresMandate = true }
        #expect(stage.pay(1).refusal == .mandates(.mandateRequired))
        let terms = Self.terms(World.scout) { $0.scope = KindSet([.delegate]) }
        _ = try stage.give(.mandate(.issue(number: 1, terms)), by: TestKey.ada).get()
        #expect(
            stage.pay(1, under: Self.root).refusal == .mandates(.outOfScope(.transfer)))
    }

    @Test func takingBackEndsAllBelow() throws {
        var stage = try Self.stage()
        _ = try stage.give(delegate(Self.terms(World.other))).get()
        let revoke = { (account: AccountID, id: MandateID) in
            LawCommand.mandate(.revoke(by: account, id))
        }
        let spend = LawCommand.transfer(
            Transfer(
                from: World.otherAccount, to: .fees, amount: .credits(1), mandate: Self.hop))
        #expect((try? stage.give(spend, by: TestKey.other).get()) != nil)
        #expect(
            stage.give(revoke(World.otherAccount, Self.hop), by: TestKey.other).refusal
                == .mandates(.notIssuer))
        #expect(
            stage.give(revoke(World.scoutAccount, Self.root)).refusal == .mandates(.notIssuer))
        #expect(
            stage.give(revoke(World.adaAccount, Self.root)).refusal == .standing(.notAllowed))
        #expect(
            stage.give(revoke(World.adaAccount, MandateID()), by: TestKey.ada).refusal
                == .mandates(.mandateUnknown))
        let done = LawEffect.mandateRevoked(Self.root)
        #expect(
            stage.give(revoke(World.adaAccount, Self.root), by: TestKey.ada) == .success(done))
        #expect(
            stage.give(revoke(World.adaAccount, Self.root), by: TestKey.ada).refusal
                == .mandates(.alreadyRevoked))
        #expect(
            stage.give(spend, by: TestKey.other).refusal == .mandates(.revoked(Self.root)))
        #expect(
            stage.give(delegate(Self.terms(World.other), number: 2)).refusal
                == .mandates(.revoked(Self.root)))
        #expect((try? stage.give(revoke(World.adaAccount, Self.hop), by: TestKey.ada).get()) != nil)
    }

    /// Eight hops, each of another agent, and no ninth.
    @Test func chainsEnd() throws {
        var stage = try Stage()
        var agents: [AgentID] = []
        for number in 0..<11 {
            let name = "hop \(number)"
            try World.run(
                .agent(.register(name: name, profile: AgentProfile())), by: TestKey.ada,
                for: World.ada, in: &stage.state)
            agents.append(AgentID(owner: World.ada, name: name))
            _ = try stage.give(
                .enact(World.constitution(of: agents[number])), by: TestKey.ada).get()
        }
        var parent = MandateID(of: World.adaAccount, number: 1)
        _ = try stage.give(
            .mandate(.issue(number: 1, Self.terms(agents[0]))), by: TestKey.ada).get()
        for hop in 0..<8 {
            let command = LawCommand.mandate(
                .delegate(
                    by: agents[hop], parent: parent, number: 1, Self.terms(agents[hop + 1])))
            _ = try stage.give(command, by: TestKey.ada).get()
            parent = MandateID(of: AccountID(agents[hop]), number: 1)
        }
        let ninth = LawCommand.mandate(
            .delegate(by: agents[8], parent: parent, number: 1, Self.terms(agents[9])))
        #expect(stage.give(ninth, by: TestKey.ada).refusal == .mandates(.tooDeep))
        let spend = LawCommand.transfer(
            Transfer(
                from: AccountID(agents[8]), to: .fees, amount: .credits(7), mandate: parent))
        #expect((try? stage.give(spend, by: TestKey.ada).get()) != nil)
        let root = MandateID(of: World.adaAccount, number: 1)
        #expect(stage.state.mandate(root)?.spent == .credits(7))
    }
}
