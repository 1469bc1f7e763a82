// What a catalogue returns for words and filters, by tables.
import Primitives
import Testing

@testable import Discovery

@Suite struct CatalogueTests {
    private static func service(
        _ number: UInt8, _ text: String, price: UInt128, load: UInt64 = 0, region: String = "",
        reputation: UInt32? = nil
    ) -> Listing {
        var id = [UInt8](repeating: 0, count: 32)
        id[31] = number
        var service = Listing(
            id: ListingID(id) ?? ListingID(), text: text, price: price, capacity: 10, load: load)
        (service.region, service.reputation) = (region, reputation)
        return service
    }

    private static let offers = [
        service(1, "Summarizes long PDF documents", price: 30, region: "EU", reputation: 900_000),
        service(2, "Translates German contracts into English", price: 20, load: 9, region: "us"),
        service(3, "Books flights and hotels", price: 50, region: "eu", reputation: 400_000),
        service(4, "Summarizes long PDF documents", price: 10, load: 10),
        service(5, "Weather forecasts for sailors", price: 5, region: "eu", reputation: 990_000),
    ]

    private static var catalogue: Catalogue {
        var catalogue = Catalogue()
        for offer in offers { catalogue.put(offer) }
        return catalogue
    }

    private func found(_ words: String, _ set: (inout ListingFilter) -> Void = { _ in }) -> [UInt8] {
        var filter = ListingFilter()
        set(&filter)
        var catalogue = Self.catalogue
        return catalogue.find(words, filter, most: 10).map { $0.service.id.bytes[31] }
    }

    @Test func theNearestWordsComeFirst() {
        for (words, first) in [
            ("summarise a pdf", 4), ("translation of a contract", 2), ("book me a flight", 3),
            ("weather", 5), ("localize this agreement to english", 2), ("tldr this document", 4),
        ] { #expect(found(words).first == UInt8(first), "\(words)") }
    }

    @Test func equallyNearTheCheaperComesFirst() {
        #expect(found("summarizes long pdf documents").prefix(2) == [4, 1])
    }

    /// Offers, quotes and teams are found together and apart; a team has no price.
    @Test func formsAreToldApart() {
        var catalogue = Self.catalogue
        let words = "summarize pdf documents"
        for (number, form) in zip(UInt8(10)..., ListingForm.allCases) {
            var service = Self.service(
                number, "Summarizes long PDF documents", price: form == .team ? .max : 10)
            service.form = form
            catalogue.put(service)
        }
        func found(_ form: ListingForm?, most: UInt128? = nil) -> [UInt8] {
            var filter = ListingFilter()
            (filter.form, filter.mostPrice) = (form, most)
            return catalogue.find(words, filter, most: 10).map { $0.service.id.bytes[31] }
        }
        #expect(found(nil).prefix(5) == [4, 10, 11, 1, 12])
        #expect(found(.offer).prefix(3) == [4, 10, 1])
        #expect(found(.quote) == [11] && found(.team) == [12])
        #expect(found(.team, most: .max - 1) == [] && found(.quote, most: 10) == [11])
        #expect(catalogue.find("", ListingFilter(), most: 20).last?.service.form == .team)
    }

    @Test func filtersAreExact() {
        let words = "summarize pdf documents"
        #expect(found(words) { $0.mostPrice = 29 }.prefix(1) == [4])
        #expect(found(words) { $0.mostPrice = 9 }.contains(4) == false)
        #expect(found(words) { $0.mostLoad = 999_999 }.prefix(1) == [1])
        #expect(found(words) { $0.leastReputation = 900_000 }.prefix(1) == [1])
        #expect(found(words) { $0.leastReputation = 900_001 }.contains(1) == false)
        #expect(found(words) { $0.region = "eU" }.prefix(1) == [1])
        #expect(found(words) { $0.region = "mars" } == [])
    }

    @Test func withoutWordsTheCheapestComeFirst() {
        #expect(found("") == [5, 4, 2, 1, 3])
        #expect(found("the of") { $0.region = "eu" } == [5, 1, 3])
    }

    @Test func whatHasNothingInCommonIsLeftOut() {
        #expect(found("zzyzx qwrtp") == [])
    }

    @Test func changesTakeHold() {
        var catalogue = Self.catalogue
        catalogue.remove(Self.offers[3].id)
        catalogue.remove(Self.offers[3].id)
        #expect(catalogue.count == 4 && catalogue[Self.offers[3].id] == nil)
        var offer = Self.offers[0]
        offer.price = 31
        catalogue.put(offer)
        let cheaper = catalogue.find("summarize pdf", most: 1)
        #expect(cheaper.first?.service == offer)
        offer.text = "Repairs bicycles"
        catalogue.put(offer)
        #expect(catalogue.count == 4)
        let bicycles = catalogue.find("bicycle repair", most: 1)
        let documents = catalogue.find("summarize pdf", most: 9)
        let none = catalogue.find("bicycle repair", most: 0)
        #expect(bicycles.first?.service == offer && none.isEmpty)
        #expect(documents.contains { $0.service == offer } == false)
    }

    @Test func loadIsAShareOfTheCapacity() {
        for (load, capacity, millionths) in [
            (0, 1, 0), (1, 1, 1_000_000), (1, 3, 333_333), (UInt64.max - 1, UInt64.max, 999_999),
            (UInt64.max, UInt64.max, 1_000_000), (5, 0, 1_000_000),
        ] as [(UInt64, UInt64, UInt32)] {
            let service = Listing(
                id: ListingID(), text: "", price: 1, capacity: capacity, load: load)
            #expect(service.loadMillionths == millionths)
        }
    }
}
