// Events come by time, and in the order of pushing where times are equal.
import Primitives
import TestSupport
import Testing

@testable import Simulation

@Suite struct EventHeapTests {
    @Test func equalTimesKeepTheirOrder() {
        var heap = EventHeap<Int>()
        for number in 0..<5 { heap.push(number, at: Instant(nanoseconds: 7)) }
        heap.push(5, at: Instant(nanoseconds: 3))
        var order: [Int] = []
        while let next = heap.pop() { order.append(next.event) }
        #expect(order == [5, 0, 1, 2, 3, 4])
        #expect(heap.isEmpty)
    }

    @Test(arguments: propertySeeds) func itSortsWhatIsPushedInBetween(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        var heap = EventHeap<UInt64>()
        var waiting: [(time: UInt64, number: UInt64)] = []
        var pushed: UInt64 = 0
        for _ in 0..<400 {
            if chance.next() % 3 > 0 || waiting.isEmpty {
                let time = chance.next() % 50
                heap.push(pushed, at: Instant(nanoseconds: time))
                waiting.append((time, pushed))
                pushed += 1
            } else {
                waiting.sort { ($0.time, $0.number) < ($1.time, $1.number) }
                let first = waiting.removeFirst()
                let popped = heap.pop()
                #expect(popped?.event == first.number, "seed \(seed)")
                #expect(popped?.time.nanoseconds == first.time, "seed \(seed)")
            }
        }
    }
}
