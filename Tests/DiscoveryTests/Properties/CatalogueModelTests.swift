// A catalogue under random changes finds what looking at every service would find.
import Primitives
import TestSupport
import Testing

@testable import Discovery

@Suite struct CatalogueModelTests {
    @Test(arguments: propertySeeds.prefix(4)) func itIsItsModel(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        var settings = Catalogue.Settings()
        settings.exactRows = 64
        settings.breadth = 256
        var catalogue = Catalogue(settings)
        var model: [Listing?] = Array(repeating: nil, count: 120)
        for _ in 0..<600 {
            let place = Int.random(in: 0..<model.count, using: &chance)
            if chance.next() % 4 == 0 {
                catalogue.remove(Self.id(place))
                model[place] = nil
            } else {
                let keepsWords = model[place] != nil && chance.next() % 2 == 0
                let text = keepsWords ? model[place]?.text ?? ""
                    : NearestGraphTests.phrase(&chance)
                var service = Listing(
                    id: Self.id(place), text: text, price: Self.price(&chance),
                    capacity: 10, load: chance.next() % 11)
                service.region = ["eu", "EU", "us", ""].randomElement(using: &chance) ?? ""
                service.reputation = chance.next() % 3 == 0 ? nil : UInt32(chance.next() % 1_000)
                let isTaken = catalogue.put(service)
                #expect(isTaken)
                model[place] = service
            }
        }
        #expect(catalogue.count == model.compactMap(\.self).count)
        for _ in 0..<10 {
            let words = NearestGraphTests.phrase(&chance)
            let filter = Self.filter(&chance)
            let found = catalogue.find(words, filter, most: 5)
            let best = model.compactMap(\.self).filter(filter.passes)
                .map { Embedding($0.text).similarity(to: Embedding(words)) }
                .filter { $0 >= settings.leastSimilarity }.sorted(by: >).prefix(5)
            #expect(found.map(\.similarity) == Array(best), "seed \(seed)")
            for match in found { #expect(model.contains(match.service)) }
            let cheapest = catalogue.find("", filter, most: 7)
            let prices = model.compactMap(\.self).filter(filter.passes).map(\.price).sorted()
            #expect(cheapest.map(\.service.price) == Array(prices.prefix(7)), "seed \(seed)")
        }
    }

    /// Some beyond 64 bits.
    private static func price(_ chance: inout SeededGenerator) -> UInt128 {
        let low = UInt128(chance.next() % 100)
        return chance.next() % 8 == 0 ? UInt128(UInt64.max) + low - 50 : low
    }

    private static func filter(_ chance: inout SeededGenerator) -> ListingFilter {
        var filter = ListingFilter()
        if chance.next() % 2 == 0 { filter.mostPrice = price(&chance) }
        if chance.next() % 4 == 0 { filter.mostLoad = UInt32(chance.next() % 1_000_001) }
        if chance.next() % 4 == 0 { filter.leastReputation = UInt32(chance.next() % 1_000) }
        if chance.next() % 4 == 0 { filter.region = ["eU", "us", ""].randomElement(using: &chance) }
        return filter
    }

    private static func id(_ number: Int) -> ListingID {
        ListingID([UInt8](repeating: UInt8(number), count: 32)) ?? ListingID()
    }
}
