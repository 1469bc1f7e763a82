// How often something happened lately.
import Primitives

/// Counts of the last ten whole seconds. One thread.
struct RateWindow {
    private static let slotCount = 11
    private var counts = [UInt64](repeating: 0, count: slotCount)
    private var seconds = [UInt64](repeating: .max, count: slotCount)

    /// Notes `count` events at the time `now` of a monotonic clock.
    mutating func note(_ count: UInt64, at now: UInt64) {
        let second = now / Nanoseconds.perSecond
        let place = Int(second % UInt64(Self.slotCount))
        if seconds[place] != second {
            seconds[place] = second
            counts[place] = 0
        }
        counts[place] &+= count
    }

    /// Events in a second, over the ten whole seconds before `now`, rounded down.
    func perSecond(at now: UInt64) -> UInt64 {
        let second = now / Nanoseconds.perSecond
        var sum: UInt64 = 0
        for (count, slot) in zip(counts, seconds) where slot < second && second - slot <= 10 {
            sum &+= count
        }
        return sum / 10
    }
}
