// The approvals chapter: an action waits for m of n guardians, is done once, refused, or expires.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct ApprovalsTests {
    /// Payments above 5 credits wait; two of three guardians approve.
    private func stage() throws -> Stage {
        try Stage { $0.approvals.above = .credits(5) }
    }

    private func request(_ stage: inout Stage, _ credits: UInt128 = 6) throws -> Digest {
        guard case .approvalRequested(let id, World.scout) = try stage.pay(credits).get() else {
            throw LawFailure.approvals(.approvalUnknown)
        }
        return id
    }

    private let guardians = TestKey.guardians

    @Test func twoOfThreeCarryItOutOnce() throws {
        var stage = try stage()
        #expect((try? stage.pay(5).get()) != nil)
        let id = try request(&stage)
        #expect(stage.credits(World.scoutAccount) == 995)
        #expect(stage.state.conduct(World.scout)?.waiting == 1)
        stage.wait(20 * Nanoseconds.perHour)
        let first = stage.give(.approve(id), by: guardians[0])
        #expect(first == .success(.approvalGiven(id, by: World.guardians[0])))
        #expect(
            stage.give(.approve(id), by: guardians[0]).refusal == .approvals(.alreadyAgreed))
        #expect(stage.credits(World.scoutAccount) == 995)
        let second = stage.give(.approve(id), by: guardians[1])
        #expect(second == .success(.approvalExecuted(id, agent: World.scout)))
        #expect(stage.credits(World.scoutAccount) == 989)
        #expect(stage.state.conduct(World.scout)?.waiting == 0)
        #expect(
            stage.give(.approve(id), by: guardians[2]).refusal == .approvals(.approvalUnknown))
        #expect(stage.credits(World.scoutAccount) == 989)
    }

    @Test func whoMayApprove() throws {
        var stage = try stage()
        let id = try request(&stage)
        let rows: [(SigningKey, LawFailure)] = [
            (TestKey.stranger, .guardianship(.ownerUnknown)),
            (TestKey.scout, .guardianship(.notOwnersKey)),
            (TestKey.bo, .guardianship(.notGuardian)),
            (TestKey.ada, .approvals(.notGuardian)),
        ]
        for (key, failure) in rows {
            #expect(stage.give(.approve(id), by: key).refusal == failure)
        }
        let nothing = LawFailure.approvals(.approvalUnknown)
        #expect(stage.give(.approve(Digest()), by: guardians[0]).refusal == nothing)
    }

    @Test func removedGuardianDoesNotCount() throws {
        var stage = try stage()
        let id = try request(&stage)
        _ = try stage.give(.approve(id), by: guardians[0]).get()
        try stage.enact { $0.guardians = [World.guardians[1], World.guardians[2]].sorted() }
        #expect(
            stage.give(.approve(id), by: guardians[0]).refusal == .guardianship(.notGuardian))
        let next = stage.give(.approve(id), by: guardians[1])
        #expect(next == .success(.approvalGiven(id, by: World.guardians[1])))
        let last = stage.give(.approve(id), by: guardians[2])
        #expect(last == .success(.approvalExecuted(id, agent: World.scout)))
    }

    @Test func expiry() throws {
        var stage = try stage()
        let id = try request(&stage)
        _ = try stage.give(.approve(id), by: guardians[0]).get()
        stage.wait(Nanoseconds.perDay)
        #expect(stage.give(.approve(id), by: guardians[1]).refusal == .approvals(.expired))
        #expect((try? stage.give(.refuse(id), by: TestKey.ada).get()) != nil)
        #expect(stage.state.approval(id) == nil)
        #expect(stage.state.conduct(World.scout)?.waiting == 0)
        let other = try request(&stage)
        _ = try stage.give(.approve(other), by: guardians[0]).get()
        stage.wait(Nanoseconds.perDay - 1)
        #expect((try? stage.give(.approve(other), by: guardians[1]).get()) != nil)
    }

    @Test func refusing() throws {
        var stage = try stage()
        let id = try request(&stage)
        #expect(
            stage.give(.refuse(id), by: TestKey.bo).refusal == .guardianship(.notGuardian))
        #expect(
            stage.give(.refuse(id)).refusal == .guardianship(.notOwnersKey))
        let refused = LawEffect.approvalRefused(id, by: World.guardians[2])
        #expect(stage.give(.refuse(id), by: guardians[2]) == .success(refused))
        #expect(
            stage.give(.approve(id), by: guardians[0]).refusal == .approvals(.approvalUnknown))
        #expect(
            stage.give(.refuse(id), by: TestKey.ada).refusal == .approvals(.approvalUnknown))
    }

    /// The law is asked again when enough agree; where it says no, nothing has changed and the
    /// same guardian may try again.
    @Test func theLawMayHaveChanged() throws {
        var stage = try stage()
        let id = try request(&stage)
        _ = try stage.give(.approve(id), by: guardians[0]).get()
        _ = try stage.give(.stop(.agent(World.scout)), by: TestKey.ada).get()
        #expect(
            stage.give(.approve(id), by: guardians[1]).refusal == .forbidden(.agentStopped))
        #expect(stage.state.approval(id)?.agreed == [World.guardians[0]])
        _ = try stage.give(.resume(.agent(World.scout)), by: TestKey.ada).get()
        try stage.enact { $0.limits.valuePerAction = .credits(5) }
        #expect(
            stage.give(.approve(id), by: guardians[1]).refusal
                == .limits(.valueTooLarge(most: .credits(5))))
        try stage.enact { _ in }
        #expect((try? stage.give(.approve(id), by: guardians[1]).get()) != nil)
        #expect(stage.credits(World.scoutAccount) == 994)
    }

    @Test func whatCannotWait() throws {
        var stage = try stage()
        for _ in 0..<Conduct.mostWaiting { _ = try request(&stage) }
        #expect(stage.pay(6).refusal == .approvals(.tooManyWaiting))
        try stage.enact {
            $0.approvals.above = .credits(5)
            $0.guardians = []
            $0.approvals.threshold = 0
        }
        #expect(stage.pay(6).refusal == .approvals(.noGuardians))
        try stage.enact { $0.approvals.kinds = KindSet([.transfer]) }
        #expect(stage.pay(1).refusal == .approvals(.tooManyWaiting))
    }
}
