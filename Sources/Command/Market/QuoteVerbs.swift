// `althing quote`: standing prices at which a maker takes work at once.
import JSON
import Ledger
import Platform
import Primitives

enum QuoteVerbs {
    static let verb = Verb(
        "quote", "Keeps standing prices for work, and takes them at once",
        verbs: [placeVerb, withdrawVerb, takeVerb, listVerb, showVerb])

    private static let id = Positional.identifier("The quote's id.")
    private static let capability = Option(
        "capability", OptionValue("NAME", .text), "What is done at this price.").required
    private static let base = Option.credits("base", "What each task costs, beside its units.")
        .standing(at: "0")
    private static let unit = Option.credits("unit", "What a unit costs.").required
    private static let capacity = Option(
        "capacity", OptionValue("COUNT", .number(1...UInt64.max, unit: "units")),
        "Units that may be taken.").required
    private static let deliver = Option.time(
        "deliver-within", "Time to deliver that a task must leave, at least.", standing: "1h")
    private static let units = Option(
        "units", OptionValue("COUNT", .number(1...UInt64.max, unit: "units")),
        "How many units are wanted."
    ).standing(at: "1")
    private static let maker = Option.identifier("maker", "Only those of this account.")
    private static let part = Option(
        "named", OptionValue("TEXT", .text), "Only those whose capability has this part.")
    private static let sample = String(repeating: "3f", count: 32)

    private static let placeVerb = Verb("place", "Places a quote, or changes it", place)
        .discussed(
            "Given again with the same --number it changes the quote, and fills its capacity. "
                + "Within an hour each part of the price may go up to twice what it was, and down "
                + "to half."
        )
        .example(
            "althing quote place --capability translation --unit 0.5 --capacity 200 --for 1d "
                + "--number 1 --key owner.key"
        )
        .taking(capability, base, unit, capacity, deliver, .lasting, .until, .number)
        .acting()

    private static let withdrawVerb = Verb("withdraw", "Takes a quote back", withdraw)
        .example("althing quote withdraw \(sample) --key owner.key")
        .acting()
        .expecting(id)

    private static let takeVerb = Verb("take", "Gives the maker a task at its price, at once", take)
        .discussed(
            "The price is paid in, and the task is assigned to the maker, in one step: there is "
                + "no auction. It is paid out as the terms say."
        )
        .example("althing quote take \(sample) --units 20 --specification task.md --key owner.key")
        .taking(units)
        .takingTaskTerms()
        .acting()
        .expecting(id)

    private static let listVerb = Verb("list", "Lists quotes", list)
        .example("althing quote list --named transl")
        .taking(maker, part)
        .listing()

    private static let showVerb = Verb("show", "Prints a quote", show)
        .example("althing quote show \(sample)")
        .asking()
        .expecting(id)

    private static func place(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let price = QuotePrice(base: call.amount(base) ?? .zero, unit: call.amount(unit) ?? .zero)
        let terms = QuoteTerms(
            capability: try call.required(capability), price: price,
            capacity: call.number(capacity) ?? 1, until: try call.expiry(),
            deliver: call.nanoseconds(deliver) ?? Nanoseconds.perHour)
        try acting.give(
            .quote(.place(by: acting.account, number: call.chosenNumber, terms)), call)
    }

    private static func withdraw(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        try acting.give(.quote(.withdraw(by: acting.account, try call.identifier(id))), call)
    }

    private static func take(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let quote = try acting.sender.client.get("/v1/quotes/\(try call.required(id))")
        let count = call.number(units) ?? 1
        let price = QuotePrice(
            base: Amount(nanoCredits: quote.amount("base")),
            unit: Amount(nanoCredits: quote.amount("unit")))
        guard let sum = price.of(count) else {
            throw .refused("--units: no account holds the price of \(count) units")
        }
        var terms = try TaskTermsOptions.terms(call, milestones: [sum])
        terms.worker = AccountID(hex: quote.text("maker")) ?? AccountID()
        try TaskTermsOptions.register(call, acting.sender)
        let taking = QuoteTaking(
            by: acting.account, number: call.chosenNumber, mandate: try call.mandate(),
            try call.identifier(id), units: count)
        try acting.give(.quote(.take(taking, terms)), call)
    }

    private static func list(_ call: Invocation) throws(CommandFailure) {
        var query: [(String, String)] = []
        if let text = call.text(maker) { query.append(("maker", text)) }
        if let text = call.text(part) { query.append(("capability", text)) }
        let items = try call.items("/v1/quotes", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("CAPABILITY", limit: 32), .number("BASE"), .number("UNIT"), .number("LEFT"),
            .text("UNTIL"), .text("STATE"), .text("QUOTE"))
        for quote in items {
            table.add(
                quote.text("capability"), Quantity.credits(quote.amount("base")),
                Quantity.credits(quote.amount("unit")), quote.text("left"), quote.time("until"),
                quote["open"]?.bool == true ? "open" : "withdrawn", quote.text("quote"))
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let quote = try call.client().get("/v1/quotes/\(try call.required(id))")
        guard !call.has(.json) else { return call.console.print(quote) }
        var facts = Facts()
        for name in ["quote", "maker", "capability", "left"] { facts.add(name, quote.text(name)) }
        facts.add("base", Quantity.credits(quote.amount("base")) + " credits a task")
        facts.add("unit", Quantity.credits(quote.amount("unit")) + " credits a unit")
        facts.add("until", quote.time("until"))
        facts.add("delivers within", Quantity.duration(quote.number("deliver")))
        facts.add("open", quote["open"]?.bool == true ? "yes" : "no")
        call.console.print(facts.text)
    }
}
