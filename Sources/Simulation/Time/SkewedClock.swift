// The clock of one simulated machine: virtual time, some way off, and sometimes set.
import Primitives

struct SkewedClock {
    /// How far it is off.
    private(set) var isAhead = true
    private(set) var skew: UInt64 = 0

    /// Sets the clock `nanoseconds` ahead of virtual time or behind it.
    mutating func set(nanoseconds: UInt64, ahead: Bool) {
        skew = nanoseconds
        isAhead = ahead
    }

    /// What the machine takes for the time.
    func reading(at now: Instant) -> Instant {
        isAhead
            ? now.advanced(byNanoseconds: skew)
            : Instant(nanoseconds: now.nanoseconds - min(skew, now.nanoseconds))
    }
}
