// Every graph of four seats up to a depth, or each so manieth of them where there are too many for
// a debug build; ALTHING_FULL_MODELS=1 looks at all.
import Glibc
import Testing

@testable import Consensus

@Suite struct ExhaustiveGraphTests {
    private static let isFull = getenv("ALTHING_FULL_MODELS") != nil

    private func search(
        _ depth: UInt64, _ freedom: ExhaustiveGraphs.Freedom, stride: Int, naive: Int
    ) throws -> ExhaustiveGraphs.Count {
        var graphs = ExhaustiveGraphs(
            depth: depth, freedom: freedom, stride: Self.isFull ? 1 : stride,
            naiveStride: naive)
        try graphs.run()
        print("graphs of \(depth) rounds: \(graphs.count)")
        return graphs.count
    }

    /// All parents a block can have.
    @Test func threeRounds() throws {
        let count = try search(3, .all, stride: 1, naive: 61)
        #expect(count.floors == 8)
        #expect(count.decided > 0)
    }

    @Test func fourRounds() throws {
        let count = try search(4, .all, stride: 100, naive: 61)
        #expect(count.decided > 0)
    }

    /// Deep enough for an anchor: it stands in round 4 and is decided by round 6.
    @Test func sixRoundsWithOneVictimEach() throws {
        let count = try search(6, .oneVictim, stride: 3_000, naive: 61)
        #expect(count.indirect > 0)
    }

    /// The search finds a wrong rule: one blame of four skips a leader.
    @Test func aWrongRuleIsFound() throws {
        #expect(throws: ExhaustiveGraphs.Violation.self) {
            try Ambient.$spoil.withValue({ $0.skipQuorum = 1 }) {
                var graphs = ExhaustiveGraphs(
                    depth: 3, freedom: .all, stride: 1, naiveStride: .max)
                try graphs.run()
            }
        }
    }
}
