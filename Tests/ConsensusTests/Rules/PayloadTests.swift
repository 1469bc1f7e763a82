// Payload on its way into blocks: limits, order, stalls, and what a pruned block gives back.
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct PayloadTests {
    private static let committee = ValidatorTests.committee

    @Test func payloadIsAListOfItems() {
        let items: [[UInt8]] = [[1, 2], [], [3]]
        let payload = BlockPayload(items)
        #expect(payload.map(Array.init) == items)
        #expect(payload.encoded == [3, 0, 0, 0, 2, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0, 0, 0, 3])
        #expect(BlockPayload().encoded == [0, 0, 0, 0])
    }

    @Test(arguments: propertySeeds) func theQueueKeepsOrderAndBlocksTheirLimit(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var queue = PayloadQueue(limit: 8 << 20)
        queue.lapses = Ambient.lapses(for: Self.committee.view)
        var offered: [[UInt8]] = []
        var number: UInt32 = 0
        for _ in 0..<40 {
            var part = BlockPayload()
            for _ in 0..<generator.next() % 5 {
                let size = Int(generator.next() % 60_000)
                number += 1
                let item = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size)
                part.append(item)
                offered.append(item)
            }
            let isTaken = queue.offer(part)
            #expect(isTaken)
        }
        var taken: [[UInt8]] = []
        while !queue.isEmpty, taken.count <= offered.count {
            var block = BlockPayload()
            queue.take(into: &block)
            #expect(block.encoded.count <= Block.payloadLimit, "seed \(seed)")
            if generator.next() % 4 == 0 {
                queue.giveBack(block)
            } else {
                taken += block.map(Array.init)
            }
        }
        #expect(taken == offered, "seed \(seed)")
    }

    @Test func itemsThatFitNoBlockAreRefused() {
        var queue = PayloadQueue(limit: 8 << 20)
        let answers = [7, 8].map { less in
            queue.offer([[UInt8](repeating: 0, count: Block.payloadLimit - less)])
        }
        #expect(answers == [false, true])
    }

    /// Seats 1 to 3 go on without ever naming a block of seat 0. What its blocks carried is made
    /// again when they are pruned, once.
    @Test func prunedPayloadIsTakenBackOnce() throws {
        var validator = ValidatorTests.validator { $0.commits.depth = 4 }
        var actions: [Validator.Action] = []
        validator.step(.payload([[7]]), at: ValidatorTests.at(0), into: &actions)
        var parents = (1...3).map { Self.committee.view.genesis[$0] }
        for round in 1...12 as ClosedRange<UInt64> {
            let row = try (1...3).map { try Self.committee.block($0, round, parents) }
            for block in row {
                validator.step(
                    ValidatorTests.from(block), at: ValidatorTests.at(round * 10),
                    into: &actions)
            }
            parents = row.map(\.reference)
        }
        let carrying = actions.broadcast.filter { $0.block.payload == [[7]] }.map(\.round)
        #expect(carrying.count == 2)
        #expect(carrying.first == Round(1))
    }

    /// Votes split for ever: rounds go on, nothing commits, and payload stays out after a while.
    @Test func payloadStaysOutOfALongStall() throws {
        var validator = ValidatorTests.validator { $0.payloadRounds = 8 }
        var actions: [Validator.Action] = []
        validator.step(.tick, at: ValidatorTests.at(0), into: &actions)
        let genesis = Self.committee.view.genesis
        var row: [BlockReference?] = [actions.broadcast.last?.reference] + [nil, nil, nil]
        for seat in 1...3 { row[seat] = try Self.committee.block(seat, 1, genesis).reference }
        var blocks = try (1...3).map { try Self.committee.block($0, 1, genesis) }
        for round in 1...24 as ClosedRange<UInt64> {
            let now = ValidatorTests.at(round * 100)
            validator.step(.payload([[UInt8(round)]]), at: now, into: &actions)
            for block in blocks {
                validator.step(ValidatorTests.from(block), at: now, into: &actions)
            }
            validator.step(.tick, at: ValidatorTests.at(round * 100 + 60), into: &actions)
            row[0] = actions.broadcast.last { $0.round == Round(round) }?.reference
            let named = row.compactMap { $0 }
            guard named.count == 4 else {
                Issue.record("no block in round \(round + 1)")
                return
            }
            // Two name all, one omits the first leader: neither a quorum for it nor against it.
            blocks = try (1...3).map { seat in
                let leader = Int(round * 2 % 4)
                let omitted = seat == leader ? (leader + 1) % 4 : leader
                return try Self.committee.block(
                    seat, round + 1, seat == 1 ? named : named.filter {
                        Int($0.author.index) != omitted
                    })
            }
            for seat in 1...3 { row[seat] = blocks[seat - 1].reference }
        }
        #expect(validator.head.index == 0)
        let late = actions.broadcast.filter { $0.round > Round(10) }
        #expect(late.count > 10 && late.allSatisfy { $0.block.payload.isEmpty })
    }
}
