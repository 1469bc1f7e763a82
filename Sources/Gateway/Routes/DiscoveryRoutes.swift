// The route that finds services by words and filters.
import Discovery
import JSON
import Platform
import Primitives

extension RouteTable {
    static let discoveryRoutes: [Route] = [
        Route("GET", "/v1/discover", "Finds services by words (docs/spec/discovery.md)",
            .json("ServiceMatches"), .take(discover)
        ).query(.limit, words, form, maxPrice, minReputation, maxLoad, region)
    ]

    private static let words = RouteParameter(
        name: "q", summary: "What is wanted, in words; without it the cheapest come first.",
        schema: .text)
    private static let form = RouteParameter(
        name: "form", summary: "Only offers, only quotes that can be taken, or only teams.",
        schema: .oneOf(ListingForm.allCases.map { "\($0)" }))
    private static let maxPrice = RouteParameter(
        name: "maxPrice", summary: "Nano-credits a unit, at most.", schema: .number)
    private static let minReputation = RouteParameter(
        name: "minReputation", summary: "Share of good endings in millionths, at least.",
        schema: .integer(0...1_000_000))
    private static let maxLoad = RouteParameter(
        name: "maxLoad", summary: "Used share of the capacity in millionths, at most.",
        schema: .integer(0...1_000_000))
    private static let region = RouteParameter(
        name: "region", summary: "Only where the service says this region.", schema: .text)

    @Sendable private static func discover(_ call: Call, _: [UInt8]) throws(Problem) {
        var filter = ListingFilter()
        if let text = call["maxPrice"] {
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let price = UInt128(text)
            else { throw .parameter("maxPrice", "not a decimal number below 2^128") }
            filter.mostPrice = price
        }
        filter.leastReputation = try millionths(call, "minReputation")
        filter.mostLoad = try millionths(call, "maxLoad")
        filter.region = call["region"]
        if let name = call["form"] {
            guard let form = ListingForm.allCases.first(where: { "\($0)" == name }) else {
                throw .parameter("form", "not offer, quote or team")
            }
            filter.form = form
        }
        let wish = ServiceWish(words: call["q"] ?? "", filter: filter, most: try call.limit())
        call.context.services.find(wish) { found in
            call.finish(HTTPResponse.json { $0.write(found) }.cached(CacheControl.revalidate))
        }
    }

    private static func millionths(_ call: Call, _ name: String) throws(Problem) -> UInt32? {
        guard let number = try call.number(name) else { return nil }
        guard number <= 1_000_000 else { throw .parameter(name, "not in 0...1000000") }
        return UInt32(number)
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ found: FoundServices) {
        object { object in
            object.member("known", quoted: UInt64(found.known))
            object.key("items")
            object.array { array in
                for (match, known) in found.items {
                    array.object { $0.write(match, known) }
                }
            }
        }
    }

    /// The members of one service.
    private mutating func write(_ match: ListingMatch, _ known: ServiceDesk.Provision) {
        let service = match.service, isPriced = service.form != .team
        member("form", "\(service.form)")
        member("id", service.id.hex)
        member("offer", orNull: service.form == .offer ? service.id.hex : nil)
        member("seller", known.seller.hex)
        member("text", service.text)
        member("similarity", Int(match.similarity))
        let unit = known.price?.unit.nanoCredits ?? service.price
        key("pricePerUnit")
        if isPriced { writeQuoted(unit) } else { writeNull() }
        key("base")
        if let price = known.price { writeQuoted(price.base.nanoCredits) } else { writeNull() }
        member("capacity", quoted: service.capacity)
        member("load", quoted: service.load)
        key("reputation")
        if let known = service.reputation { write(Int(known)) } else { writeNull() }
        member("region", orNull: service.region.isEmpty ? nil : service.region)
        member("since", quoted: known.since.nanoseconds)
        member("until", quotedOrNull: known.until?.nanoseconds)
        member("members", known.members)
    }
}
