// What one turn of the node works with.
import Primitives

/// The store and the time, for everything that is stepped before the next commit.
struct Turn {
    let store: Store
    let now: Instant
    /// Nanoseconds by the monotonic clock.
    let monotonic: UInt64
}

/// How long the parts of a turn took that ended with a commit, in nanoseconds.
public struct TurnTimes: Hashable, Sendable {
    /// Everything before the commit.
    public var work: UInt64 = 0
    /// Writing and syncing the payloads.
    public var payloads: UInt64 = 0
    /// Writing and syncing the journal of records.
    public var journal: UInt64 = 0
    /// Handing over to the index, where too much waits for it until some of it is written.
    public var index: UInt64 = 0

    public init() {}
}
