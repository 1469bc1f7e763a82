// What one turn of the node works with.
import Primitives

/// The store and the time, for everything that is stepped before the next commit.
struct Turn {
    let store: Store
    let now: Instant
    /// Nanoseconds by the monotonic clock.
    let monotonic: UInt64
}
