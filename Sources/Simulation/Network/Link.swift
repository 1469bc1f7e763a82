// One direction between two simulated machines: how long messages take and what becomes of them.
import Primitives

/// How a link behaves; nanoseconds, and parts of a thousand.
struct LinkConditions {
    var delay: UInt64 = 10 * Nanoseconds.perMillisecond
    /// Up to so much is added to each message.
    var jitter: UInt64 = 2 * Nanoseconds.perMillisecond
    /// Messages that take many times as long.
    var tails: UInt64 = 0
    var drops: UInt64 = 0
    var duplicates: UInt64 = 0
    /// Whether a message may overtake one sent before it.
    var reorders = false
    /// Nanoseconds for each KiB: 8 microseconds are 1 Gbit/s.
    var perKibibyte: UInt64 = 8 * Nanoseconds.perMicrosecond
}

struct Link {
    var conditions = LinkConditions()
    /// Nothing arrives while it is cut.
    var isCut = false
    /// When the last message in order arrives.
    private var lastArrival = Instant(nanoseconds: 0)
    /// When the last byte sent leaves the machine.
    private var freeAt = Instant(nanoseconds: 0)

    /// When a message sent now arrives: never, once, or twice.
    mutating func carry(
        _ size: Int, at now: Instant, counts: inout FaultCounts, by chance: inout Chance
    ) -> (first: Instant?, second: Instant?) {
        if isCut {
            counts[.partitioned] += 1
            return (nil, nil)
        }
        if chance.isLucky(permille: conditions.drops) {
            counts[.dropped] += 1
            return (nil, nil)
        }
        let busy = conditions.perKibibyte * UInt64(size) / 1_024
        freeAt = max(freeAt, now).advanced(byNanoseconds: busy)
        var span = conditions.delay + chance.below(conditions.jitter)
        if chance.isLucky(permille: conditions.tails) {
            counts[.delayed] += 1
            span += conditions.delay << chance.within(1...6)
        }
        var arrival = freeAt.advanced(byNanoseconds: span)
        if conditions.reorders {
            if arrival < lastArrival { counts[.reordered] += 1 }
        } else {
            arrival = max(arrival, lastArrival)
        }
        lastArrival = max(arrival, lastArrival)
        guard chance.isLucky(permille: conditions.duplicates) else { return (arrival, nil) }
        counts[.duplicated] += 1
        let again = chance.below(20 * (conditions.delay + conditions.jitter))
        return (arrival, arrival.advanced(byNanoseconds: again))
    }
}
