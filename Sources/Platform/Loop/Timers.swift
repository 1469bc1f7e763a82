// Work that is due at a later time: a binary heap of deadlines.

/// Names one scheduled piece of work.
public struct TimerID: Hashable, Sendable {
    let number: UInt64
}

/// Deadlines in order; cancelled ones are skipped when they come up.
struct Timers {
    private var heap: [(deadline: UInt64, number: UInt64)] = []
    private var work: [UInt64: @Sendable () -> Void] = [:]

    /// The next deadline in monotonic nanoseconds.
    var nextDeadline: UInt64? { heap.first?.deadline }

    mutating func add(_ id: TimerID, at deadline: UInt64, _ body: @escaping @Sendable () -> Void) {
        work[id.number] = body
        heap.append((deadline, id.number))
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func cancel(_ id: TimerID) { work[id.number] = nil }

    /// The earliest piece of work due at `now`, removed; nil where none is.
    mutating func popDue(at now: UInt64) -> (@Sendable () -> Void)? {
        while let first = heap.first, first.deadline <= now {
            removeFirst()
            if let body = work.removeValue(forKey: first.number) { return body }
        }
        return nil
    }

    private mutating func removeFirst() {
        let last = heap.removeLast()
        if heap.isEmpty { return }
        heap[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            if child >= heap.count { return }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            if heap[parent] <= heap[child] { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }
}
