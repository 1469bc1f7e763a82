// The score of the tests: each rule of agreement spoiled in one way, and found out within so many
// seeds.
import Primitives
import TestSupport
import Testing

@testable import Consensus

/// A spoiled rule and where to look for it.
struct Mutant: CustomTestStringConvertible, Sendable {
    let name: String
    let adversaries: [GraphModel.Adversary]
    /// Seeds for each adversary; the first that finds it ends the search.
    let seeds: UInt64
    let isStall: Bool
    let spoil: @Sendable (inout CommitRules) -> Void

    var testDescription: String { name }

    static let all: [Mutant] = [
        Mutant(
            name: "anchor one round early", adversaries: [.random, .splitting], seeds: 200,
            isStall: false
        ) {
            $0.knownWave = Wave(length: 3, support: .parent, anchorDistance: 2)
            $0.coinWave = Wave(length: 5, support: .history, anchorDistance: 4)
        },
        Mutant(
            name: "skip quorum f + 1", adversaries: [.random, .splitting], seeds: 100,
            isStall: false
        ) { $0.skipQuorum = ($0.schedule.count - 1) / 3 + 1 },
        Mutant(
            name: "certificate quorum f + 1", adversaries: [.random, .splitting], seeds: 100,
            isStall: false
        ) { $0.certificateQuorum = ($0.schedule.count - 1) / 3 + 1 },
        Mutant(
            name: "schedule from the local tip", adversaries: [.random, .splitting], seeds: 100,
            isStall: false
        ) {
            $0.lastKnownRound = { _, tip in tip - 6 }
        },
        Mutant(
            name: "coin slots count direct parents only", adversaries: [.splitting],
            seeds: 10, isStall: true
        ) { $0.coinWave = Wave(length: 5, support: .parent, anchorDistance: 5) },
    ]
}

@Suite struct MutantTests {
    @Test(arguments: Mutant.all) func isCaught(mutant: Mutant) throws {
        let shape = GraphModel.Shape(lagLimit: mutant.isStall ? 28 : nil)
        for seed in 1...mutant.seeds {
            for adversary in mutant.adversaries {
                var shape = shape
                shape.adversary = adversary
                var model = GraphModel(shape, seed: seed, spoil: mutant.spoil)
                let verdict = try model.run()
                if mutant.isStall ? verdict.isStall : verdict.isDivergence {
                    print("\(mutant.name): \(adversary), seed \(seed): \(verdict)")
                    return
                }
            }
        }
        Issue.record("\(mutant.name) survives \(mutant.seeds) seeds")
    }
}
