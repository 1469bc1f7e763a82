// Fast paths under faults from a seed: nothing is certified twice, what is final stays, and all goes
// on once the network is stable.
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct FastPathSimulationTests {
    @Test func fourSeats() { expectPass(.init(), seeds: simulationSeeds(standard: 12)) }

    @Test func fourSeatsWithoutCrashes() {
        expectPass(.init(crashes: false), seeds: simulationSeeds(standard: 8))
    }

    @Test func harshFourSeats() {
        expectPass(.init(isHarsh: true), seeds: simulationSeeds(standard: 20))
    }

    @Test func harshSevenSeats() {
        expectPass(.init(seats: 7, isHarsh: true), seeds: simulationSeeds(standard: 6))
    }

    @Test func sevenSeats() {
        expectPass(.init(seats: 7, chains: 2), seeds: simulationSeeds(standard: 4))
    }

    @Test func oneSeat() {
        expectPass(.init(seats: 1, splitChains: 0), seeds: simulationSeeds(standard: 3))
    }

    @Test func aSeedReplays() {
        var first = FastPathSimulation(.init(), seed: 5)
        var second = FastPathSimulation(.init(), seed: 5)
        #expect(first.run() == second.run())
        #expect(first.now == second.now)
        #expect(first.order.count == second.order.count)
        #expect(first.order.count > 20)
    }

    private func expectPass(
        _ shape: FastPathSimulation.Shape, seeds: ClosedRange<UInt64>
    ) {
        for seed in seeds {
            var simulation = FastPathSimulation(shape, seed: seed)
            let broken = simulation.run()
            #expect(broken == nil, "\(shape), seed \(seed)")
        }
    }
}
