// When messages arrive over a simulated link.
import Primitives
import Testing

@testable import Simulation

@Suite struct LinkTests {
    private let start = Instant(nanoseconds: 1_000)

    private func arrivals(
        _ change: (inout LinkConditions) -> Void, count: Int = 200
    ) -> (times: [Instant], counts: FaultCounts) {
        var link = Link()
        change(&link.conditions)
        var chance = Chance(seed: 3, "link")
        var counts = FaultCounts()
        var times: [Instant] = []
        for _ in 0..<count {
            let (first, second) = link.carry(100, at: start, counts: &counts, by: &chance)
            times += [first, second].compactMap { $0 }
        }
        return (times, counts)
    }

    @Test func messagesComeOnceInOrder() {
        let (times, counts) = arrivals { _ in }
        #expect(times.count == 200)
        #expect(times == times.sorted())
        #expect(times.allSatisfy { $0 > start })
        #expect(counts.happened.isEmpty)
    }

    @Test func droppedOnesNeverCome() {
        let (times, counts) = arrivals { $0.drops = 500 }
        #expect(times.count == 200 - Int(counts[.dropped]))
        #expect(counts[.dropped] > 50)
    }

    @Test func doubledOnesComeTwice() {
        let (times, counts) = arrivals { $0.duplicates = 500 }
        #expect(times.count == 200 + Int(counts[.duplicated]))
        #expect(counts[.duplicated] > 50)
    }

    @Test func overtakingIsCounted() {
        let (times, counts) = arrivals {
            $0.reorders = true
            $0.tails = 200
        }
        #expect(times != times.sorted())
        #expect(counts[.reordered] > 0 && counts[.delayed] > 0)
    }

    @Test func aCutLinkCarriesNothing() {
        var network = Network(machines: 3, chance: Chance(seed: 1, "network"))
        network.partition([0, 1, 1])
        #expect(!network.isOpen(0, 1) && !network.isOpen(2, 0) && network.isOpen(1, 2))
        var counts = FaultCounts()
        let lost = network.carry(10, from: 0, to: 2, at: start, counts: &counts)
        #expect(lost.first == nil && counts[.partitioned] == 1)
        network.join()
        let carried = network.carry(10, from: 0, to: 2, at: start, counts: &counts)
        #expect(carried.first != nil)
    }
}
