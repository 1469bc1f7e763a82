// `althing approval`: actions that wait for guardians, and what guardians say to them.
import JSON
import Ledger
import Primitives

enum ApprovalVerbs {
    static let verb = Verb(
        "approval", "Shows actions that wait for guardians, approves and refuses them",
        verbs: [listVerb, showVerb, approveVerb, refuseVerb])

    private static let id = Positional.identifier("The request's id.")
    private static let agent = Option.identifier("agent", "Only those of this agent.")
    private static let sample = String(repeating: "3f", count: 32)

    private static let listVerb = Verb("list", "Lists what waits", list)
        .example("althing approval list")
        .taking(agent)
        .listing()

    private static let showVerb = Verb("show", "Prints what is asked for", show)
        .example("althing approval show \(sample)")
        .asking()
        .expecting(id)

    private static let approveVerb = Verb(
        "approve", "Agrees to an action; once enough did it is carried out", approve
    )
    .example("althing approval approve \(sample) --key guardian.key")
    .signing()
    .expecting(id)

    private static let refuseVerb = Verb("refuse", "Ends a request", refuse)
        .example("althing approval refuse \(sample) --key guardian.key")
        .signing()
        .expecting(id)

    private static func approve(_ call: Invocation) throws(CommandFailure) {
        try Acting(call).give(.approve(try call.identifier(id)), call)
    }

    private static func refuse(_ call: Invocation) throws(CommandFailure) {
        try Acting(call).give(.refuse(try call.identifier(id)), call)
    }

    private static func list(_ call: Invocation) throws(CommandFailure) {
        var query: [(String, String)] = []
        if let agent = call.text(agent) { query.append(("agent", agent)) }
        let items = try call.items("/v1/approvals", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("APPROVAL"), .text("AGENT"), .text("ACTION"), .number("VALUE"),
            .number("AGREED"), .text("EXPIRES"))
        for approval in items {
            table.add(
                approval.text("approval"), short(approval.text("agent")),
                approval.text("action", "kind"),
                Quantity.credits(approval.amount("action", "value")),
                "\(approval.list("agreed").count)", approval.time("expires"))
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let approval = try call.client().get("/v1/approvals/\(try call.required(id))")
        guard !call.has(.json) else { return call.console.print(approval) }
        var facts = Facts()
        for name in ["approval", "agent", "owner"] { facts.add(name, approval.text(name)) }
        facts.add("action", approval.text("action", "kind"))
        facts.add("value", Quantity.credits(approval.amount("action", "value")) + " credits")
        for receiver in approval.list("action", "receivers") {
            facts.add("receiver", receiver.string ?? "")
        }
        if approval["action"]?["open"]?.bool == true { facts.add("receiver", "anybody") }
        for person in approval.list("agreed") { facts.add("agreed", person.string ?? "") }
        facts.add("expires", approval.time("expires"))
        call.console.print(facts.text)
    }
}
