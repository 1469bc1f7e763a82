// Time as the outside provides it, so that a test or a simulation can provide another.
import Primitives

/// The two clocks of a machine.
public protocol Clock: Sendable {
    /// UTC wall time; may jump when the machine's time is corrected.
    func now() -> Instant
    /// Nanoseconds since some fixed moment; never goes back. For measuring spans only.
    func monotonicNanoseconds() -> UInt64
}
