// Runs as JSON.
import JSON
import Ledger
import Node
import Primitives
import Records

/// A run with what the list shows beside the node's own summary.
struct RunLine: Sendable {
    var summary: RunSummary
    /// Name of its first agent.
    var agentName: String?
    /// Whether all of its records are in checkpoints.
    var isCheckpointed: Bool
    /// Whether nothing but this line is left of it here.
    var isPruned: Bool
}

extension NodeDesk {
    func line(_ summary: RunSummary) throws(Problem) -> RunLine {
        let name = try summary.agents.first.flatMap { id throws(Problem) in try agentName(id) }
        let height = try asking { () throws(NodeFailure) in
            try node.checkpoint(ofBatch: summary.lastBatch)
        }
        return RunLine(
            summary: summary, agentName: name, isCheckpointed: height != nil,
            isPruned: node.isPruned(summary))
    }

    func agentName(_ id: AgentID) throws(Problem) -> String? {
        try asking { () throws(NodeFailure) in try node.agent(id)?.agent.name }
    }
}

extension JSONWriter {
    mutating func write(_ line: RunLine) {
        object { $0.members(of: line) }
    }

    /// The members of a run, for the list and for the page of one run.
    mutating func members(of line: RunLine) {
        let summary = line.summary
        member("run", summary.run.hex)
        member("name", summary.name)
        member("agent", orNull: summary.agents.first?.hex)
        member("agentName", orNull: line.agentName)
        member("owner", summary.owner.hex)
        member("start", quoted: summary.start.nanoseconds)
        member("end", quoted: summary.end.nanoseconds)
        member("duration", quoted: summary.end.nanoseconds(since: summary.start))
        member("records", summary.records)
        member("tokens", summary.tokens)
        member("cost", quoted: summary.cost.nanoCredits)
        member("gas", quoted: summary.gas)
        member("outcome", summary.outcome.name)
        member("finality", line.isCheckpointed ? "checkpointFinal" : "agentFinal")
        member("pruned", line.isPruned)
    }

    mutating func member(_ name: String, orNull text: String?) {
        key(name)
        if let text { write(text) } else { writeNull() }
    }

    mutating func member(_ name: String, quotedOrNull number: UInt64?) {
        key(name)
        if let number { writeQuoted(number) } else { writeNull() }
    }

    /// `{"items": [...], "next": ...}`.
    mutating func page<Item>(
        _ items: [Item], next: String?, _ body: (inout JSONWriter, Item) -> Void
    ) {
        object { object in
            object.key("items")
            object.array { array in
                for item in items { body(&array, item) }
            }
            object.member("next", orNull: next)
        }
    }
}
