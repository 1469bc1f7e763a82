// Whether the wall clock was set back since it was looked at last.
import Primitives

/// Compares the wall clock with the monotonic one from look to look.
struct ClockWatch {
    /// Nanoseconds by which the wall clock may lose against the monotonic one between two looks:
    /// timers are late by as much.
    static let tolerance = Nanoseconds.perSecond

    private var last: (wall: Instant, monotonic: UInt64)?

    /// Takes a look.
    ///
    /// - Parameter monotonic: nanoseconds of a clock that nobody sets.
    /// - Returns: whether the wall clock stands before where it would have run to from the last
    ///   look, by more than the tolerance.
    mutating func isSetBack(wall: Instant, monotonic: UInt64) -> Bool {
        defer { last = (wall, monotonic) }
        guard let last, monotonic >= last.monotonic else { return false }
        let expected = last.wall.advanced(byNanoseconds: monotonic - last.monotonic)
        return wall.advanced(byNanoseconds: Self.tolerance) < expected
    }
}
