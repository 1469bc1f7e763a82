// The committer against adversarial graphs: honest views never differ, and each spoiled rule is
// caught.
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct GraphModelTests {
    /// Seeds of one case; ALTHING_SIMULATION_SEEDS=2000 runs so many instead.
    static let seeds = simulationSeeds(standard: 3)

    @Test(arguments: GraphModel.Adversary.allCases, [0, 2, 6] as [UInt64])
    func hybridSchedule(adversary: GraphModel.Adversary, knownRounds: UInt64) throws {
        let shape = GraphModel.Shape(
            knownRounds: knownRounds, adversary: adversary, lagLimit: 28)
        try expectPass(shape, seeds: Self.seeds)
    }

    @Test(arguments: GraphModel.Adversary.allCases)
    func sevenSeats(adversary: GraphModel.Adversary) throws {
        let shape = GraphModel.Shape(seats: 7, rounds: 32, adversary: adversary, lagLimit: 28)
        try expectPass(shape, seeds: simulationSeeds(standard: 1))
    }

    /// A network that splits votes for ever may stop known leaders, but never divide them.
    @Test(arguments: GraphModel.Adversary.allCases)
    func knownLeadersAlone(adversary: GraphModel.Adversary) throws {
        try expectPass(
            GraphModel.Shape(knownRounds: nil, adversary: adversary), seeds: Self.seeds)
    }

    /// Pruning as deep as a wave allows changes no commit.
    @Test(arguments: GraphModel.Adversary.allCases)
    func shallowCollection(adversary: GraphModel.Adversary) throws {
        let shape = GraphModel.Shape(rounds: 60, depth: 8, adversary: adversary, lagLimit: 28)
        try expectPass(shape, seeds: simulationSeeds(standard: 2))
    }

    private func expectPass(_ shape: GraphModel.Shape, seeds: ClosedRange<UInt64>) throws {
        for seed in seeds {
            var model = GraphModel(shape, seed: seed)
            let verdict = try model.run()
            #expect(verdict.isPass, "\(shape), seed \(seed): \(verdict)")
        }
    }
}
