// Random lives of an agent under a constitution: no limit is passed, and no mandate overspent.
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct LawPropertyTests {
    /// What an independent count says was moved and done: time, value.
    private func isWithin(
        _ log: [(Instant, UInt128)], at time: Instant, _ limits: ActionLimits
    ) -> Bool {
        let hour = log.filter { time.nanoseconds(since: $0.0) < Nanoseconds.perHour }
        let day = log.filter { time.nanoseconds(since: $0.0) < Nanoseconds.perDay }
        return hour.count <= Int(limits.actionsPerHour)
            && day.reduce(0) { $0 + $1.1 } <= limits.dailyVolume.nanoCredits / 1_000_000_000
    }

    @Test(arguments: propertySeeds.prefix(16)) func limitsHold(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var limits = ActionLimits.none
        limits.actionsPerHour = 4
        limits.dailyVolume = .credits(40)
        limits.valuePerAction = .credits(9)
        var stage = try Stage { $0.limits = limits }
        var log: [(Instant, UInt128)] = []
        var refused = 0
        for step in 0..<60 {
            stage.wait(UInt64.random(in: 0...Nanoseconds.perHour, using: &generator))
            let credits = UInt128(UInt64.random(in: 0...12, using: &generator))
            switch stage.pay(credits) {
            case .success:
                log.append((stage.time, credits))
                #expect(credits <= 9 && credits > 0, "seed \(seed), step \(step)")
            case .failure: refused += 1
            }
            #expect(isWithin(log, at: stage.time, limits), "seed \(seed), step \(step)")
        }
        #expect(refused > 0 && log.count > 4, "seed \(seed)")
    }

    /// A tree of mandates: each mandate's count is at least the sum of those below it, no budget
    /// is passed, and the payer paid what the root says.
    @Test(arguments: propertySeeds.prefix(16)) func mandatesAreNotOverspent(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        var stage = try MandatesTests.stage()
        let start = stage.credits(World.adaAccount)
        var children: [MandateID] = []
        var spent: UInt128 = 0
        for step in 0..<40 {
            let credits = UInt128(UInt64.random(in: 1...40, using: &generator))
            if Int.random(in: 0..<4, using: &generator) == 0 {
                let number = UInt64(step)
                let terms = MandatesTests.terms(World.other, credits)
                let command = LawCommand.mandate(
                    .delegate(
                        by: World.scout, parent: MandatesTests.root, number: number, terms))
                if case .success(.mandateGiven(let id, _)) = stage.give(command) {
                    children.append(id)
                }
                continue
            }
            let child = children.randomElement(using: &generator)
            let isOwn = child == nil || Bool.random(using: &generator)
            let transfer = Transfer(
                from: isOwn ? World.scoutAccount : World.otherAccount, to: .fees,
                amount: .credits(credits),
                mandate: isOwn ? MandatesTests.root : child ?? MandateID())
            let key = isOwn ? TestKey.scout : TestKey.other
            if case .success = stage.give(.transfer(transfer), by: key) { spent += credits }
            let root = try #require(stage.state.mandate(MandatesTests.root))
            #expect(root.spent == .credits(spent), "seed \(seed), step \(step)")
            let below = try children.map { try #require(stage.state.mandate($0)) }
            #expect(below.allSatisfy { $0.spent <= $0.terms.budget }, "seed \(seed)")
            let sum = below.reduce(0) { $0 + $1.spent.nanoCredits }
            #expect(sum <= root.spent.nanoCredits && root.spent <= root.terms.budget)
        }
        #expect(stage.credits(World.adaAccount) == start - spent, "seed \(seed)")
        #expect(spent > 0 && spent <= 100, "seed \(seed)")
    }
}
