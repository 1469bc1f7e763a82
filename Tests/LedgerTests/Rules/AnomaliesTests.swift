// The anomalies chapter: three rules with a warm-up, safe mode, and the way out of it.
import Cryptography
import Primitives
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct AnomaliesTests {
    private let scout = World.scout
    private let guardian = TestKey.guardians[0]

    /// Scout is watched, and after five actions and an hour it has habits: 2 credits a payment.
    private func stage(_ change: (inout Constitution) -> Void = { _ in }) throws -> Stage {
        var stage = try Stage {
            $0.watch.isOn = true
            $0.watch.warmUpActions = 5
            change(&$0)
        }
        for _ in 0..<5 {
            _ = try stage.pay(2).get()
            stage.wait(Nanoseconds.perHour / 4)
        }
        return stage
    }

    @Test func tenTimesTheAverageIsOrdinaryAndMoreIsNot() throws {
        var stage = try stage()
        #expect(stage.pay(20) == .success(
                .transferred(from: World.scoutAccount, to: World.boAccount, .credits(20))))
        // The average is 5 now.
        let before = stage.credits(World.scoutAccount)
        #expect(stage.pay(51) == .success(.anomaly(scout, .value, .transfer)))
        #expect(stage.credits(World.scoutAccount) == before)
        let anomaly = try #require(stage.state.anomaly(scout))
        #expect(anomaly.number == 1 && anomaly.value == .credits(51))
        #expect(anomaly.time == stage.time && anomaly.releasedBy.isZero)
        #expect(stage.state.conduct(scout)?.isSafe == true)
    }

    @Test func safeModeUntilReleased() throws {
        var stage = try stage()
        #expect(stage.give(.release(scout), by: guardian).refusal == .anomalies(.notInSafeMode))
        _ = try stage.pay(500).get()
        #expect(stage.pay(1).refusal == .forbidden(.safeMode))
        #expect((try? stage.record { $0.kind = .modelCall }.get()) != nil)
        #expect(stage.give(.release(scout)).refusal == .guardianship(.notOwnersKey))
        #expect(
            stage.give(.release(scout), by: TestKey.bo).refusal == .guardianship(.notGuardian))
        #expect(stage.give(.release(scout), by: guardian) == .success(.released(scout)))
        #expect(stage.pay(1).refusal == nil)
        #expect(stage.pay(500) == .success(.anomaly(scout, .value, .transfer)))
        #expect(stage.state.anomaly(scout)?.number == 2)
    }

    @Test func releaseByTwo() throws {
        var stage = try stage { $0.dualControl = true }
        _ = try stage.pay(500).get()
        #expect(
            stage.give(.release(scout), by: guardian)
                == .success(.seconding(by: World.guardians[0])))
        #expect(stage.give(.release(scout), by: guardian).refusal == .anomalies(.sameGuardian))
        #expect(stage.pay(1).refusal == .forbidden(.safeMode))
        #expect(stage.give(.release(scout), by: TestKey.ada) == .success(.released(scout)))
        #expect(stage.pay(1).refusal == nil)
    }

    @Test func aRulingAllowsWhatIsUnusual() throws {
        var stage = try stage()
        _ = try stage.pay(500).get()
        let expires = stage.time.advanced(byNanoseconds: 1_000)
        _ = try stage.give(
            .rule(scout, .transfer, .allow, expires: expires), by: guardian).get()
        #expect(stage.pay(500) == .success(
                .transferred(from: World.scoutAccount, to: World.boAccount, .credits(500))))
    }

    @Test func approvedActionsAreNotUnusual() throws {
        var stage = try stage { $0.approvals.above = .credits(5) }
        let expires = stage.time.advanced(byNanoseconds: 1_000)
        try stage.enact {
            $0.approvals.above = .credits(5)
            $0.watch.isOn = false
        }
        guard case .approvalRequested(let id, _) = try stage.pay(500).get() else {
            Issue.record("nothing waits")
            return
        }
        try stage.enact { $0.watch.isOn = true }
        #expect(stage.time < expires)
        for key in TestKey.guardians.prefix(2) { _ = try stage.give(.approve(id), by: key).get() }
        #expect(stage.credits(World.scoutAccount) == 490)
    }

    /// Defect (f) of the source: the first of everything is not unusual while an agent is new.
    @Test func nothingIsUnusualBeforeTheWarmUp() throws {
        var stage = try Stage {
            $0.watch.isOn = true
            $0.watch.warmUpActions = 2
        }
        for credits in [1, 90, 1] as [UInt128] { #expect(stage.pay(credits).refusal == nil) }
        #expect(stage.credits(World.scoutAccount) == 908)
        stage.wait(Nanoseconds.perHour - 1)
        #expect(stage.pay(400).refusal == nil && stage.credits(World.scoutAccount) == 508)
        stage.wait(1)
        #expect((try? stage.record { $0.kind = .memory }.get()) != nil)
        #expect(stage.state.anomaly(scout)?.rule == .kind)
    }

    @Test func anUnseenKind() throws {
        var stage = try stage()
        let terms = MandatesTests.terms(World.other)
        let root = MandateID(of: World.adaAccount, number: 1)
        var issued = MandatesTests.terms(scout)
        issued.expires = stage.time.advanced(byNanoseconds: Nanoseconds.perDay)
        var passed = terms
        passed.expires = issued.expires
        _ = try stage.give(.mandate(.issue(number: 1, issued)), by: TestKey.ada).get()
        let pass = LawCommand.mandate(
            .delegate(by: scout, parent: root, number: 1, passed))
        #expect(stage.give(pass) == .success(.anomaly(scout, .kind, .delegate)))
        _ = try stage.give(.release(scout), by: guardian).get()
        let id = MandateID(of: World.scoutAccount, number: 1)
        #expect(stage.give(pass) == .success(.mandateGiven(id, to: World.other)))
    }

    @Test func tooManyInAnHour() throws {
        var stage = try stage { $0.watch.hourly = 6 }
        // 5 payments in 75 minutes; the average is 5 an hour.
        #expect((try? stage.record(45) { $0.kind = .toolCall }.get()) != nil)
        #expect(stage.state.anomaly(scout)?.rule == .kind)
        _ = try stage.give(.release(scout), by: guardian).get()
        #expect((try? stage.record(45) { $0.kind = .toolCall }.get()) != nil)
        #expect(stage.state.anomaly(scout)?.number == 1)
        stage.wait(3 * Nanoseconds.perHour)
        _ = try stage.record(300) { $0.kind = .toolCall }.get()
        #expect(stage.state.anomaly(scout)?.number == 2)
        #expect(stage.state.anomaly(scout)?.rule == .rate)
        #expect(stage.state.usage(scout)?.records == 390)
    }

    /// The cost of records, on average, against that of all before.
    @Test func dearRecords() throws {
        var stage = try Stage {
            $0.watch.isOn = true
            $0.watch.warmUpActions = 3
            $0.watch.warmUp = 0
        }
        let cheap: (inout Record) -> Void = { $0.cost = .credits(1) }
        let dear: (inout Record) -> Void = { $0.cost = .credits(9) }
        _ = try stage.record(4, cheap).get()
        _ = try stage.record(4, dear).get()
        #expect(stage.state.anomaly(scout) == nil)
        _ = try stage.record(1) { $0.cost = .credits(60) }.get()
        #expect(stage.state.anomaly(scout)?.rule == .value)
        #expect(stage.state.conduct(scout)?.isSafe == true)
    }
}
