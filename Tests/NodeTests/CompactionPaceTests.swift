// The pace of background work: at most its rate, less what the journals take, and on again soon
// after them.
import Primitives
import TestSupport
import Testing

@testable import Node

@Suite struct CompactionPaceTests {
    private static let second = Nanoseconds.perSecond
    private static let mebibyte: UInt64 = 1 << 20

    /// Bytes of work in `seconds` beside journals that write `load` bytes a second, in steps.
    private func work(
        rate: UInt64, load: UInt64, seconds: UInt64, tick: UInt64 = 7_000_000
    ) -> UInt64 {
        var pace = CompactionPace(rate: rate)
        var (now, done) = (UInt64(5), UInt64(0))
        while now < seconds * Self.second {
            pace.pass(to: now, written: load * (now / 1_000) / 1_000_000)
            if pace.isFree {
                pace.take(Self.mebibyte)
                done += Self.mebibyte
            }
            now += tick
        }
        return done
    }

    @Test func aloneItHasItsRate() {
        let rate = 16 * Self.mebibyte
        let done = work(rate: rate, load: 0, seconds: 20)
        #expect(done <= 20 * rate + Self.mebibyte)
        #expect(done > 20 * rate * 8 / 10)
    }

    @Test func theJournalsComeFirst() {
        let rate = 16 * Self.mebibyte
        let half = work(rate: rate, load: rate / 2, seconds: 20)
        #expect(half <= 10 * rate + Self.mebibyte)
        #expect(half > 10 * rate * 7 / 10)
        #expect(work(rate: rate, load: rate + rate / 10, seconds: 20) <= Self.mebibyte)
        #expect(work(rate: rate, load: 100 * rate, seconds: 20) <= Self.mebibyte)
    }

    /// However long and heavy a load was, a second after it the work goes on.
    @Test func aLoadIsForgottenInASecond() {
        var pace = CompactionPace(rate: 1_000_000)
        pace.pass(to: 0, written: 0)
        pace.pass(to: 3_600 * Self.second, written: 1 << 50)
        pace.pass(to: 3_601 * Self.second, written: 1 << 51)
        pace.pass(to: 3_602 * Self.second, written: 1 << 51)
        #expect(pace.isFree)
    }

    @Test func itSaysWhenToComeAgain() {
        var pace = CompactionPace(rate: 1 << 20)
        pace.pass(to: 0, written: 0)
        #expect(pace.nanoseconds == 0)
        pace.take(1 << 20)
        #expect(!pace.isFree && pace.nanoseconds == Self.second)
        pace.pass(to: Self.second / 2, written: 0)
        #expect(pace.nanoseconds == Self.second / 2)
        pace.pass(to: Self.second, written: 0)
        #expect(pace.isFree)
        pace.take(1)
        #expect(pace.nanoseconds == 10 * Nanoseconds.perMillisecond)
    }

    /// No number from outside makes it trap.
    @Test(arguments: propertySeeds.prefix(4)) func extremesAreTaken(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for rate in [1, 1 << 34, .max] as [UInt64] {
            var pace = CompactionPace(rate: rate)
            for _ in 0..<200 {
                let now = chance.next() >> (chance.next() % 64)
                pace.pass(to: now, written: chance.next() >> (chance.next() % 64))
                pace.take(chance.next() >> (chance.next() % 64))
                #expect(pace.isFree || pace.nanoseconds >= 1, "seed \(seed)")
            }
        }
    }
}
