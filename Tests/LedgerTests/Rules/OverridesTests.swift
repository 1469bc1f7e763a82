// The overrides chapter: allow, deny and stop, by whom, how long, and two where two are wanted.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct OverridesTests {
    private let hour = World.time.advanced(byNanoseconds: Nanoseconds.perHour)
    private let guardian = TestKey.guardians[0]
    private let scout = World.scout

    private func rule(_ ruling: Ruling, _ expires: Instant) -> LawCommand {
        .rule(scout, .transfer, ruling, expires: expires)
    }

    @Test func rulingInOrder() throws {
        var request = Request(.law(rule(.deny, hour)), state: try World.rich())
        request.key = guardian
        request.owner = World.guardians[0]
        let latest = World.time.advanced(byNanoseconds: Override.longest)
        climb(
            request, to: .law(.ruled(scout, .transfer, .deny)),
            [
                Rung(.law(.overrides(.invalidExpiry))) {
                    $0.command = .law(rule(.deny, latest.advanced(byNanoseconds: 1)))
                },
                Rung(.law(.overrides(.invalidExpiry))) {
                    $0.command = .law(rule(.deny, World.time))
                },
                Rung(.law(.guardianship(.notGuardian))) {
                    $0.key = TestKey.bo
                    $0.owner = World.bo
                },
                Rung(.law(.guardianship(.agentUnknown))) {
                    $0.command = .law(.rule(World.unknown, .transfer, .deny, expires: latest))
                },
                Rung(.law(.guardianship(.notOwnersKey))) { $0.key = TestKey.scout },
                Rung(.law(.guardianship(.ownerUnknown))) { $0.owner = OwnerID(repeating: 7) },
            ] + .beforeChapters(expecting: 1))
        request.command = .law(rule(.deny, latest))
        #expect(outcome(&request) == .success(.law(.ruled(scout, .transfer, .deny))))
    }

    /// Defect (e) of the source: a ruling belongs to one kind, expires by itself, and says yes or
    /// no.
    @Test func rulingsExpireEachByItself() throws {
        var stage = try Stage()
        _ = try stage.give(rule(.deny, hour), by: guardian).get()
        let later = hour.advanced(byNanoseconds: Nanoseconds.perHour)
        _ = try stage.give(
            .rule(scout, .toolCall, .deny, expires: later), by: guardian).get()
        #expect(stage.pay(1).refusal == .forbidden(.denied(.transfer)))
        stage.wait(Nanoseconds.perHour - 1)
        #expect(stage.pay(1).refusal == .forbidden(.denied(.transfer)))
        stage.wait(1)
        #expect(stage.pay(1).refusal == nil)
        let tool = stage.record { $0.kind = .toolCall }
        #expect(tool == .failure(.law(.recordForbidden(scout, .denied(.toolCall)))))
        #expect((try? stage.record { $0.kind = .modelCall }.get()) != nil)
        _ = try stage.give(
            .rule(scout, .toolCall, .ordinary, expires: later), by: TestKey.ada).get()
        #expect((try? stage.record { $0.kind = .toolCall }.get()) != nil)
    }

    @Test func allowingLiftsApprovalButNoLimit() throws {
        var stage = try Stage {
            $0.approvals.kinds = KindSet([.transfer])
            $0.limits.valuePerAction = .credits(5)
        }
        _ = try stage.give(rule(.allow, hour), by: guardian).get()
        #expect(stage.pay(5).refusal == nil && stage.credits(World.scoutAccount) == 995)
        #expect(stage.pay(6).refusal == .limits(.valueTooLarge(most: .credits(5))))
        stage.wait(Nanoseconds.perHour)
        guard case .success(.approvalRequested) = stage.pay(5) else {
            Issue.record("an expired ruling still lifts approval")
            return
        }
    }

    @Test func dualControl() throws {
        var stage = try Stage {
            $0.dualControl = true
            $0.approvals.kinds = KindSet([.transfer])
        }
        let second = TestKey.guardians[1]
        let waiting = LawEffect.seconding(by: World.guardians[0])
        #expect(stage.give(rule(.allow, hour), by: guardian) == .success(waiting))
        #expect(stage.state.rulings(scout)?.overrides == [])
        #expect(
            stage.give(rule(.allow, hour), by: guardian).refusal == .overrides(.sameGuardian))
        let earlier = World.time.advanced(byNanoseconds: 5)
        #expect(
            stage.give(rule(.allow, earlier), by: second)
                == .success(.seconding(by: World.guardians[1])))
        let done = LawEffect.ruled(scout, .transfer, .allow)
        #expect(stage.give(rule(.allow, earlier), by: TestKey.ada) == .success(done))
        #expect(stage.state.rulings(scout)?.proposed == nil)
        let denied = LawEffect.ruled(scout, .transfer, .deny)
        #expect(stage.give(rule(.deny, hour), by: guardian) == .success(denied))
        #expect(
            stage.give(rule(.ordinary, hour), by: TestKey.ada)
                == .success(.seconding(by: World.ada)))
        #expect(stage.pay(1).refusal == .forbidden(.denied(.transfer)))
        let lifted = LawEffect.ruled(scout, .transfer, .ordinary)
        #expect(stage.give(rule(.ordinary, hour), by: second) == .success(lifted))
        #expect(stage.state.rulings(scout)?.overrides == [])
    }

    @Test func stoppingAnAgent() throws {
        var stage = try Stage { $0.dualControl = true }
        let stop = LawCommand.stop(.agent(scout))
        let resume = LawCommand.resume(.agent(scout))
        #expect(stage.give(resume, by: guardian).refusal == .overrides(.notStopped))
        #expect(stage.give(stop, by: TestKey.bo).refusal == .guardianship(.notGuardian))
        let effect = LawEffect.stopped(.agent(scout), by: World.guardians[0])
        #expect(stage.give(stop, by: guardian) == .success(effect))
        #expect(stage.give(stop, by: TestKey.ada).refusal == .overrides(.alreadyStopped))
        #expect(stage.pay(1).refusal == .forbidden(.agentStopped))
        #expect(
            stage.record() == .failure(.law(.recordForbidden(scout, .agentStopped))))
        let first = LawEffect.seconding(by: World.guardians[0])
        #expect(stage.give(resume, by: guardian) == .success(first))
        #expect(stage.give(resume, by: guardian).refusal == .overrides(.sameGuardian))
        #expect(stage.pay(1).refusal == .forbidden(.agentStopped))
        let resumed = LawEffect.resumed(.agent(scout), by: World.ada)
        #expect(stage.give(resume, by: TestKey.ada) == .success(resumed))
        #expect(stage.pay(1).refusal == nil && (try? stage.record().get()) != nil)
    }

    /// A stop of before does not leave half a resumption behind.
    @Test func stoppingAgainStartsTheResumptionAnew() throws {
        var stage = try Stage { $0.dualControl = true }
        let resume = LawCommand.resume(.agent(scout))
        _ = try stage.give(.stop(.agent(scout)), by: guardian).get()
        _ = try stage.give(resume, by: guardian).get()
        _ = try stage.give(resume, by: TestKey.ada).get()
        _ = try stage.give(.stop(.agent(scout)), by: guardian).get()
        let first = LawEffect.seconding(by: World.ada)
        #expect(stage.give(resume, by: TestKey.ada) == .success(first))
    }

    @Test func stoppingAFleet() throws {
        var stage = try Stage()
        #expect(stage.give(.resume(.fleet), by: TestKey.ada).refusal == .overrides(.notStopped))
        #expect(
            stage.give(.stop(.fleet), by: TestKey.stranger).refusal == .overrides(.ownerUnknown))
        #expect(stage.give(.stop(.fleet)).refusal == .overrides(.notOwnersKey))
        _ = try stage.give(.stop(.fleet), by: TestKey.ada).get()
        #expect(
            stage.give(.stop(.fleet), by: TestKey.ada).refusal == .overrides(.alreadyStopped))
        #expect(stage.pay(1).refusal == .forbidden(.fleetStopped))
        #expect(
            stage.record() == .failure(.law(.recordForbidden(scout, .fleetStopped))))
        let others = Transfer(from: World.otherAccount, to: .fees, amount: .credits(1))
        #expect(stage.give(.transfer(others), by: TestKey.other).refusal == nil)
        let own = Transfer(from: World.adaAccount, to: .fees, amount: .credits(1))
        #expect(stage.give(.transfer(own), by: TestKey.ada).refusal == nil)
        _ = try stage.give(.resume(.fleet), by: TestKey.ada).get()
        #expect(stage.pay(1).refusal == nil)
    }

    /// Of seven seats three stop, so one of them is honest, and five let it go on.
    @Test func stoppingTheChain() throws {
        var state = World.validators(7)
        func vote(_ command: LawCommand, _ seat: Int) -> Result<LawEffect, LedgerFailure> {
            let key = TestKey.validator(seat)
            let owner = OwnerID(firstKey: key.publicKey)
            do throws(LedgerFailure) {
                let effect = try World.run(.law(command), by: key, for: owner, in: &state)
                guard case .law(let inner) = effect else { return .success(.released(scout)) }
                return .success(inner)
            } catch { return .failure(error) }
        }
        func person(_ seat: Int) -> OwnerID { OwnerID(firstKey: World.seat(seat)) }
        #expect(vote(.resume(.chain), 0).refusal == .overrides(.notStopped))
        #expect(vote(.stop(.chain), 9).refusal == .overrides(.notValidator))
        for seat in 0..<2 {
            #expect(vote(.stop(.chain), seat) == .success(.seconding(by: person(seat))))
            #expect(vote(.stop(.chain), seat).refusal == .overrides(.alreadyVoted))
        }
        #expect(state.chainStop?.isStopped == false)
        #expect(vote(.stop(.chain), 6) == .success(.stopped(.chain, by: person(6))))
        #expect(vote(.stop(.chain), 3).refusal == .overrides(.alreadyStopped))
        for seat in 0..<4 {
            #expect(vote(.resume(.chain), seat) == .success(.seconding(by: person(seat))))
        }
        #expect(vote(.resume(.chain), 4) == .success(.resumed(.chain, by: person(4))))
        #expect(state.chainStop == ChainStop())
    }

    @Test func votesOfAnEarlierEpochDoNotCount() throws {
        var state = World.validators(4)
        for (seat, epoch) in [(0, 0), (1, 1)] {
            if epoch > 0 {
                state.beginEpoch(1, at: World.time, members: World.committee(4).members)
            }
            let effect = try World.run(
                .law(.stop(.chain)), by: TestKey.validator(seat),
                for: OwnerID(firstKey: World.seat(seat)), in: &state)
            #expect(effect == .law(.seconding(by: OwnerID(firstKey: World.seat(seat)))))
        }
        #expect(state.chainStop?.votes == [World.seat(1)] && state.chainStop?.epoch == 1)
    }
}
