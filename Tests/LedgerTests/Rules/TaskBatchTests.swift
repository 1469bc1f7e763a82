// Batches of posts and moves: each entry made or passed over by itself, for owners alone.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct TaskBatchTests {
    private let poster = World.adaAccount
    private let worker = World.boAccount

    private func terms(_ price: UInt64 = 1) -> TaskTerms {
        TaskTerms(specification: Digest(repeating: 7), milestones: [.credits(UInt128(price))])
    }

    private func give(
        _ entries: [TaskBatch.Entry], by key: SigningKey = TestKey.ada,
        as account: AccountID = World.adaAccount, _ stage: inout Stage
    ) -> Result<LawEffect, LedgerFailure> {
        stage.give(.task(.batch(TaskBatch(account: account, entries: entries))), by: key)
    }

    private func id(_ number: UInt64) -> PostedTaskID {
        PostedTaskID(of: poster, number: number)
    }

    @Test func whatCanBeMadeIsMade() throws {
        var stage = try Stage()
        let before = stage.state.account(poster).balance
        let all = before.adding(.credits(1)) ?? before
        let entries: [TaskBatch.Entry] = [
            .post(number: 1, terms(2)), .post(number: 1, terms(3)), .move(id(1), .assign(worker)),
            .move(id(9), .cancel), .post(number: 2, terms(0)), .move(id(1), .begin),
            .post(number: 3, TaskTerms(specification: Digest(), milestones: [all])),
            .post(number: 4, terms(5)), .move(id(4), .cancel),
        ]
        #expect(
            give(entries, &stage) == .success(.tasksMade(poster, made: 4, of: entries.count)))
        let paid = before.subtracting(.credits(2))
        #expect(stage.state.account(poster).balance == paid)
        #expect(stage.state.task(id(1))?.state == .assigned)
        #expect(stage.state.task(id(1))?.held == .credits(2))
        #expect(stage.state.task(id(2)) == nil && stage.state.task(id(3)) == nil)
        #expect(stage.state.task(id(4))?.state == .cancelled)
        let works: [TaskBatch.Entry] = [
            .move(id(1), .begin), .move(id(1), .deliver(Digest(repeating: 2))),
            .move(id(1), .accept),
        ]
        #expect(
            give(works, by: TestKey.bo, as: worker, &stage)
                == .success(.tasksMade(worker, made: 2, of: 3)))
        #expect(stage.state.task(id(1))?.state == .verifying)
    }

    @Test func whereNothingCanBeMadeTheFirstRefusalIsTheBatchs() throws {
        var stage = try Stage()
        let balance = stage.state.account(poster).balance
        _ = stage.state.takeChanges()
        let found = give([.move(id(9), .cancel), .post(number: 1, terms(0))], &stage)
        #expect(found.refusal == .tasks(.taskUnknown))
        #expect(stage.state.account(poster).balance == balance)
        #expect(stage.state.takeChanges().isEmpty)
    }

    @Test func agentsAndStrangersHaveNone() throws {
        var stage = try Stage()
        let entries: [TaskBatch.Entry] = [.post(number: 1, terms())]
        #expect(
            give(entries, as: World.scoutAccount, &stage).refusal == .tasks(.notAllowed))
        #expect(
            give(entries, by: TestKey.bo, &stage).refusal == .standing(.accountUnknown))
    }

    @Test func movesThatCarryProofsAreNotRead() throws {
        for (count, isRead) in [(0, false), (1, true), (1_024, true), (1_025, false)] {
            let entries = [TaskBatch.Entry](
                repeating: .move(id(1), .cancel), count: count)
            let batch = TaskBatch(account: poster, entries: entries)
            #expect((read(batch) == batch) == isRead, "\(count)")
        }
        for move in [TaskMove.challenge(deposit: .credits(1)), .pick(1)] {
            #expect(read(TaskBatch(account: poster, entries: [.move(id(1), move)])) == nil)
        }
    }

    private func read(_ batch: TaskBatch) -> TaskBatch? {
        var writer = ByteWriter()
        batch.write(to: &writer)
        var reader = ByteReader(writer.bytes)
        return try? TaskBatch(from: &reader)
    }
}
