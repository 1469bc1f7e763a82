// The market's fee: who votes on it, when it is in force, and for which tasks.
import Cryptography
import Primitives
import Testing

@testable import Ledger

@Suite struct MarketFeeTests {
    @Test func votesInOrder() throws {
        var stage = try Stage()
        func vote(_ fee: UInt32, _ key: SigningKey) -> Result<LawEffect, LedgerFailure> {
            stage.give(.voteFee(fee), by: key)
        }
        #expect(
            vote(60_000, TestKey.guardians[0]).refusal == .marketRules(.notValidator))
        #expect(vote(50_001, TestKey.ada).refusal == .marketRules(.invalidFee))
        #expect(vote(1_000, TestKey.ada).refusal == .marketRules(.nothingNew))
        let ada = TestKey.ada.publicKey
        #expect(vote(2_000, TestKey.ada) == .success(.feeVoted(2_000, by: ada)))
        #expect(vote(2_000, TestKey.ada).refusal == .marketRules(.nothingNew))
        #expect(vote(3_000, TestKey.ada) == .success(.feeVoted(3_000, by: ada)))
        // Back to the fee in force: no open vote is left.
        #expect(vote(1_000, TestKey.ada) == .success(.feeVoted(1_000, by: ada)))
        #expect(stage.state.marketRules.votes.isEmpty)
        #expect(vote(0, TestKey.bo) == .success(.feeVoted(0, by: TestKey.bo.publicKey)))
        #expect(vote(0, TestKey.ada) == .success(.feeAdopted(0)))
        #expect(stage.state.marketRules.fee == MarketFee(millionths: 0))
        #expect(stage.state.marketRules.votes.isEmpty)
    }

    @Test func votesOfAnEpochThatEndedCountNoMore() throws {
        var stage = try Stage()
        _ = try stage.give(.voteFee(2_000), by: TestKey.ada).get()
        let members = stage.state.committee.members
        stage.state.beginEpoch(1, at: stage.time, members: members)
        let bo = LawEffect.feeVoted(2_000, by: TestKey.bo.publicKey)
        #expect(stage.give(.voteFee(2_000), by: TestKey.bo) == .success(bo))
        #expect(stage.state.marketRules.votes.map(\.voter) == [TestKey.bo.publicKey])
        #expect(stage.give(.voteFee(2_000), by: TestKey.ada) == .success(.feeAdopted(2_000)))
    }

    /// A task keeps the fee that it was posted with.
    @Test func aFeeHoldsForLaterTasks() throws {
        func fees(isVotedBefore: Bool) throws -> UInt128 {
            var stage = try Stage()
            func vote() throws {
                for key in [TestKey.ada, TestKey.bo] {
                    _ = try stage.give(.voteFee(50_000), by: key).get()
                }
            }
            if isVotedBefore { try vote() }
            let post = TaskCommand.post(
                by: TaskWorld.poster, number: 1, mandate: MandateID(), TaskWorld.terms())
            _ = try stage.give(.task(post), by: TestKey.ada).get()
            if !isVotedBefore { try vote() }
            for (move, actor): (TaskMove, Int) in [
                (.claim, 1), (.begin, 1), (.deliver(TaskWorld.result), 1), (.accept, 0),
            ] { _ = try RunWorld.give(move, actor, &stage).get() }
            let task = stage.state.task(TaskWorld.id)
            #expect(task?.charged == stage.state.account(.fees).balance)
            return stage.state.account(.fees).balance.nanoCredits
        }
        #expect(try fees(isVotedBefore: true) == Amount.credits(5).nanoCredits)
        #expect(try fees(isVotedBefore: false) == 100_000_000)
    }

    /// Of any amount, and never more than its part of it.
    @Test func feesAreParts() throws {
        let most = try #require(MarketFee(millionths: MarketFee.most))
        #expect(MarketFee(millionths: MarketFee.most + 1) == nil)
        let all = Amount(nanoCredits: .max)
        #expect(most.of(all).nanoCredits == UInt128.max / 20)
        #expect(most.of(Amount(nanoCredits: 19)) == .zero)
        #expect(most.of(Amount(nanoCredits: 20)) == Amount(nanoCredits: 1))
    }
}
