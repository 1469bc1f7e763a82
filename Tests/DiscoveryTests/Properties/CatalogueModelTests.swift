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
                let service = Listing(
                    id: Self.id(place), text: text, price: UInt128(chance.next() % 100),
                    capacity: 10, load: chance.next() % 11)
                let isTaken = catalogue.put(service)
                #expect(isTaken)
                model[place] = service
            }
        }
        #expect(catalogue.count == model.compactMap(\.self).count)
        for _ in 0..<10 {
            let words = NearestGraphTests.phrase(&chance)
            var filter = ListingFilter()
            filter.mostPrice = UInt128(chance.next() % 100)
            let found = catalogue.find(words, filter, most: 5)
            let best = model.compactMap(\.self).filter(filter.passes)
                .map { Embedding($0.text).similarity(to: Embedding(words)) }
                .filter { $0 >= settings.leastSimilarity }.sorted(by: >).prefix(5)
            #expect(found.map(\.similarity) == Array(best), "seed \(seed)")
            for match in found { #expect(model.contains(match.service)) }
        }
    }

    private static func id(_ number: Int) -> ListingID {
        ListingID([UInt8](repeating: UInt8(number), count: 32)) ?? ListingID()
    }
}
