// Windows: never less than the true sum of the last hour or day, and little more.
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct WindowTests {
    @Test(arguments: propertySeeds) func neverLessThanTheTruth(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var window = Window.hour
        var time = World.time
        var events: [(Instant, UInt128)] = []
        for step in 0..<200 {
            time = time.advanced(
                byNanoseconds: UInt64.random(in: 0...Nanoseconds.perHour / 3, using: &generator))
            let value = UInt128(UInt64.random(in: 0...9, using: &generator))
            events.append((time, value))
            window.add(value, at: time)
            func sum(within span: UInt64) -> UInt128 {
                events.filter { time.nanoseconds(since: $0.0) <= span }.reduce(0) { $0 + $1.1 }
            }
            let found = window.total(at: time)
            #expect(found >= sum(within: Nanoseconds.perHour - 1), "seed \(seed), step \(step)")
            #expect(
                found <= sum(within: Nanoseconds.perHour / 6 * 7), "seed \(seed), step \(step)")
        }
    }

    @Test func edges() {
        var window = Window.day
        #expect(window.total(at: Instant(nanoseconds: .max)) == 0)
        window.add(.max, at: World.time)
        window.add(.max, at: World.time)
        #expect(window.total(at: World.time) == 1 << 124)
        #expect(window.total(at: Instant(nanoseconds: 0)) == 1 << 124)
        #expect(window.total(at: Instant(nanoseconds: .max)) == 0)
        window.add(5, at: Instant(nanoseconds: .max))
        #expect(window.total(at: Instant(nanoseconds: .max)) == 5)
    }
}
