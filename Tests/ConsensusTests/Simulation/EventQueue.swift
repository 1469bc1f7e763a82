// Events by time, and by the order of pushing where times are equal: a binary heap.
import Primitives

struct EventQueue<Event> {
    private var heap: [(time: Instant, number: Int, event: Event)] = []
    private var pushed = 0

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        let (first, second) = (heap[left], heap[right])
        return first.time == second.time
            ? first.number < second.number : first.time < second.time
    }

    mutating func push(_ event: Event, at time: Instant) {
        heap.append((time, pushed, event))
        pushed += 1
        var child = heap.count - 1
        while child > 0, isBefore(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> (Instant, Event)? {
        guard !heap.isEmpty else { return nil }
        heap.swapAt(0, heap.count - 1)
        let last = heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && isBefore(child, least) {
                least = child
            }
            if least == parent { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return (last.time, last.event)
    }
}
