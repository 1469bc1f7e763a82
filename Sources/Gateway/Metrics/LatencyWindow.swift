// Quantiles of durations over the last minute, in constant memory.
import Primitives

/// Twelve slots of five seconds; in each, counts in buckets that are at most 1/16 wide. One thread.
struct LatencyWindow {
    /// Nanoseconds of one slot.
    static let slotNanoseconds = 5 * Nanoseconds.perSecond
    private static let slotCount = 12
    /// Buckets per power of two.
    private static let steps: UInt64 = 16
    private static let bucketCount = 61 * 16

    private struct Slot {
        /// Which slot of time it counts; a slot of another time is empty.
        var period: UInt64 = .max
        var counts: [UInt32] = []
    }
    private var slots = [Slot](repeating: Slot(), count: slotCount)

    /// Quantiles of one moment; nanoseconds.
    struct Quantiles: Hashable, Sendable {
        var p50: UInt64 = 0
        var p90: UInt64 = 0
        var p99: UInt64 = 0
        var count: UInt64 = 0
    }

    /// Notes `count` durations at the time `now` of a monotonic clock.
    mutating func note(_ nanoseconds: UInt64, count: Int, at now: UInt64) {
        let period = now / Self.slotNanoseconds
        let place = Int(period % UInt64(Self.slotCount))
        if slots[place].period != period {
            slots[place].period = period
            slots[place].counts = [UInt32](repeating: 0, count: Self.bucketCount)
        }
        let bucket = Self.bucket(of: nanoseconds)
        let (sum, overflow) = slots[place].counts[bucket]
            .addingReportingOverflow(UInt32(clamping: count))
        slots[place].counts[bucket] = overflow ? .max : sum
    }

    /// The quantiles over the slots that overlap the minute before `now`, rounded up to the end of
    /// their bucket; zeros where nothing was noted.
    func quantiles(at now: UInt64) -> Quantiles {
        let period = now / Self.slotNanoseconds
        var counts = [UInt64](repeating: 0, count: Self.bucketCount)
        for slot in slots
        where slot.period <= period && period - slot.period < UInt64(Self.slotCount) {
            for (bucket, count) in slot.counts.enumerated() { counts[bucket] &+= UInt64(count) }
        }
        let total = counts.reduce(0, &+)
        guard total > 0 else { return Quantiles() }
        return Quantiles(
            p50: Self.quantile(50, of: counts, total), p90: Self.quantile(90, of: counts, total),
            p99: Self.quantile(99, of: counts, total), count: total)
    }

    private static func quantile(
        _ percent: UInt64, of counts: [UInt64], _ total: UInt64
    ) -> UInt64 {
        let rank = total / 100 * percent + total % 100 * percent / 100
        var running: UInt64 = 0
        for (bucket, count) in counts.enumerated() {
            running &+= count
            if running > rank || running == total { return top(of: bucket) }
        }
        return 0
    }

    /// Values below 16 have a bucket each; above, the leading bit and the four after it choose one.
    static func bucket(of value: UInt64) -> Int {
        guard value >= steps else { return Int(value) }
        let exponent = UInt64(63 - value.leadingZeroBitCount)
        let step = value >> (exponent - 4) & (steps - 1)
        return Int((exponent - 3) * steps + step)
    }

    /// The largest value of a bucket.
    static func top(of bucket: Int) -> UInt64 {
        guard bucket >= Int(steps) else { return UInt64(bucket) }
        let exponent = UInt64(bucket) / steps + 3
        let step = UInt64(bucket) % steps
        let low = 1 << exponent | step << (exponent - 4)
        return low | (1 << (exponent - 4) - 1)
    }
}
