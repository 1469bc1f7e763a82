// `althing override`: what people rule over single kinds of action, and the way out of safe mode.
import JSON
import Ledger
import Primitives

enum OverrideVerbs {
    static let verb = Verb(
        "override", "Allows or denies an agent one kind of action for a time",
        verbs: [
            rulingVerb("allow", .allow, "Lets an agent act without approval; limits hold"),
            rulingVerb("deny", .deny, "Forbids an agent a kind of action at once"),
            rulingVerb("lift", .ordinary, "Takes a ruling back"),
            showVerb, releaseVerb,
        ])

    private static let agent = Positional.identifier("The agent's id.")
    private static let action = Option(
        "action", OptionValue("KIND", .choice(Invocation.kindNames)), "The kind of action."
    ).required
    private static let sample = String(repeating: "3f", count: 32)

    private static func rulingVerb(_ name: String, _ ruling: Ruling, _ summary: String) -> Verb {
        Verb(name, summary) { call throws(CommandFailure) in try rule(call, ruling) }
            .discussed(
                "At most 30 days. Under dual control what relaxes holds once a second person says "
                    + "the same, with the same end: give the end that was printed as --until."
            )
            .example(
                "althing override \(name) \(sample) --action transfer --for 1h --key guardian.key"
            )
            .taking(action, .lasting, .until)
            .signing()
            .expecting(agent)
    }

    private static let showVerb = Verb("show", "Prints what holds for an agent now", show)
        .example("althing override show \(sample)")
        .asking()
        .expecting(agent)

    private static let releaseVerb = Verb("release", "Lets an agent out of safe mode", release)
        .example("althing override release \(sample) --key guardian.key")
        .signing()
        .expecting(agent)

    private static func rule(_ call: Invocation, _ ruling: Ruling) throws(CommandFailure) {
        let expires = try call.expiry()
        guard let kind = call.kinds(action).first else {
            throw .usage(.missingOption(action.spelling, command: call.arguments.command))
        }
        try Acting(call).give(
            .rule(try call.identifier(agent), kind, ruling, expires: expires), call,
            saying: [("until", String(expires.nanoseconds))])
    }

    private static func release(_ call: Invocation) throws(CommandFailure) {
        try Acting(call).give(.release(try call.identifier(agent)), call)
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let view = try call.client().get("/v1/agents/\(try call.required(agent))/rulings")
        guard !call.has(.json) else { return call.console.print(view) }
        var facts = Facts()
        facts.add("agent", view.text("agent"))
        facts.add("stopped", view.time("stopped"))
        facts.add("fleet stopped", view.time("fleetStopped"))
        facts.add("chain stopped", view.time("chainStopped"))
        facts.add("safe mode", view.time("safeSince"))
        facts.add("actions", Quantity.count(view.number("actions")))
        facts.add("waiting", Quantity.count(view.number("waiting")))
        if view["anomaly"]?.object != nil {
            facts.add(
                "last anomaly", "\(view.text("anomaly", "rule")) of \(view.text("anomaly", "kind"))"
                    + " at \(view.time("anomaly", "time"))")
        }
        call.console.print(facts.text)
        var table = Table(.text("ACTION"), .text("RULING"), .text("UNTIL"), .text("BY"))
        for ruling in view.list("overrides") {
            table.add(
                ruling.text("kind"), ruling.text("ruling"), ruling.time("expires"),
                short(ruling.text("by")))
        }
        if !table.isEmpty { call.console.print("\n" + table.text(for: call.console)) }
    }
}
