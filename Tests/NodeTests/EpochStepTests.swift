// Epoch steps in the index: found from an epoch on, and those that a receipt needs.
import Cryptography
import Primitives
import Records
import Testing

@testable import Node

@Suite struct EpochStepTests {
    /// The committee of one validator named by `number`.
    private func committee(_ number: UInt8) throws -> Committee {
        try #require(Committee([PublicKey(repeating: number)]))
    }

    /// The step that ends `epoch` and leads from one committee to another; nobody signed it.
    private func step(_ epoch: UInt64, _ from: UInt8, _ to: UInt8) throws -> EpochStep {
        var header = CheckpointHeader()
        header.epoch = epoch
        header.height = epoch + 1
        header.committee = try committee(from).digest
        header.next = try committee(to).digest
        return EpochStep(
            checkpoint: Checkpoint(header: header, certificate: []), committee: try committee(to))
    }

    @Test func stepsInTheIndex() throws {
        let cast = Cast()
        let place = try ScratchDirectory()
        let node = try cast.node(at: place.path)
        #expect(try node.epochSteps(from: 0) == EpochSteps(epoch: 0, steps: []))
        let store = try node.asked().store
        let steps = try (0..<70 as Range<UInt64>).map { epoch in
            try step(epoch, epoch < 35 ? 1 : 2, epoch < 34 ? 1 : 2)
        }
        for step in steps { store.put(step) }
        try store.commitReplayed(upTo: store.journal.committedSequence)

        let first = try node.epochSteps(from: 0)
        #expect(first.epoch == 70)
        #expect(first.steps == Array(steps.prefix(QueryLimits.epochSteps)))
        #expect(try node.epochSteps(from: 64).steps == Array(steps.suffix(6)))
        #expect(try node.epochSteps(from: 70).steps.isEmpty)

        let working = try node.asked()
        func needed(_ epoch: UInt64, _ number: UInt8) throws -> [UInt64] {
            var header = CheckpointHeader()
            header.epoch = epoch
            header.committee = try committee(number).digest
            let genesis = try #require(
                Genesis(
                    name: "test", created: Instant(nanoseconds: 1), committee: try committee(1)))
            return try working.steps(to: header, from: genesis).map(\.epoch)
        }
        #expect(try needed(0, 1) == [])
        #expect(try needed(30, 1) == [], "the committee of the genesis")
        #expect(try needed(40, 2) == [34])
        #expect(try needed(69, 2) == [34])
        node.close()
    }
}
