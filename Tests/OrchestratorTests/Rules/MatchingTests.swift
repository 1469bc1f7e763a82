// Price and time priority by a table, the market's breaker, and what holds for any market.
import Ledger
import Primitives
import TestSupport
import Testing

@testable import Orchestrator

@Suite struct MatchingTests {
    static func bytes<Kind>(_ number: Int) -> Bytes32<Kind> {
        var bytes = [UInt8](repeating: 0, count: 32)
        bytes[0] = UInt8(number & 255)
        bytes[1] = UInt8(number >> 8)
        return Bytes32<Kind>(bytes) ?? Bytes32<Kind>()
    }

    private func want(_ task: Int, _ limit: UInt128, at time: UInt64, _ offers: Int...) -> Want {
        Want(
            task: Self.bytes(task), limit: Amount(nanoCredits: limit),
            since: Instant(nanoseconds: time), offers: Set(offers.map { Self.bytes($0) }))
    }

    private func ask(_ offer: Int, _ price: UInt128, at time: UInt64, room: UInt64 = 1) -> Ask {
        Ask(
            offer: Self.bytes(offer), price: Amount(nanoCredits: price),
            since: Instant(nanoseconds: time), room: room)
    }

    private func pairs(
        _ wants: [Want], _ asks: [Ask], reference: UInt128? = nil
    ) -> [[Int]] {
        Matching.pairs(wants, asks, reference: reference.map { Amount(nanoCredits: $0) })
            .map { [Int($0.task.bytes[0]), Int($0.offer.bytes[0]), Int($0.price.nanoCredits)] }
    }

    @Test func theCheapestGoesToWhoPaysMost() {
        let wants = [want(1, 10, at: 1, 1, 2), want(2, 20, at: 2, 1, 2)]
        #expect(pairs(wants, [ask(1, 5, at: 1), ask(2, 7, at: 1)]) == [[2, 1, 5], [1, 2, 7]])
    }

    @Test func ofEqualPricesTheEarlierThenTheLowerIdComesFirst() {
        let asks = [ask(3, 5, at: 9), ask(2, 5, at: 8), ask(1, 5, at: 9)]
        let wants = [
            want(3, 10, at: 5, 1, 2, 3), want(2, 10, at: 5, 1, 2, 3), want(1, 10, at: 6, 1, 2, 3),
        ]
        #expect(pairs(wants, asks) == [[2, 2, 5], [3, 1, 5], [1, 3, 5]])
    }

    @Test func limitsRoomAndCandidatesHold() {
        let asks = [ask(1, 5, at: 1, room: 2), ask(2, 6, at: 1, room: 0)]
        let table: [([Want], [[Int]])] = [
            ([want(1, 4, at: 1, 1)], []), ([want(1, 5, at: 1, 1)], [[1, 1, 5]]),
            ([want(1, 9, at: 1, 2)], []), ([want(1, 9, at: 1)], []),
            (
                [want(1, 9, at: 1, 1), want(2, 9, at: 2, 1), want(3, 9, at: 3, 1)],
                [[1, 1, 5], [2, 1, 5]]
            ),
        ]
        for (wants, expected) in table { #expect(pairs(wants, asks) == expected) }
    }

    @Test func theBreakerKeepsWildPricesOut() {
        for (price, isMatched) in [(49, false), (50, true), (100, true), (200, true), (201, false)] {
            let found = pairs([want(1, 999, at: 1, 1)], [ask(1, UInt128(price), at: 1)], reference: 100)
            #expect(found.isEmpty != isMatched, "\(price)")
        }
        let most = Amount(nanoCredits: .max)
        #expect(Matching.isWithinBreaker(most, most))
        #expect(!Matching.isWithinBreaker(.zero, most))
        let prices = [7, 1, 5, 3].map { Amount(nanoCredits: $0) }
        #expect(Matching.reference(of: prices) == Amount(nanoCredits: 3))
        #expect(Matching.reference(of: []) == nil)
    }

    @Test(arguments: propertySeeds) func anyMarketIsMatchedWell(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let asks = (1...12).map {
            ask($0, UInt128(1 + chance.next() % 20), at: chance.next() % 4, room: chance.next() % 3)
        }
        let wants = (1...15).map { number in
            var want = want(number, UInt128(1 + chance.next() % 20), at: chance.next() % 4)
            want.offers = Set(asks.map(\.offer).filter { _ in chance.next() % 2 == 0 })
            return want
        }
        let pairs = Matching.pairs(wants, asks)
        #expect(Set(pairs.map(\.task)).count == pairs.count, "a task is matched once")
        for ask in asks {
            let taken = pairs.filter { $0.offer == ask.offer }
            #expect(taken.count <= ask.room && taken.allSatisfy { $0.price == ask.price })
        }
        for want in wants {
            let pair = pairs.first { $0.task == want.task }
            if let pair { #expect(pair.price <= want.limit && want.offers.contains(pair.offer)) }
            guard pair == nil else { continue }
            // Nothing that it could have is left over.
            for ask in asks where want.offers.contains(ask.offer) && ask.price <= want.limit {
                #expect(pairs.filter { $0.offer == ask.offer }.count == ask.room, "seed \(seed)")
            }
        }
        #expect(Matching.pairs(wants.shuffled(using: &chance), asks.reversed()) == pairs)
    }
}
