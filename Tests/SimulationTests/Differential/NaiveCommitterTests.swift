// The graphs of simulated runs, read back from the journals and given to the committer that is
// written from the specification alone.
import Consensus
import Cryptography
import Primitives
import Reference
import Storage
import Testing

@testable import Simulation

@Suite struct NaiveCommitterTests {
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func theSpecificationAgreesWithEverySeat(seed: UInt64) throws {
        var shape = SimulationShape()
        shape.program = .graph
        shape.span = Nanoseconds.perSecond
        let play = GraphScenario(seats: 4, seed: seed)
        var world = World(play, shape: shape, seed: seed, write: nil)
        #expect(world.run().verdict.isPass, "seed \(seed)")
        for machine in world.shells.indices where world.isTrusted(machine) {
            world.shells[machine].stop()
            let (blocks, _) = try Self.blocks(
                on: world.shells[machine].disk, of: play.committee)
            var naive = NaiveCommitter(
                committee: play.committee, settings: play.settings.commits,
                genesisTime: GraphScenario.genesisTime, blocks: blocks,
                coins: Self.coins(for: blocks, of: play))
            let steps = naive.replay().commits
            let claimed = Int(world.oracle.progress[machine].commits ?? 0)
            #expect(steps.count >= claimed, "seed \(seed), machine \(machine)")
            for (index, step) in steps.prefix(claimed).enumerated() {
                #expect(step.digest == world.oracle.commit(at: index), "seed \(seed)")
            }
        }
    }

    /// Whole validators, in runs of one epoch: their graphs have no coin yet.
    @Test func theSpecificationAgreesWithWholeValidators() throws {
        var compared = 0
        for seed in 1...8 as ClosedRange<UInt64> {
            var shape = SimulationShape()
            shape.span = Nanoseconds.perSecond
            let play = ReplicaScenario(shape: shape, seed: seed)
            guard play.settings.epochNanoseconds > shape.span + SimulationShape.patience else {
                continue
            }
            var rules = play.settings.commits
            rules.knownRounds = nil
            var world = World(play, shape: shape, seed: seed, write: nil)
            #expect(world.run().verdict.isPass, "seed \(seed)")
            let view = try #require(
                CommitteeView(
                    chain: play.genesis.digest, epoch: 0,
                    keys: play.genesis.committee.validators))
            for machine in world.shells.indices where world.isTrusted(machine) {
                world.shells[machine].stop()
                let (blocks, adopts) = try Self.blocks(on: world.shells[machine].disk, of: view)
                if adopts { continue }
                var naive = NaiveCommitter(
                    committee: view, settings: rules,
                    genesisTime: play.genesis.created, blocks: blocks, coins: [:])
                let steps = naive.replay().commits
                let claimed = Int(world.oracle.progress[machine].commits ?? 0)
                #expect(steps.count >= claimed, "seed \(seed), machine \(machine)")
                for (index, step) in steps.prefix(claimed).enumerated() {
                    #expect(step.digest == world.oracle.commit(at: index), "seed \(seed)")
                }
                compared += claimed
            }
        }
        #expect(compared > 100)
    }

    /// The blocks in a journal, and whether it holds a state taken over from others.
    private static func blocks(
        on disk: SimulatedDisk, of view: CommitteeView
    ) throws -> (blocks: [CheckedBlock], adopts: Bool) {
        let journal = try Journal(
            disk: disk, directory: "journal",
            settings: JournalSettings(storeID: StoreID(), purpose: .records))
        defer { journal.close() }
        var blocks: [CheckedBlock] = []
        var adopts = false
        try journal.replay { frame in
            adopts = adopts || frame.kind == ReplicaProgram.adoptedKind
            if let block = try? Block(decoding: Array(frame.payload)),
                let checked = try? CheckedBlock(block, in: view)
            {
                blocks.append(checked)
            }
            return true
        }
        return (blocks, adopts)
    }

    /// A coin is open once f + 1 authors have a block five rounds on.
    private static func coins(
        for blocks: [CheckedBlock], of play: GraphScenario
    ) -> [UInt64: Digest] {
        var authors: [UInt64: Set<UInt8>] = [:]
        for block in blocks { authors[block.round.number, default: []].insert(block.author.index) }
        var coins: [UInt64: Digest] = [:]
        for (round, seats) in authors where round > 5 && seats.count >= play.committee.someHonest {
            coins[round - 5] = GraphProgram.coin(of: Round(round - 5))
        }
        return coins
    }
}
