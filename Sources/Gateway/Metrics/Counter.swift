// Numbers that any thread may add to and any thread may read, without a lock.
import Synchronization

/// Counts upwards; wraps after 2^64.
final class Counter: Sendable {
    private let number = Atomic<UInt64>(0)

    var value: UInt64 { number.load(ordering: .relaxed) }

    func add(_ count: Int = 1) {
        number.wrappingAdd(UInt64(max(0, count)), ordering: .relaxed)
    }

    func add(_ count: UInt64) {
        number.wrappingAdd(count, ordering: .relaxed)
    }
}

/// How often durations fell below fixed bounds, as Prometheus counts them.
final class Histogram: Sendable {
    /// Upper bounds in nanoseconds, ascending; one bucket more holds the rest.
    let bounds: [UInt64]
    private let buckets: [Counter]
    private let total = Counter()

    init(bounds: [UInt64]) {
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in Counter() }
    }

    /// Notes that `count` things each took `nanoseconds`.
    func note(_ nanoseconds: UInt64, count: Int = 1) {
        let bucket = bounds.firstIndex { nanoseconds <= $0 } ?? bounds.count
        buckets[bucket].add(count)
        let (sum, overflow) = nanoseconds.multipliedReportingOverflow(by: UInt64(max(0, count)))
        total.add(overflow ? UInt64.max : sum)
    }

    /// Counts below each bound, cumulative, the last one being all; and the sum in nanoseconds.
    /// Taken bucket by bucket, so that a note made meanwhile may be missing.
    var snapshot: (cumulative: [UInt64], sumNanoseconds: UInt64) {
        var running: UInt64 = 0
        let cumulative = buckets.map { bucket in
            running &+= bucket.value
            return running
        }
        return (cumulative, total.value)
    }
}
