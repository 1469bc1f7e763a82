// The score of the tests: each rule of agreement spoiled in one way, and found out within so many
// seeds.
import Primitives
import TestSupport
import Testing

@testable import Consensus

/// A spoiled rule and where it is found: a window of seeds around the first that shows it when
/// searched from seed 1, so that a debug build is quick.
struct Mutant: CustomTestStringConvertible, Sendable {
    let name: String
    let adversary: GraphModel.Adversary
    let seeds: ClosedRange<UInt64>
    let isStall: Bool
    let spoil: @Sendable (inout CommitRules) -> Void

    var testDescription: String { name }

    static let all: [Mutant] = [
        // One seed in a hundred shows it, as in the prototype; `CommitterTests` has it by hand.
        Mutant(
            name: "anchor one round early", adversary: .random, seeds: 194...200, isStall: false
        ) {
            $0.knownWave = Wave(length: 3, support: .parent, anchorDistance: 2)
            $0.coinWave = Wave(length: 5, support: .history, anchorDistance: 4)
        },
        Mutant(name: "skip quorum f + 1", adversary: .splitting, seeds: 18...26, isStall: false) {
            $0.skipQuorum = ($0.schedule.count - 1) / 3 + 1
        },
        Mutant(
            name: "certificate quorum f + 1", adversary: .random, seeds: 1...8, isStall: false
        ) { $0.certificateQuorum = ($0.schedule.count - 1) / 3 + 1 },
        Mutant(
            name: "schedule from the local tip", adversary: .random, seeds: 1...8, isStall: false
        ) { $0.lastKnownRound = { _, tip in tip - 6 } },
        Mutant(
            name: "coin slots count direct parents only", adversary: .splitting, seeds: 1...4,
            isStall: true
        ) { $0.coinWave = Wave(length: 5, support: .parent, anchorDistance: 5) },
    ]
}

@Suite struct MutantTests {
    @Test(arguments: Mutant.all) func isCaught(mutant: Mutant) throws {
        let shape = GraphModel.Shape(
            adversary: mutant.adversary, lagLimit: mutant.isStall ? 28 : nil)
        for seed in mutant.seeds {
            var model = GraphModel(shape, seed: seed, spoil: mutant.spoil)
            let verdict = try model.run()
            if mutant.isStall ? verdict.isStall : verdict.isDivergence {
                print("\(mutant.name): seed \(seed): \(verdict)")
                return
            }
        }
        Issue.record("\(mutant.name) survives the seeds \(mutant.seeds)")
    }

    /// The same windows with the right rules: nothing to find.
    @Test(arguments: Mutant.all) func theRightRulesPassThere(mutant: Mutant) throws {
        let shape = GraphModel.Shape(adversary: mutant.adversary, lagLimit: 28)
        for seed in mutant.seeds.prefix(3) {
            var model = GraphModel(shape, seed: seed)
            #expect(try model.run().isPass, "seed \(seed)")
        }
    }
}
