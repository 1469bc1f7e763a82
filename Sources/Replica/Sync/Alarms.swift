// When a replica wants to be woken, and for what.
import Primitives

/// One time for each purpose; the earliest is told to the shell after each step.
struct Alarms: Sendable {
    enum Purpose: Int, CaseIterable, Sendable {
        case order, earlier, locks, heldBack, postponed, checkpoint, reminder, bodies, status,
            download, epochEnd
    }

    private var times = [Instant?](repeating: nil, count: Purpose.allCases.count)

    /// Sets the time of a purpose in place of the one before.
    mutating func set(_ purpose: Purpose, at time: Instant) { times[purpose.rawValue] = time }

    /// Forgets what is due at `now`: it is looked after in this step.
    mutating func clear(through now: Instant) {
        for index in times.indices where times[index].map({ $0 <= now }) ?? false {
            times[index] = nil
        }
    }

    var first: Instant? { times.compactMap(\.self).min() }
}
