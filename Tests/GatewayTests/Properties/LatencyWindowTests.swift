// Quantiles of the last minute against a sorted list.
import Primitives
import TestSupport
import Testing

@testable import Gateway

@Suite struct LatencyWindowTests {
    @Test(arguments: propertySeeds) func quantilesAreWithinASixteenth(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var window = LatencyWindow()
        var values: [UInt64] = []
        for _ in 0..<500 {
            let value = generator.next() >> (generator.next() % 64)
            values.append(value)
            window.note(value, count: 1, at: generator.next() % (55 * Nanoseconds.perSecond))
        }
        values.sort()
        let quantiles = window.quantiles(at: 55 * Nanoseconds.perSecond)
        #expect(quantiles.count == 500)
        for (found, rank) in [(quantiles.p50, 250), (quantiles.p99, 495)] {
            let exact = values[rank]
            #expect(found >= exact && found - exact <= exact / 16, "seed \(seed)")
        }
    }

    @Test func whatIsOlderThanAMinuteIsForgotten() {
        var window = LatencyWindow()
        window.note(1_000, count: 7, at: 0)
        #expect(window.quantiles(at: 59 * Nanoseconds.perSecond).count == 7)
        #expect(window.quantiles(at: 61 * Nanoseconds.perSecond).count == 0)
        #expect(window.quantiles(at: 61 * Nanoseconds.perSecond) == LatencyWindow.Quantiles())
    }

    @Test func everyValueIsInABucketThatEndsAboveIt() {
        for shift in 0..<64 as Range<UInt64> {
            for value in [1 << shift, 1 << shift - 1, 1 << shift | 1 << (shift / 2)] as [UInt64] {
                let bucket = LatencyWindow.bucket(of: value)
                #expect(LatencyWindow.top(of: bucket) >= value)
                #expect(bucket == 0 || LatencyWindow.top(of: bucket - 1) < value)
            }
        }
    }
}
