// `althing cover`: money locked for the case that a worker fails at a task.
import JSON
import Ledger
import Primitives

enum CoverVerbs {
    static let verb = Verb(
        "cover", "Insures tasks against workers that fail",
        verbs: [offerVerb, buyVerb, withdrawVerb, settleVerb, listVerb, showVerb])

    private static let id = Positional.identifier("The cover's id.")
    private static let task = Option.identifier("task", "The task.").required
    private static let amount = Option.credits(
        "amount", "What the client gets if the worker fails; at most the task's price.").required
    private static let premium = Option.credits("premium", "What the client pays for it.").required
    private static let worker = Option.identifier(
        "worker", "Whose failing is covered; without it the task's worker now.")
    private static let ofTask = Option.identifier("task", "Only those of this task.")
    private static let underwriter = Option.identifier(
        "underwriter", "Only those of this account.")
    private static let sample = String(repeating: "3f", count: 32)

    private static let offerVerb = Verb("offer", "Locks money, and says for which premium", offer)
        .discussed(
            "The client gets the money if the worker gives the task back, lets its time run out, "
                + "or loses it before arbiters, verifiers or a challenger; else it comes back. The "
                + "poster's word alone is no failing. Who offers must be apart from the poster, "
                + "arbiters and verifiers."
        )
        .example(
            "althing cover offer --task \(sample) --amount 20 --premium 1 --for 1d --key my.key"
        )
        .taking(task, amount, premium, worker, .lasting, .until)
        .acting()

    private static let buyVerb = Verb("buy", "Pays the premium, as the task's poster", buy)
        .discussed("Only while the worker works: it must have begun.")
        .example("althing cover buy \(sample) --key owner.key")
        .taking(.underMandate)
        .acting()
        .expecting(id)

    private static let withdrawVerb = Verb("withdraw", "Takes back what nobody bought") {
        call throws(CommandFailure) in
        let acting = try Acting(call)
        let step = CoverStep.withdraw(try call.identifier(id))
        try acting.give(.cover(CoverCommand(by: acting.account, step)), call)
    }
    .example("althing cover withdraw \(sample) --key my.key")
    .acting()
    .expecting(id)

    private static let settleVerb = Verb(
        "settle", "Gives the money to whom it belongs, once known"
    ) { call throws(CommandFailure) in
        let acting = try Acting(call)
        let step = CoverStep.settle(try call.identifier(id))
        try acting.give(.cover(CoverCommand(by: acting.account, step)), call)
    }
    .discussed("Anybody may: when the task has ended, or its worker is out of it.")
    .example("althing cover settle \(sample) --key my.key")
    .acting()
    .expecting(id)

    private static let listVerb = Verb("list", "Lists covers", list)
        .example("althing cover list --task \(sample)")
        .taking(ofTask, underwriter)
        .listing()

    private static let showVerb = Verb("show", "Prints a cover", show)
        .example("althing cover show \(sample)")
        .asking()
        .expecting(id)

    private static func offer(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let id: PostedTaskID = try call.needed(task)
        var covered: AccountID? = try call.identifier(worker)
        if covered == nil {
            let view = try acting.sender.client.get("/v1/tasks/\(id.hex)")
            covered = AccountID(hex: view.text("worker"))
        }
        guard let covered else {
            throw .refused("the task has no worker yet: say with --worker whose failing is covered")
        }
        let terms = CoverTerms(
            task: id, worker: covered, amount: call.amount(amount) ?? .zero,
            premium: call.amount(premium) ?? .zero, until: try call.expiry())
        try acting.give(.cover(CoverCommand(by: acting.account, .offer(terms))), call)
    }

    private static func buy(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let cover = try acting.sender.client.get("/v1/covers/\(try call.required(id))")
        let payment = Payment(
            to: AccountID(hex: cover.text("underwriter")) ?? AccountID(),
            price: Amount(nanoCredits: cover.amount("premium")), mandate: try call.mandate())
        let step = CoverStep.buy(try call.identifier(id), payment)
        try acting.give(.cover(CoverCommand(by: acting.account, step)), call)
    }

    private static func list(_ call: Invocation) throws(CommandFailure) {
        var query: [(String, String)] = []
        if let text = call.text(ofTask) { query.append(("task", text)) }
        if let text = call.text(underwriter) { query.append(("underwriter", text)) }
        let items = try call.items("/v1/covers", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("COVER"), .text("TASK"), .number("AMOUNT"), .number("PREMIUM"),
            .text("UNTIL"), .text("STATE"))
        for cover in items {
            table.add(
                cover.text("cover"), short(cover.text("task")),
                Quantity.credits(cover.amount("amount")),
                Quantity.credits(cover.amount("premium")), cover.time("until"),
                cover.text("state"))
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let cover = try call.client().get("/v1/covers/\(try call.required(id))")
        guard !call.has(.json) else { return call.console.print(cover) }
        var facts = Facts()
        for name in ["cover", "task", "worker", "underwriter", "client", "state"] {
            facts.add(name, cover.text(name))
        }
        for name in ["amount", "premium", "held"] {
            facts.add(name, Quantity.credits(cover.amount(name)) + " credits")
        }
        facts.add("bought until", cover.time("until"))
        call.console.print(facts.text)
    }
}
