// Times at which something is to be done, earliest first.
import Primitives

/// A binary heap; equal times come in the order of their numbers.
struct TimerHeap: Sendable {
    struct Timer: Hashable, Comparable, Sendable {
        var time: Instant
        /// What is due.
        var number: Int

        static func < (one: Timer, other: Timer) -> Bool {
            (one.time, one.number) < (other.time, other.number)
        }
    }

    private var timers: [Timer] = []

    var first: Timer? { timers.first }

    mutating func insert(_ timer: Timer) {
        timers.append(timer)
        var child = timers.count - 1
        while child > 0, timers[child] < timers[(child - 1) / 2] {
            timers.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the earliest timer, if it is due.
    mutating func popFirst(dueAt now: Instant) -> Timer? {
        guard let first, first.time <= now else { return nil }
        let last = timers.removeLast()
        guard !timers.isEmpty else { return first }
        timers[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < timers.count && timers[child] < timers[least] {
                least = child
            }
            guard least != parent else { return first }
            timers.swapAt(parent, least)
            parent = least
        }
    }
}
