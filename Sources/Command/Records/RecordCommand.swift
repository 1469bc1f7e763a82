// `althing record`: single records, and the import of recorded traces.
import JSON
import Primitives

enum RecordVerbs {
    static let verb = Verb(
        "record", "Imports, lists and shows records",
        verbs: [ImportCommand.verb, listVerb, showVerb])

    private static let agent = Option(
        "agent", OptionValue("ID", .hex(bytes: 32)), "Only records of this agent.")
    private static let id = Positional(
        "ID", .text, "The record: BATCH-ROW, or TRACE:SPAN in hexadecimal.")

    private static let listVerb = Verb("list", "Lists records, newest first", list)
        .example("althing record list --limit 20")
        .taking(agent, .limit, .node, .json)

    private static let showVerb = Verb("show", "Prints one record", show)
        .example("althing record show 17-3")
        .example("althing record show 8d1c2420535c4f297886e93787eb573e:ec5ead2ab1f4cb3c")
        .taking(.node, .json)
        .expecting(id)

    private static func list(_ call: Invocation) throws(CommandFailure) {
        let query = call.text(agent).map { [("agent", $0)] } ?? []
        let items = try call.items("/v1/records", query: query)
        guard !call.has(.json) else { return call.printItems(items) }
        var table = Table(
            .text("RECORD"), .text("NAME", limit: 40), .text("KIND"), .text("AGENT", limit: 24),
            .text("START"), .number("DURATION"), .number("COST"), .text("OUTCOME"), .text("RUN"))
        for item in items {
            table.add(
                item.text("id"), item.text("name"), item.text("kind"), item.text("agentName"),
                item.time("start"), Quantity.duration(item.number("duration")),
                Quantity.credits(item.amount("cost")), item.text("outcome"), item.text("run"),
                style: OutcomeStyle.of(item))
        }
        call.console.print(table.text(for: call.console))
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let id = NodeClient.encoded(try call.required(id))
        let item = try call.client().get("/v1/records/\(id)")
        guard !call.has(.json) else { return call.console.print(item) }
        var facts = Facts()
        for name in ["id", "digest", "run", "operation", "caller", "name", "kind"] {
            facts.add(name, item.text(name))
        }
        facts.add("agent", item.text("agentName") + "  " + item.text("agent"))
        for name in ["model", "provider", "tool"] where !item.text(name).isEmpty {
            facts.add(name, item.text(name))
        }
        facts.add("outcome", item.text("outcome"))
        facts.add("start", item.time("start"))
        facts.add("duration", Quantity.duration(item.number("duration")))
        for name in ["input", "output", "cached", "reasoning"] {
            facts.add("tokens \(name)", Quantity.count(item.number("tokens", name)))
        }
        facts.add("cost", Quantity.credits(item.amount("cost")) + " credits")
        facts.add("gas", Quantity.count(item.number("gas")) + " micro-credits")
        facts.add("payload", payload(item))
        for parent in item.list("parents") { facts.add("after", parent.string ?? "") }
        facts.add(
            "checkpoint", item.optionalNumber("checkpoint").map(String.init) ?? "not yet")
        call.console.print(facts.text)
    }

    private static func payload(_ item: JSONValue) -> String {
        let size = Quantity.bytes(item.number("payload", "size"))
        return "\(size), BLAKE3 \(item.text("payload", "digest"))"
    }
}
