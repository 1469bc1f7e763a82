// Events of a run by virtual time; equal times in the order of pushing. A binary heap.
import Primitives

/// The heap moves small keys; the events stay in their slots.
struct EventHeap<Event> {
    private struct Key {
        var time: Instant
        var number: UInt64
        var slot: Int

        static func < (left: Key, right: Key) -> Bool {
            left.time == right.time ? left.number < right.number : left.time < right.time
        }
    }

    private var keys: [Key] = []
    private var events: [Event?] = []
    private var free: [Int] = []
    private var pushed: UInt64 = 0

    var isEmpty: Bool { keys.isEmpty }

    /// The time of the next event, nil where there is none.
    var nextTime: Instant? { keys.first?.time }

    mutating func push(_ event: Event, at time: Instant) {
        let slot: Int
        if let last = free.popLast() {
            slot = last
            events[slot] = event
        } else {
            slot = events.count
            events.append(event)
        }
        keys.append(Key(time: time, number: pushed, slot: slot))
        pushed += 1
        var child = keys.count - 1
        while child > 0, keys[child] < keys[(child - 1) / 2] {
            keys.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The earliest event with its time and its number in the order of pushing.
    mutating func pop() -> (time: Instant, number: UInt64, event: Event)? {
        guard let first = keys.first, let event = events[first.slot] else { return nil }
        events[first.slot] = nil
        free.append(first.slot)
        let last = keys.removeLast()
        if !keys.isEmpty {
            keys[0] = last
            sink()
        }
        return (first.time, first.number, event)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < keys.count && keys[child] < keys[least] {
                least = child
            }
            if least == parent { return }
            keys.swapAt(parent, least)
            parent = least
        }
    }
}
