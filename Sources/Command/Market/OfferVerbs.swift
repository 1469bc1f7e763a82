// `althing offer`: services that somebody does for a price.
import JSON
import Ledger
import Primitives

enum OfferVerbs {
    static let verb = Verb(
        "offer", "Lists, changes and delists service offers",
        verbs: [addVerb, updateVerb, delistVerb, listVerb, showVerb])

    private static let id = Positional.identifier("The offer's id.")
    private static let name = Option(
        "name", OptionValue("NAME", .text), "What is offered.").required
    private static let price = Option.credits("price", "What a unit costs.").required
    private static let capacity = Option(
        "capacity", OptionValue("COUNT", .number(1...UInt64.max, unit: "units")),
        "Units at one time."
    ).standing(at: "1")
    private static let load = Option(
        "load", OptionValue("COUNT", .number(0...UInt64.max, unit: "units")),
        "Of them in use."
    ).standing(at: "0")
    private static let model = Option(
        "model", OptionValue("FILE", .file), "The model; its BLAKE3 digest is kept.")
    private static let schema = Option(
        "schema", OptionValue("FILE", .file),
        "The schema of the capability; its BLAKE3 digest is kept.")
    private static let accuracy = Option(
        "accuracy", OptionValue("COUNT", .number(0...1_000_000, unit: "millionths")),
        "Least accuracy."
    ).standing(at: "0")
    private static let volume = Option.credits(
        "daily-volume", "What is expected to be sold in a day; a tenth of it of the stake is bound."
    ).standing(at: "0")
    private static let seller = Option.identifier("seller", "Only those of this account.")
    private static let part = Option(
        "named", OptionValue("TEXT", .text), "Only those whose name has this part.")
    private static let sample = String(repeating: "3f", count: 32)

    private static let addVerb = Verb("add", "Lists a new offer", add)
        .example("althing offer add --name translation --price 0.02 --key owner.key")
        .taking(name, price, capacity, load, model, schema, accuracy, volume, .number)
        .acting()

    private static let updateVerb = Verb("update", "Changes an offer, and lists it again", update)
        .discussed(
            "Within an hour a price may go up to twice what it was, and down to half. All terms "
                + "are given anew."
        )
        .example("althing offer update \(sample) --name translation --price 0.03 --key owner.key")
        .taking(name, price, capacity, load, model, schema, accuracy, volume)
        .acting()
        .expecting(id)

    private static let delistVerb = Verb("delist", "Takes an offer from the list", delist)
        .example("althing offer delist \(sample) --key owner.key")
        .acting()
        .expecting(id)

    private static let listVerb = Verb("list", "Lists offers", list)
        .example("althing offer list --named transl")
        .taking(seller, part)
        .listing()

    private static let showVerb = Verb("show", "Prints an offer", show)
        .example("althing offer show \(sample)")
        .asking()
        .expecting(id)

    private static func terms(_ call: Invocation) throws(CommandFailure) -> OfferTerms {
        var terms = OfferTerms(
            name: try call.required(name), pricePerUnit: call.amount(price) ?? .zero,
            capacity: call.number(capacity) ?? 1, load: call.number(load) ?? 0,
            model: try call.digest(model))
        terms.schema = try call.digest(schema)
        terms.accuracy = UInt32(clamping: call.number(accuracy) ?? 0)
        terms.dailyVolume = call.amount(volume) ?? .zero
        return terms
    }

    private static func add(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let command = OfferCommand.list(
            by: acting.account, number: call.chosenNumber, try terms(call))
        try acting.give(.offer(command), call)
    }

    private static func update(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let command = OfferCommand.update(
            by: acting.account, try call.identifier(id), try terms(call))
        try acting.give(.offer(command), call)
    }

    private static func delist(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        try acting.give(
            .offer(.delist(by: acting.account, try call.identifier(id))), call)
    }

    private static func list(_ call: Invocation) throws(CommandFailure) {
        var query: [(String, String)] = []
        if let text = call.text(seller) { query.append(("seller", text)) }
        if let text = call.text(part) { query.append(("name", text)) }
        let items = try call.items("/v1/offers", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("NAME", limit: 32), .number("PRICE"), .number("FREE"), .text("SELLER"),
            .text("STATE"), .text("OFFER"))
        for offer in items {
            let capacity = offer.number("capacity")
            table.add(
                offer.text("name"), Quantity.credits(offer.amount("pricePerUnit")),
                Quantity.count(capacity - min(capacity, offer.number("load"))),
                short(offer.text("seller")), offer["listed"]?.bool == true ? "listed" : "delisted",
                offer.text("offer"))
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let offer = try call.client().get("/v1/offers/\(try call.required(id))")
        guard !call.has(.json) else { return call.console.print(offer) }
        var facts = Facts()
        for name in ["offer", "name", "seller", "model", "schema"] {
            facts.add(name, offer.text(name))
        }
        facts.add("listed", offer["listed"]?.bool == true ? "yes" : "no")
        facts.add("price", Quantity.credits(offer.amount("pricePerUnit")) + " credits a unit")
        facts.add("capacity", Quantity.count(offer.number("capacity")))
        facts.add("load", Quantity.count(offer.number("load")))
        facts.add("accuracy", "\(offer.number("accuracy")) millionths")
        call.console.print(facts.text)
    }
}
