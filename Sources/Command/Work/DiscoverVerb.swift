// `althing discover`: who offers what is wanted, by words and filters.
import JSON
import Primitives

enum DiscoverVerb {
    static let words = Positional(
        "WORD", .text, "What is wanted; without any the cheapest come first."
    ).optional.repeatable

    static let verb = Verb("discover", "Finds services by words", run)
        .discussed(
            "Offers of services, standing quotes that can be taken at once, and teams, as the "
                + "column FORM says. Words are compared by themselves, by their parts and by a "
                + "small table of concepts: no model is asked. Similarity 1 is the same words."
        )
        .example("althing discover translate legal contracts --max-price 0.5")
        .example("althing discover weather --region eu --min-reputation 900000")
        .example("althing discover translate --form quote")
        .taking(.form, .maxPrice, .minReputation, .maxLoad, .region, .limit, .node, .json)
        .expecting(words)

    private static func run(_ call: Invocation) throws(CommandFailure) {
        var query = [
            ("q", call.words(words).joined(separator: " ")),
            ("limit", String(min(call.number(.limit) ?? 10, 500))),
        ]
        if let price = call.amount(.maxPrice) {
            query.append(("maxPrice", String(price.nanoCredits)))
        }
        for (name, option) in [
            ("form", Option.form),
            ("minReputation", .minReputation), ("maxLoad", .maxLoad), ("region", .region),
        ] {
            if let text = call.text(option) { query.append((name, text)) }
        }
        let answer = try call.client().get("/v1/discover", query: query)
        guard !call.has(.json) else { return call.console.print(answer) }
        var table = Table(
            .text("SERVICE", limit: 48), .text("FORM"), .number("SIMILARITY"), .number("PRICE"),
            .number("FREE"), .number("REPUTATION"), .text("REGION"), .text("SELLER"), .text("ID"))
        for item in answer.list("items") {
            let capacity = item.number("capacity")
            let base = item.optionalNumber("base") ?? 0
            let price = item["pricePerUnit"]?.string == nil
                ? "-" : (base > 0 ? Quantity.credits(item.amount("base")) + " + " : "")
                    + Quantity.credits(item.amount("pricePerUnit"))
            table.add(
                item.text("text"), item.text("form"), share(item["similarity"]?.integer() ?? 0),
                price, Quantity.count(capacity - min(capacity, item.number("load"))),
                item["reputation"]?.integer().map { share($0) } ?? "-", item.text("region"),
                short(item.text("seller")), item.text("id"))
        }
        call.console.print(table.text(for: call.console))
    }

    /// Millionths with three decimals.
    private static func share(_ millionths: UInt64) -> String {
        let text = String(millionths / 1_000 % 1_000)
        let zeros = String(repeating: "0", count: 3 - text.count)
        return "\(millionths / 1_000_000).\(zeros)\(text)"
    }
}

extension Option {
    static let form = Option(
        "form", OptionValue("FORM", .choice(["offer", "quote", "team"])), "Only this form.")
    static let maxPrice = Option.credits("max-price", "What a unit costs, at most.")
    static let minReputation = Option(
        "min-reputation", OptionValue("COUNT", .number(0...1_000_000, unit: "millionths")),
        "Share of tasks that ended well, at least; unknown ones do not pass.")
    static let maxLoad = Option(
        "max-load", OptionValue("COUNT", .number(0...1_000_000, unit: "millionths")),
        "Used share of the capacity, at most.")
    static let region = Option(
        "region", OptionValue("NAME", .text), "Only services that say this region.")
}
