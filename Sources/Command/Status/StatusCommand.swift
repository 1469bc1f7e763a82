// `althing status`: what a node is and what it holds.
import JSON
import Primitives

enum StatusCommand {
    static let verb = Verb("status", "Prints what a node holds and how quick it is", show)
        .example("althing status --node http://127.0.0.1:4318")
        .taking(.node, .json)

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let status = try call.client().get("/v1/status")
        guard !call.has(.json) else { return call.console.print(status) }
        var facts = Facts()
        let node = ["name", "version", "mode"].map { status.text($0) }
        facts.add("node", "\(node[0]) \(node[1]), \(node[2])")
        facts.add("chain", status.text("chain"))
        facts.add("started", status.time("started"))
        facts.add("height", Quantity.count(status.number("height")))
        for name in ["records", "batches", "operations", "agents", "runs"] {
            guard let count = status.optionalNumber(name) else { continue }
            facts.add(name, Quantity.count(count))
        }
        for name in ["received", "recorded", "duplicates", "refused"] {
            facts.add("spans \(name)", Quantity.count(status.number("spans", name)))
        }
        facts.add("payloads", payloads(status))
        facts.add("journal", Quantity.bytes(status.number("store", "journalBytes")))
        for name in ["agentFinal", "checkpointFinal"] {
            facts.add(name, latency(status, name))
        }
        call.console.print(facts.text)
    }

    private static func payloads(_ status: JSONValue) -> String {
        let raw = status.number("payloads", "rawBytes")
        let stored = status.number("payloads", "storedBytes")
        return "\(Quantity.bytes(raw)) in \(Quantity.bytes(stored))"
    }

    private static func latency(_ status: JSONValue, _ name: String) -> String {
        let p50 = Quantity.duration(status.number("latency", name, "p50"))
        let p99 = Quantity.duration(status.number("latency", name, "p99"))
        let count = Quantity.count(status.number("latency", name, "count"))
        return "p50 \(p50), p99 \(p99) over \(count) records of the last minute"
    }
}
