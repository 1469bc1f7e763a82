// Backoff, breakers and consistent hashing, by tables.
import Ledger
import Primitives
import TestSupport
import Testing

@testable import Orchestrator

@Suite struct RoutingTests {
    private func at(_ seconds: UInt64) -> Instant {
        Instant(nanoseconds: seconds * Nanoseconds.perSecond)
    }

    @Test func backoffDoublesUpToItsLimit() {
        var backoff = Backoff()
        (backoff.firstNanoseconds, backoff.mostNanoseconds) = (100, 1_000)
        for (tries, most): (UInt32, UInt64) in [
            (0, 100), (1, 100), (2, 200), (4, 800), (5, 1_000), (64, 1_000), (.max, 1_000),
        ] {
            #expect(backoff.wait(after: tries, chance: 0) == most / 2)
            #expect(backoff.wait(after: tries, chance: most - most / 2) == most)
            for chance in [UInt64.max, 12_345] {
                let wait = backoff.wait(after: tries, chance: chance)
                #expect((most / 2...most).contains(wait))
            }
        }
        backoff.mostNanoseconds = .max
        #expect(backoff.wait(after: 90, chance: 0) == UInt64.max / 2)
    }

    @Test func aBreakerOpensTriesAndCloses() {
        var settings = CircuitBreaker.Settings()
        (settings.failures, settings.restNanoseconds) = (2, 10 * Nanoseconds.perSecond)
        var breaker = CircuitBreaker()
        breaker.noteFailure(at: at(0), settings)
        #expect(breaker.allows(at: at(0)))
        breaker.noteSuccess()
        breaker.noteFailure(at: at(0), settings)
        breaker.noteFailure(at: at(0), settings)
        #expect(breaker.state == .open(until: at(10)))
        #expect(!breaker.allows(at: Instant(nanoseconds: at(10).nanoseconds - 1)))
        #expect(breaker.allows(at: at(10)))
        breaker.noteSent(at: at(10))
        #expect(!breaker.allows(at: at(99)))
        breaker.noteFailure(at: at(11), settings)
        #expect(breaker.state == .open(until: at(31)))
        breaker.noteFailure(at: at(12), settings)
        #expect(breaker.state == .open(until: at(31)))
        breaker.noteSent(at: at(31))
        breaker.noteSuccess()
        #expect(breaker.state == .closed)
        breaker.noteFailure(at: at(40), settings)
        breaker.noteFailure(at: at(40), settings)
        #expect(breaker.state == .open(until: at(50)))
    }

    @Test(arguments: propertySeeds.prefix(4)) func onlyKeysOfWhoGoesMove(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let offers: [OfferID] = (0..<16).map { _ in OfferID(chance.bytes(32)) ?? OfferID() }
        let keys = (0..<800).map { _ in chance.bytes(8) }
        let gone = offers[5]
        var counts: [OfferID: Int] = [:]
        for key in keys {
            let before = ConsistentHash.choose(offers, for: key)
            let after = ConsistentHash.choose(offers.filter { $0 != gone }, for: key)
            #expect(before == after || before == gone)
            if let before { counts[before, default: 0] += 1 }
        }
        #expect(counts.values.allSatisfy { (20...90).contains($0) }, "seed \(seed)")
        #expect(ConsistentHash.choose([], for: [1]) == nil)
    }

    @Test func refusalsAreToldApart() {
        for (name, outcome): (String, RequestOutcome) in [
            ("tasks.numberUsed", .moved), ("tasks.wrongState", .moved), ("tasks.conflict", .unfit),
            ("tasks.reserved", .unfit), ("wrongSequence", .unknown), ("accounts.insufficient", .refused),
            ("tasks.insufficient", .refused), ("forbidden.agentStopped", .unknown), ("", .refused),
        ] { #expect(RequestOutcome(refusal: name) == outcome, "\(name)") }
    }
}
