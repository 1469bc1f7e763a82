// `althing run`: the runs of agents, and one run as a tree.
import JSON
import Primitives

enum RunVerbs {
    static let verb = Verb(
        "run", "Lists runs and shows one as a tree", verbs: [listVerb, showVerb])

    private static let agent = Option(
        "agent", OptionValue("ID", .hex(bytes: 32)), "Only runs of this agent.")
    private static let trace = Option(
        "trace", OptionValue("PREFIX", .text), "Only runs whose id begins with these digits.")
    private static let id = Positional("ID", .hex(bytes: 16), "The run's id: the trace id.")
    private static let owner = Option(
        "owner", OptionValue("ID", .hex(bytes: 32)),
        "The owner, where two use one id; without it the run recorded first.")
    private static let most = Option(
        "limit", OptionValue("COUNT", .number(1...100_000, unit: "operations")),
        "The most operations to show."
    ).standing(at: "5000")

    private static let listVerb = Verb("list", "Lists runs, newest first", list)
        .example("althing run list --limit 20")
        .taking(agent, trace, .limit, .node, .json)

    private static let showVerb = Verb(
        "show", "Prints a run as a tree with tokens, cost, time and outcome", show
    )
    .example("althing run show 8d1c2420535c4f297886e93787eb573e")
    .taking(most, owner, .node, .json)
    .expecting(id)

    private static func list(_ call: Invocation) throws(CommandFailure) {
        var query: [(String, String)] = []
        if let agent = call.text(agent) { query.append(("agent", agent)) }
        if let trace = call.text(trace) { query.append(("trace", trace)) }
        let items = try call.items("/v1/runs", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("RUN"), .text("NAME", limit: 32), .text("AGENT", limit: 24), .text("START"),
            .number("DURATION"), .number("RECORDS"), .number("IN"), .number("OUT"),
            .number("COST"), .text("OUTCOME"), .text("FINALITY"))
        for run in items {
            table.add(
                run.text("run"), run.text("name"), run.text("agentName"), run.time("start"),
                Quantity.duration(run.number("duration")), Quantity.count(run.number("records")),
                Quantity.count(run.number("tokens", "input")),
                Quantity.count(run.number("tokens", "output")),
                Quantity.credits(run.amount("cost")), run.text("outcome"),
                run["pruned"]?.bool == true ? "pruned" : run.text("finality"),
                style: OutcomeStyle.of(run))
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let client = try call.client()
        let path = "/v1/runs/\(try call.required(id))"
        let most = Int(clamping: call.number(most) ?? 5_000)
        // The node puts a whole run in order for every page: few large pages.
        var query = [("limit", String(min(max(most, 1), 500)))]
        if let owner = call.text(owner) { query.append(("owner", owner)) }
        var run = try client.get(path, query: query)
        var operations = run.list("operations")
        var cursor = run["next"]?.string
        while let next = cursor, operations.count < most {
            let page = try client.get(path, query: query + [("cursor", next)])
            operations += page.list("operations")
            cursor = page["next"]?.string
        }
        operations = Array(operations.prefix(most))
        run = replaced(run, operations)
        guard !call.has(.json) else { return call.console.print(run) }
        call.console.print(RunPage(run: run, operations: operations).text(for: call.console))
        let missing = run.number("records") - min(
            run.number("records"), UInt64(operations.count))
        if missing > 0 { call.console.print("\n\(missing) more operations; see --limit") }
    }

    /// The run with all its operations on one page.
    private static func replaced(_ run: JSONValue, _ operations: [JSONValue]) -> JSONValue {
        let members = (run.object ?? []).filter { $0.key != "operations" && $0.key != "next" }
        return .object(members + [JSONMember("operations", .array(operations))])
    }
}

/// The colour of what did not end well.
enum OutcomeStyle {
    static func of(_ item: JSONValue) -> Style? {
        switch item.text("outcome") {
        case "failure": .red
        case "partial": .yellow
        default: nil
        }
    }
}

/// One run as text.
struct RunPage {
    let run: JSONValue
    let operations: [JSONValue]

    func text(for console: Console) -> String {
        var facts = Facts()
        facts.add("run", run.text("run"))
        facts.add("name", run.text("name"))
        facts.add("agent", run.text("agentName") + "  " + run.text("agent"))
        facts.add("start", run.time("start"))
        facts.add("duration", Quantity.duration(run.number("duration")))
        facts.add("tokens", tokens(run))
        facts.add("cost", Quantity.credits(run.amount("cost")) + " credits")
        facts.add("outcome", run.text("outcome"))
        facts.add("finality", run.text("finality"))
        if run["pruned"]?.bool == true { facts.add("pruned", "its records are gone here") }
        return facts.text + "\n\n" + tree(for: console)
    }

    private func tokens(_ item: JSONValue) -> String {
        ["input", "output", "cached", "reasoning"].map {
            "\(Quantity.count(item.number("tokens", $0))) \($0)"
        }.joined(separator: ", ")
    }

    private func tree(for console: Console) -> String {
        var table = Table(
            .text("OPERATION", limit: 72), .text("KIND"), .text("AGENT", limit: 24), .number("IN"),
            .number("OUT"), .number("COST"), .number("DURATION"), .text("OUTCOME"),
            .text("RECORD"))
        let tree = RunTree(operations.map { ($0.text("operation"), $0.text("caller")) })
        for row in tree.rows {
            let item = operations[row.index]
            table.add(
                row.lines + item.text("name"), item.text("kind"), item.text("agentName"),
                Quantity.count(item.number("tokens", "input")),
                Quantity.count(item.number("tokens", "output")),
                Quantity.credits(item.amount("cost")),
                Quantity.duration(item.number("duration")), item.text("outcome"),
                item.text("id"), style: OutcomeStyle.of(item))
        }
        return table.text(for: console)
    }
}
