// `althing task`: work that is paid when it is verified, from posting to its end.
import JSON
import Ledger
import Primitives

enum TaskVerbs {
    static let verb = Verb(
        "task", "Posts tasks, does them, and judges what was delivered",
        verbs: [postVerb, listVerb, showVerb] + moves + TaskRunVerbs.verbs)

    private static let id = Positional.identifier("The task's id.")
    private static let sample = String(repeating: "3f", count: 32)
    private static let state = Option(
        "state", OptionValue("STATE", .choice(TaskState.allCases.map { "\($0)" })),
        "Only those in this state.")
    private static let poster = Option.identifier("poster", "Only those of this account.")
    private static let doer = Option.identifier("worker", "Only those of this worker.")
    private static let checker = Option.identifier(
        "verifier", "Only those that this account is to verify.")
    private static let assignee = Option.identifier("worker", "Who is to do it.").required
    private static let result = Option(
        "result", OptionValue("FILE", .file),
        "What was made; the BLAKE3 digest is on the ledger.").required
    private static let reason = Option(
        "reason", OptionValue("FILE", .file),
        "Why; the BLAKE3 digest is on the ledger.").required
    private static let verdicts: [(String, Verdict)] = [
        ("worker", .worker), ("poster", .poster), ("split", .split),
    ]
    private static let verdict = Option(
        "verdict", OptionValue("WORD", .choice(verdicts.map(\.0))), "Who is right.").required

    private static let keep = Option(
        "keep", nil, "Gives the node the specification, so that whoever does the task finds it.")

    private static let postVerb = Verb("post", "Offers a task and pays its price in", post)
        .example(
            "althing task post --specification task.md --milestone 10 --milestone 5 "
                + "--key owner.key"
        )
        .taking(TaskTermsOptions.milestone, TaskTermsOptions.worker, keep, .token, .tokenFile)
        .takingTaskTerms()
        .acting()

    private static let listVerb = Verb("list", "Lists tasks", list)
        .example("althing task list --state pending")
        .taking(state, poster, doer, checker)
        .listing()

    private static let showVerb = Verb("show", "Prints a task and where it stands", show)
        .example("althing task show \(sample)")
        .asking()
        .expecting(id)

    private static let moves: [Verb] = [
        move("assign", "Names who is to do a task", assignee) { call throws(CommandFailure) in
            .assign(try call.needed(assignee))
        },
        move("claim", "Takes a task") { _ in .claim },
        move("begin", "Begins the work on a task") { _ in .begin },
        move("deliver", "Delivers the next milestone", result) { call throws(CommandFailure) in
            .deliver(try call.digest(result))
        },
        move("give-up", "Gives a task back") { _ in .giveUp },
        move("accept", "Accepts what was delivered, which pays it") { _ in .accept },
        move("dispute", "Refuses what was delivered", reason) { call throws(CommandFailure) in
            .dispute(try call.digest(reason))
        },
        move("verify", "Says as a verifier what the result is", result) {
            call throws(CommandFailure) in .confirm(try call.digest(result))
        },
        move("arbitrate", "Decides a dispute as an arbiter", verdict) {
            call throws(CommandFailure) in
            let word = try call.required(verdict)
            return .arbitrate(verdicts.first { $0.0 == word }?.1 ?? .split)
        },
        move("cancel", "Takes a task back that nobody does") { _ in .cancel },
        move("expire", "Says that the time for the next step is over") { _ in .expire },
    ]

    private static func move(
        _ name: String, _ summary: String, _ option: Option? = nil,
        _ make: @escaping @Sendable (Invocation) throws(CommandFailure) -> TaskMove
    ) -> Verb {
        let samples = ["worker": sample, "result": "out.md", "reason": "why.md"]
        let words = option.map { " \($0.spelling) \(samples[$0.name] ?? "split")" } ?? ""
        let verb = Verb(name, summary) { call throws(CommandFailure) in
            let acting = try Acting(call)
            let move = try make(call)
            try acting.give(
                .task(.move(by: acting.account, try call.identifier(id), move)), call)
        }
        .example("althing task \(name) \(sample)\(words) --key my.key")
        .expecting(id)
        return (option.map { verb.taking($0) } ?? verb).acting()
    }

    private static func post(_ call: Invocation) throws(CommandFailure) {
        let acting = try Acting(call)
        let terms = try TaskTermsOptions.terms(
            call, milestones: call.amounts(TaskTermsOptions.milestone))
        try TaskTermsOptions.register(call, acting.sender)
        if call.has(keep) {
            let file = try call.required(TaskTermsOptions.specification)
            _ = try call.client(token: try ImportCommand.token(call))
                .keep(try LocalFiles.read(file, limit: Limits.payloadBytes))
        }
        try acting.give(
            .task(
                .post(
                    by: acting.account, number: call.chosenNumber, mandate: try call.mandate(),
                    terms)),
            call)
    }

    private static func list(_ call: Invocation) throws(CommandFailure) {
        var query: [(String, String)] = []
        for option in [state, poster, doer, checker] {
            if let text = call.text(option) { query.append((option.name, text)) }
        }
        let items = try call.items("/v1/tasks", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("TASK"), .text("STATE"), .number("PRICE"), .number("HELD"), .text("DUE"),
            .text("POSTER"), .text("WORKER"))
        for task in items {
            table.add(
                task.text("task"), task.text("state"),
                Quantity.credits(task.amount("terms", "price")),
                Quantity.credits(task.amount("held")), task.time("due"),
                short(task.text("poster")), short(task.text("worker")))
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let task = try call.client().get("/v1/tasks/\(try call.required(id))")
        guard !call.has(.json) else { return call.console.print(task) }
        var facts = Facts()
        for name in ["task", "state", "poster", "payer", "worker"] {
            facts.add(name, task.text(name))
        }
        facts.add("due", task.time("due"))
        let milestones = task.list("terms", "milestones").compactMap(\.string)
        facts.add(
            "milestones",
            milestones.map { Quantity.credits(UInt128($0) ?? 0) }.joined(separator: ", "))
        facts.add("paid", "\(task.number("paid")) of \(milestones.count)")
        facts.add("held", Quantity.credits(task.amount("held")) + " credits")
        facts.add("specification", task.text("terms", "specification"))
        facts.add("result", task.text("result"))
        facts.add("verification", task.text("terms", "verification", "kind"))
        if !task.text("terms", "verification", "program").isEmpty {
            facts.add("program", task.text("terms", "verification", "program"))
        }
        facts.add("earned", Quantity.credits(task.amount("earned")) + " credits")
        facts.add("market fee", Quantity.credits(task.amount("charged")) + " credits")
        if !task.text("mandate").isEmpty { facts.add("mandate", task.text("mandate")) }
        if case .object? = task["challenge"] {
            let turn = task["challenge"]?["workersTurn"]?.bool == true ? "worker" : "challenger"
            facts.add("challenger", task.text("challenge", "challenger"))
            facts.add("rounds left", "\(task.number("challenge", "rounds"))")
            facts.add("to answer", turn)
        }
        for entry in task.list("confirmations") {
            facts.add("verifier", "\(entry.text("verifier"))  \(entry.text("result"))")
        }
        for vote in task.list("votes") {
            facts.add("arbiter", "\(vote.text("arbiter"))  \(vote.text("verdict"))")
        }
        call.console.print(facts.text)
    }
}
