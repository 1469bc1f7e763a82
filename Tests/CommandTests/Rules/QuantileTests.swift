// The quantiles of a testbed's samples.
import Testing

@testable import Command

@Suite struct QuantileTests {
    @Test(arguments: [
        ([], 0, 0, 0), ([7], 7, 7, 7), ([2, 1], 1, 2, 2), (Array(1...100), 50, 90, 99),
        (Array(1...1_000).reversed(), 500, 900, 990), ([5, 5, 5, 9], 5, 9, 9),
    ] as [([UInt64], UInt64, UInt64, UInt64)])
    func quantiles(samples: [UInt64], p50: UInt64, p90: UInt64, p99: UInt64) {
        let found = Quantiles(samples)
        #expect(found.count == samples.count)
        #expect([found.p50, found.p90, found.p99] == [p50, p90, p99])
    }

    @Test func freshSamplesAreGivenOnce() {
        let latencies = Latencies()
        latencies.add(3)
        #expect(latencies.fresh().p50 == 3)
        #expect(latencies.fresh().count == 0)
        latencies.add(5)
        #expect(latencies.fresh().p50 == 5)
        #expect(latencies.all == [3, 5])
    }
}
