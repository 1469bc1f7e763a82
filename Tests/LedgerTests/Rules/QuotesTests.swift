// Standing quotes: placing within the breaker, taking at once, refusals in order.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct QuotesTests {
    private let maker = World.otherAccount
    private let id = QuoteID(of: World.otherAccount, number: 1)

    private static func terms(
        _ change: (inout QuoteTerms) -> Void = { _ in }
    ) -> QuoteTerms {
        var terms = QuoteTerms(
            capability: "translation",
            price: QuotePrice(base: .credits(10), unit: .credits(20)), capacity: 5,
            until: World.time.advanced(byNanoseconds: Nanoseconds.perDay),
            deliver: Nanoseconds.perHour)
        change(&terms)
        return terms
    }

    private func place(
        _ stage: inout Stage, _ change: (inout QuoteTerms) -> Void = { _ in }
    ) -> LawFailure? {
        let command = QuoteCommand.place(by: maker, number: 1, Self.terms(change))
        return stage.give(.quote(command), by: TestKey.other).refusal
    }

    private func stage(_ change: (inout QuoteTerms) -> Void = { _ in }) throws -> Stage {
        var stage = try Stage()
        #expect(place(&stage, change) == nil)
        return stage
    }

    private func task(
        _ credits: [UInt128], _ change: (inout TaskTerms) -> Void = { _ in }
    ) -> TaskTerms {
        var terms = TaskTerms(
            specification: Digest(), milestones: credits.map { Amount.credits($0) })
        terms.worker = maker
        change(&terms)
        return terms
    }

    private func take(
        _ stage: inout Stage, _ units: UInt64, _ terms: TaskTerms, number: UInt64 = 1,
        quote: QuoteID? = nil
    ) -> Result<LawEffect, LedgerFailure> {
        let taking = QuoteTaking(
            by: TaskWorld.poster, number: number, quote ?? id, units: units)
        return stage.give(.quote(.take(taking, terms)), by: TestKey.ada)
    }

    @Test func termsOutOfTheirRanges() throws {
        let table: [(String, (inout QuoteTerms) -> Void)] = [
            ("no capability", { $0.capability = "" }),
            ("units for nothing", { $0.price.unit = .zero }),
            ("no capacity", { $0.capacity = 0 }), ("over at once", { $0.until = World.time }),
            ("no time", { $0.deliver = 0 }),
            ("too much time", { $0.deliver = TaskTimes.range.upperBound + 1 }),
        ]
        for (fault, change) in table {
            var stage = try Stage()
            #expect(place(&stage, change) == .quotes(.invalidTerms), "\(fault)")
        }
        _ = try stage { $0.price.base = .zero }
    }

    /// One operation: the task is the maker's, its price is held, and units are gone.
    @Test func takenAtOnce() throws {
        var stage = try stage()
        let before = stage.credits(TaskWorld.poster)
        let task = task([30, 20])
        #expect(
            take(&stage, 2, task)
                == .success(.quoteTaken(id, task: TaskWorld.id, left: 3)))
        #expect(stage.credits(TaskWorld.poster) == before - 50)
        let found = try #require(stage.state.task(TaskWorld.id))
        #expect(found.state == .assigned && found.worker == maker && found.held == .credits(50))
        #expect(found.due == stage.time.advanced(byNanoseconds: task.times.begin))
        let begin = LawCommand.task(.move(by: maker, TaskWorld.id, .begin))
        #expect(stage.give(begin, by: TestKey.other).refusal == nil)
        #expect(take(&stage, 4, self.task([90]), number: 2).refusal == .quotes(.notEnough(left: 3)))
        #expect(take(&stage, 3, self.task([70]), number: 2).refusal == nil)
        #expect(take(&stage, 1, self.task([30]), number: 3).refusal == .quotes(.notEnough(left: 0)))
    }

    @Test func takingInOrder() throws {
        var stage = try stage()
        let balance = stage.state.account(TaskWorld.poster).balance
        stage.state.set(Account(id: TaskWorld.poster, balance: .credits(29)))
        let good = task([30])
        #expect(
            take(&stage, 1, good).refusal
                == .quotes(.terms(.insufficient(balance: .credits(29)))))
        let arbiter = task([30]) { $0.arbiters = [World.scoutAccount] }
        #expect(
            take(&stage, 1, arbiter).refusal
                == .quotes(.terms(.conflict(World.scoutAccount))))
        let short = task([30]) {
            $0.attempts = 0
            $0.times.deliver = Nanoseconds.perHour - 1
        }
        #expect(take(&stage, 1, short).refusal == .quotes(.tooShort(Nanoseconds.perHour)))
        for wrong in [[29], [31], [], [30, 1]] as [[UInt128]] {
            let terms = task(wrong) { $0.times.deliver = 0 }
            #expect(take(&stage, 1, terms).refusal == .quotes(.wrongPrice(.credits(30))))
        }
        let half = Amount(nanoCredits: 1 << 127)
        let large = task([]) { $0.milestones = [half, half] }
        #expect(take(&stage, 1, large).refusal == .quotes(.wrongPrice(.credits(30))))
        let other = task([31]) { $0.worker = World.boAccount }
        #expect(take(&stage, 1, other).refusal == .quotes(.wrongWorker))
        for units in [0, 6, .max] as [UInt64] {
            #expect(take(&stage, units, other).refusal == .quotes(.notEnough(left: 5)))
        }
        stage.wait(Nanoseconds.perDay - 1)
        #expect(take(&stage, 0, other).refusal == .quotes(.notEnough(left: 5)))
        stage.wait(1)
        #expect(take(&stage, 0, other).refusal == .quotes(.tooLate))
        let withdraw = LawCommand.quote(.withdraw(by: maker, id))
        #expect(stage.give(withdraw, by: TestKey.other).refusal == nil)
        #expect(take(&stage, 0, other).refusal == .quotes(.notOpen))
        #expect(take(&stage, 0, other, quote: QuoteID()).refusal == .quotes(.quoteUnknown))
        stage.state.set(Account(id: TaskWorld.poster, balance: balance))
        #expect(stage.state.task(TaskWorld.id) == nil)
    }

    @Test func aNumberIsUsedOnceAndNobodyTakesItsOwn() throws {
        var stage = try stage()
        _ = try take(&stage, 1, task([30])).get()
        #expect(
            take(&stage, 1, task([30])).refusal == .quotes(.terms(.numberUsed)))
        let own = QuoteTaking(by: World.boAccount, number: 1, id, units: 1)
        #expect(
            stage.give(.quote(.take(own, task([30]))), by: TestKey.bo).refusal
                == .quotes(.terms(.conflict(maker))))
    }

    @Test func withdrawing() throws {
        var stage = try stage()
        let withdraw = LawCommand.quote(.withdraw(by: maker, id))
        let others = LawCommand.quote(.withdraw(by: World.scoutAccount, id))
        let unknown = LawCommand.quote(.withdraw(by: maker, QuoteID()))
        #expect(stage.give(unknown, by: TestKey.other).refusal == .quotes(.quoteUnknown))
        #expect(stage.give(others).refusal == .quotes(.notMaker))
        #expect(
            stage.give(withdraw, by: TestKey.other)
                == .success(.quoteChanged(id, isOpen: false)))
        #expect(stage.give(withdraw, by: TestKey.other).refusal == .quotes(.notOpen))
        #expect(place(&stage) == nil && stage.state.quote(id)?.isOpen == true)
    }

    /// Each part of the price moves to half or to double within an hour, withdrawn or not.
    @Test func breaker() throws {
        var stage = try stage()
        let reference = Self.terms().price
        let halt = LawFailure.quotes(.breaker(reference: reference))
        for (base, unit, failure) in [
            (20, 20, nil), (21, 20, halt), (10, 41, halt), (5, 40, nil), (4, 20, halt),
            (10, 9, halt), (0, 20, halt),
        ] as [(UInt128, UInt128, LawFailure?)] {
            #expect(
                place(&stage) { $0.price = QuotePrice(base: .credits(base), unit: .credits(unit)) }
                    == failure, "\(base), \(unit)")
        }
        stage.wait(Offer.breakerTime - 1)
        #expect(place(&stage) { $0.price.unit = .credits(90) } == halt)
        stage.wait(1)
        #expect(place(&stage) { $0.price.unit = .credits(90) } == nil)
        #expect(stage.state.quote(id)?.reference.unit == .credits(90))
    }

    /// The law sees whom and how much.
    @Test func takingIsJudged() throws {
        var stage = try stage()
        try stage.enact { $0.counterparties = [World.boAccount] }
        let taking = QuoteTaking(by: World.scoutAccount, number: 1, id, units: 1)
        let command = LawCommand.quote(.take(taking, task([30])))
        #expect(stage.give(command).refusal == .limits(.counterpartyNotAllowed))
        try stage.enact { $0.counterparties = [World.otherAccount] }
        #expect(stage.give(command).refusal == nil)
        try stage.enact { $0.limits.valuePerAction = .credits(29) }
        #expect(stage.give(command).refusal == .limits(.valueTooLarge(most: .credits(29))))
    }

    /// What a maker's team earns with a quote is divided as with any task.
    @Test func aTeamKeepsAQuote() throws {
        var stage = try stage()
        let member = AccountID(World.guardians[1])
        let members = [TeamMember(member, part: 5_000, speciality: "checking")]
        _ = try stage.give(.team(.form(by: maker, members)), by: TestKey.other).get()
        let agreement = try #require(stage.state.team(maker)?.agreement)
        let join = TeamCommand.join(by: member, lead: maker, agreement: agreement)
        _ = try stage.give(.team(join), by: TestKey.guardians[1]).get()
        let judged = task([30]) { $0.arbiters = [member] }
        #expect(take(&stage, 1, judged).refusal == .quotes(.terms(.conflict(member))))
        _ = try take(&stage, 1, task([30])).get()
        #expect(stage.state.division(TaskWorld.id)?.shares.map(\.account) == [member])
        #expect(stage.state.team(maker)?.openTasks == 1)
    }
}
