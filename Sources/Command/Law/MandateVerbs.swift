// `althing mandate`: what a person lets an agent spend in their name.
import JSON
import Ledger
import Primitives

enum MandateVerbs {
    static let verb = Verb(
        "mandate", "Grants, passes on, shows and revokes mandates; to and from AP2",
        verbs: [
            grantVerb, listVerb, showVerb, revokeVerb, MandateDocuments.exportVerb,
            MandateDocuments.importVerb,
        ])

    private static let id = Positional.identifier("The mandate's id.")
    private static let holder = Option.identifier("to", "The agent that may use it.").required
    private static let scope = Option.kinds("scope", "A kind of action it is for.").required
    private static let budget = Option.credits("budget", "The most it lets spend.").required
    private static let payee = Option.identifier(
        "payee", "An account that may be paid; without any, everybody."
    ).repeatable
    private static let purpose = Option(
        "purpose", OptionValue("FILE", .file),
        "What it is for; the BLAKE3 digest is kept. One that is passed on keeps its parent's.")
    private static let parent = Option.identifier(
        "from", "The mandate of which some is passed on, by the agent of --as.")
    private static let held = Option.identifier("holder", "Only those that this agent holds.")
    private static let sample = String(repeating: "3f", count: 32)

    private static let grantVerb = Verb(
        "grant", "Lets an agent spend an owner's money, or passes some on", grant
    )
    .example(
        "althing mandate grant --to \(sample) --scope transfer --budget 25 --for 7d "
            + "--key owner.key"
    )
    .taking(
        holder, scope, budget, payee, purpose, parent, .lasting, .until, .number)
    .acting()

    private static let listVerb = Verb("list", "Lists mandates", list)
        .example("althing mandate list --holder \(sample)")
        .taking(held)
        .listing()

    private static let showVerb = Verb("show", "Prints a mandate with what is spent of it", show)
        .example("althing mandate show \(sample)")
        .asking()
        .expecting(id)

    private static let revokeVerb = Verb(
        "revoke", "Takes a mandate back, with all that was passed on of it", revoke
    )
    .example("althing mandate revoke \(sample) --key owner.key")
    .acting()
    .expecting(id)

    private static func grant(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        var terms = MandateTerms(holder: try call.needed(holder), expires: try call.expiry())
        terms.scope = KindSet(call.kinds(scope))
        terms.budget = call.amount(budget) ?? .zero
        terms.payees = try call.identifiers(payee)
        terms.purpose = try call.digest(purpose)
        let number = call.chosenNumber
        guard let above: MandateID = try call.identifier(parent) else {
            return try acting.give(.mandate(.issue(number: number, terms)), call)
        }
        if !call.has(purpose) {
            let mandate = try acting.sender.client.get("/v1/mandates/\(above.hex)")
            terms.purpose = Digest(hex: mandate.text("purpose")) ?? Digest()
        }
        let agent = try acting.agent(call)
        try acting.give(
            .mandate(.delegate(by: agent, parent: above, number: number, terms)), call)
    }

    private static func revoke(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        try acting.give(
            .mandate(.revoke(by: acting.account, try call.identifier(id))), call)
    }

    private static func list(_ call: Invocation) throws(CommandFailure) {
        var query: [(String, String)] = []
        if let agent = call.text(held) { query.append(("holder", agent)) }
        let items = try call.items("/v1/mandates", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("MANDATE"), .text("HOLDER"), .number("BUDGET"), .number("SPENT"),
            .text("EXPIRES"), .text("SCOPE", limit: 40), .text("STATE"))
        for mandate in items {
            table.add(
                mandate.text("mandate"), short(mandate.text("holder")),
                Quantity.credits(mandate.amount("budget")),
                Quantity.credits(mandate.amount("spent")), mandate.time("expires"),
                mandate.list("scope").compactMap(\.string).joined(separator: ", "),
                mandate.optionalNumber("revoked") == nil ? "" : "revoked")
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let mandate = try call.client().get("/v1/mandates/\(try call.required(id))")
        guard !call.has(.json) else { return call.console.print(mandate) }
        var facts = Facts()
        for name in ["mandate", "payer", "issuer", "parent", "holder"] {
            facts.add(name, mandate.text(name))
        }
        for name in ["scope", "payees"] {
            facts.add(
                name, mandate.list(name).compactMap(\.string).joined(separator: ", "))
        }
        for name in ["budget", "spent"] {
            facts.add(name, Quantity.credits(mandate.amount(name)) + " credits")
        }
        facts.add("expires", mandate.time("expires"))
        facts.add("revoked", mandate.time("revoked"))
        facts.add("purpose", mandate.text("purpose"))
        call.console.print(facts.text)
    }
}
