// The machine's own clocks.
import Environment
import Glibc
import Primitives

/// `CLOCK_REALTIME` and `CLOCK_MONOTONIC`.
public struct SystemClock: Clock {
    public init() {}

    public func now() -> Instant { Instant(nanoseconds: Self.read(CLOCK_REALTIME)) }

    public func monotonicNanoseconds() -> UInt64 { Self.read(CLOCK_MONOTONIC) }

    /// A machine whose clock stands before 1970 reads as 1970.
    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        let seconds = UInt64(max(0, time.tv_sec))
        return seconds &* Nanoseconds.perSecond &+ UInt64(max(0, time.tv_nsec))
    }
}
