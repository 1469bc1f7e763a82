// Stakes: laying down, taking back after the time, and losing a tenth by evidence.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct StakesTests {
    private let worker = TaskWorld.worker

    @discardableResult private func give(
        _ stage: inout Stage, _ command: StakeCommand
    ) -> Result<LawEffect, LedgerFailure> {
        stage.give(.stake(command), by: TestKey.other)
    }

    /// Bo's agent has 5,000 credits and staked 2,000.
    private func staked(_ stage: Stage) throws -> Stage {
        var stage = stage
        _ = try stage.give(
            .transfer(Transfer(from: World.boAccount, to: worker, amount: .credits(4_000))),
            by: TestKey.bo
        ).get()
        _ = try give(&stage, .stake(by: worker, .credits(2_000))).get()
        return stage
    }

    @Test func layingDown() throws {
        var stage = try Stage()
        let rows: [(UInt128, StakeFailure)] = [
            (0, .zeroAmount), (999, .belowLeast),
            (1_001, .insufficient(balance: .credits(1_000))),
        ]
        for (credits, failure) in rows {
            #expect(
                give(&stage, .stake(by: worker, .credits(credits))).refusal == .stakes(failure))
        }
        let effect = LawEffect.stakeChanged(worker, staked: .credits(1_000))
        #expect(give(&stage, .stake(by: worker, .credits(1_000))) == .success(effect))
        #expect(stage.credits(worker) == 0)
    }

    @Test func constitutionLimitsTheStake() throws {
        var stage = try Stage { $0.limits.stake = .credits(1_500) }
        let scout = World.scoutAccount
        _ = try stage.give(
            .transfer(Transfer(from: World.adaAccount, to: scout, amount: .credits(4_000))),
            by: TestKey.ada
        ).get()
        #expect(stage.give(.stake(.stake(by: scout, .credits(1_000)))).refusal == nil)
        #expect(
            stage.give(.stake(.stake(by: scout, Amount(nanoCredits: 500_000_000_001)))).refusal
                == .limits(.stakeTooLarge(most: .credits(1_500))))
        #expect(stage.give(.stake(.stake(by: scout, .credits(500)))).refusal == nil)
    }

    @Test func takingBack() throws {
        var stage = try staked(try Stage())
        #expect(
            give(&stage, .withdraw(by: worker)).refusal == .stakes(.nothingUnbonding))
        #expect(
            give(&stage, .unstake(by: worker, .credits(2_001))).refusal
                == .stakes(.notStaked(.credits(2_000))))
        #expect(
            give(&stage, .unstake(by: worker, .credits(1_001))).refusal
                == .stakes(.belowLeast))
        #expect(give(&stage, .unstake(by: worker, .zero)).refusal == .stakes(.zeroAmount))
        _ = try give(&stage, .unstake(by: worker, .credits(500))).get()
        stage.wait(Stake.unbondingTime - 1)
        #expect(give(&stage, .withdraw(by: worker)).refusal == .stakes(.tooEarly))
        _ = try give(&stage, .unstake(by: worker, .credits(1_500))).get()
        stage.wait(1)
        #expect(give(&stage, .withdraw(by: worker)).refusal == .stakes(.tooEarly))
        stage.wait(Stake.unbondingTime - 1)
        _ = try give(&stage, .withdraw(by: worker)).get()
        #expect(stage.credits(worker) == 5_000)
        #expect(stage.state.stake(worker).unbonding == .zero)
    }

    @Test func tasksMayWantAStake() throws {
        var stage = try Stage()
        var terms = TaskWorld.terms()
        terms.stake = .credits(1_500)
        let post = TaskCommand.post(
            by: TaskWorld.poster, number: 1, mandate: MandateID(), terms)
        _ = try stage.give(.task(post), by: TestKey.ada).get()
        let move = { (move: TaskMove) in
            LawCommand.task(.move(by: TaskWorld.worker, TaskWorld.id, move))
        }
        _ = try stage.give(move(.claim), by: TestKey.other).get()
        #expect(
            stage.give(move(.begin), by: TestKey.other).refusal
                == .tasks(.stakeTooSmall(.zero)))
        stage = try staked(stage)
        #expect(stage.give(move(.begin), by: TestKey.other).refusal == nil)
    }

    /// What a task wants is bound from beginning to the end, and bound once.
    @Test func workBindsTheStake() throws {
        var stage = try staked(try Stage())
        func move(_ number: UInt64, _ move: TaskMove) -> LawFailure? {
            let id = PostedTaskID(of: TaskWorld.poster, number: number)
            return stage.give(
                .task(.move(by: worker, id, move)), by: TestKey.other
            ).refusal
        }
        for number in 1...2 as ClosedRange<UInt64> {
            var terms = TaskWorld.terms()
            terms.stake = .credits(1_500)
            let post = TaskCommand.post(
                by: TaskWorld.poster, number: number, mandate: MandateID(), terms)
            _ = try stage.give(.task(post), by: TestKey.ada).get()
            #expect(move(number, .claim) == nil)
        }
        #expect(move(1, .begin) == nil)
        #expect(stage.state.stake(worker).bound == .credits(1_500))
        #expect(move(2, .begin) == .tasks(.stakeTooSmall(.credits(500))))
        #expect(
            give(&stage, .unstake(by: worker, .credits(2_000))).refusal
                == .stakes(.bound(.credits(1_500))))
        #expect(give(&stage, .unstake(by: worker, .credits(500))).refusal == nil)
        #expect(move(1, .deliver(TaskWorld.result)) == nil)
        #expect(stage.state.stake(worker).bound == .credits(1_500))
        #expect(move(1, .giveUp) == .tasks(.wrongState(.verifying)))
        stage.wait(Nanoseconds.perDay)
        #expect(move(1, .expire) == nil && move(1, .giveUp) == nil)
        #expect(stage.state.stake(worker).bound == .zero)
        #expect(give(&stage, .unstake(by: worker, .credits(1_500))).refusal == nil)
    }

    @Test func slashing() throws {
        var open = try TaskWorld.stage(in: .disputed)
        let slash = StakeCommand.slash(by: World.boAccount, evidence: TaskWorld.id)
        func accuse(_ stage: inout Stage) -> Result<LawEffect, LedgerFailure> {
            stage.give(.stake(slash), by: TestKey.bo)
        }
        #expect(accuse(&open).refusal == .stakes(.noEvidence))
        var nothing = try TaskWorld.stage(in: .settled)
        #expect(accuse(&nothing).refusal == .stakes(.nothingAtStake))
        var stage = try staked(nothing)
        _ = try give(&stage, .unstake(by: worker, .credits(100))).get()
        let effect = LawEffect.stakeChanged(worker, staked: .credits(1_800))
        #expect(accuse(&stage) == .success(effect))
        #expect(stage.credits(.fees) == 200)
        #expect(stage.state.stake(worker).unbonding == .zero)
        #expect(accuse(&stage).refusal == .stakes(.alreadySlashed))
        var expired = open
        expired.wait(7 * Nanoseconds.perDay)
        let late = LawCommand.task(.move(by: World.boAccount, TaskWorld.id, .expire))
        _ = try expired.give(late, by: TestKey.bo).get()
        #expect(accuse(&expired).refusal == .stakes(.noEvidence))
    }

    /// However often, no more than half of what was laid down is lost.
    @Test func atMostHalf() {
        var stake = Stake(account: .fees)
        stake.staked = .credits(1_000)
        for _ in 0..<100 {
            let amount = stake.nextSlash
            stake.staked = stake.staked.subtracting(amount) ?? .zero
            stake.slashed = stake.slashed.adding(amount) ?? .zero
        }
        #expect(stake.staked == .credits(500) && stake.slashed == .credits(500))
        #expect(stake.nextSlash == .zero)
    }
}
