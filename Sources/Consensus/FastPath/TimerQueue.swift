// Moments at which something is to be looked at again, soonest first.
import Primitives

/// A binary heap by time, and by the order of setting where times are equal. What was set is not
/// taken back: whoever is woken looks whether there is something to do.
struct TimerQueue<Subject: Sendable>: Sendable {
    private var heap: [(time: Instant, number: UInt64, subject: Subject)] = []
    private var numbers: UInt64 = 0

    /// The soonest moment set.
    var first: Instant? { heap.first?.time }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        // Subjects are not copied for it.
        heap[left].time == heap[right].time
            ? heap[left].number < heap[right].number : heap[left].time < heap[right].time
    }

    mutating func set(_ subject: Subject, at time: Instant) {
        heap.append((time, numbers, subject))
        numbers &+= 1
        var child = heap.count - 1
        while child > 0, isBefore(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The soonest subject whose moment is not after `now`.
    mutating func next(at now: Instant) -> Subject? {
        guard let first, first <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        let subject = heap.removeLast().subject
        var parent = 0
        while true {
            var least = parent
            let child = 2 * parent + 1
            if child < heap.count, isBefore(child, least) { least = child }
            if child + 1 < heap.count, isBefore(child + 1, least) { least = child + 1 }
            if least == parent { return subject }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
