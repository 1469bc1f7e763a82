// The loop runs posted work in order and timers when they are due.
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Platform

@Suite struct EventLoopTests {
    @Test func runsPostedWorkInOrderOnItsOwnThread() throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        let seen = Mutex<[Int]>([])
        let done = Gate()
        for number in 0..<1_000 {
            loop.post {
                seen.withLock { $0.append(loop.isCurrent ? number : -1) }
                if number == 999 { done.open() }
            }
        }
        done.wait()
        #expect(seen.withLock { $0 } == Array(0..<1_000))
        #expect(!loop.isCurrent)
        loop.stop()
    }

    @Test func timersComeInTheOrderOfTheirDeadlinesAndNotTooEarly() throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        let clock = SystemClock()
        let start = clock.monotonicNanoseconds()
        let seen = Mutex<[(delay: UInt64, elapsed: UInt64)]>([])
        let done = Gate()
        let delays: [UInt64] = [9_000_000, 3_000_000, 6_000_000, 0]
        for delay in delays {
            loop.schedule(afterNanoseconds: delay) {
                let elapsed = clock.monotonicNanoseconds() - start
                let count = seen.withLock { seen in
                    seen.append((delay, elapsed))
                    return seen.count
                }
                if count == delays.count { done.open() }
            }
        }
        done.wait()
        let order = seen.withLock { $0 }
        #expect(order.map(\.delay) == delays.sorted())
        #expect(order.allSatisfy { $0.elapsed >= $0.delay })
        loop.stop()
    }

    @Test func aStoppedLoopHoldsNothing() throws {
        final class Witness: Sendable {}
        weak var witness: Witness?
        let loop = try EventLoop(name: "test")
        try loop.start()
        do {
            let held = Witness()
            witness = held
            loop.schedule(afterNanoseconds: .max) { withExtendedLifetime(held) {} }
            loop.stop()
            loop.post { withExtendedLifetime(held) {} }
        }
        #expect(witness == nil)
    }

    @Test(arguments: propertySeeds) func timersMatchASortedList(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var timers = Timers()
        let fired = Mutex<[UInt64]>([])
        var expected: [(deadline: UInt64, number: UInt64)] = []
        for number in 0..<UInt64(200) {
            let deadline = UInt64.random(in: 0..<1_000, using: &generator)
            timers.add(TimerID(number: number), at: deadline) {
                fired.withLock { $0.append(number) }
            }
            if number % 3 == 0 {
                timers.cancel(TimerID(number: number))
            } else if deadline <= 700 {
                expected.append((deadline, number))
            }
        }
        while let work = timers.popDue(at: 700) { work() }
        let order = expected.sorted { $0 < $1 }.map(\.number)
        #expect(fired.withLock { $0 } == order, "seed \(seed)")
    }
}
