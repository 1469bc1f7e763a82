// What a text typed into the search box may mean.
import JSON
import Node
import Primitives

/// Something that was found.
struct SearchItem: Hashable, Sendable {
    enum Kind: String {
        case run, agent, record, batch, checkpoint
    }

    var kind: Kind
    /// As the route of its kind takes it.
    var id: String
    var title: String
}

/// Looks in every place where the text could stand for something.
struct Search {
    let node: Node

    /// Items of each kind, at most.
    private static let most = 20
    /// Bytes of a text, at most.
    private static let textBytes = 256

    /// Runs first, then records, agents, batches and checkpoints.
    func find(_ words: String) throws(Problem) -> [SearchItem] {
        let text = Self.trimmed(words)
        guard !text.isEmpty, text.utf8.count <= Self.textBytes else { return [] }
        do throws(NodeFailure) {
            let lower = text.lowercased()
            return try runs(lower) + records(lower) + agents(text, lower) + numbers(lower)
        } catch {
            return try asking { () throws(NodeFailure) in throw error }
        }
    }

    private func runs(_ text: String) throws(NodeFailure) -> [SearchItem] {
        guard RouteTable.isTracePrefix(text) else { return [] }
        return try node.runs(tracePrefix: text, limit: Self.most).map {
            SearchItem(kind: .run, id: $0.run.hex, title: $0.name)
        }
    }

    private func records(_ text: String) throws(NodeFailure) -> [SearchItem] {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var view: RecordView?
        if let id = RecordID(text) {
            view = try node.record(id)
        } else if parts.count == 2, let run = RunID(hex: parts[0]),
            let operation = OperationID(hex: parts[1])
        {
            view = try node.record(run: run, operation: operation)
        }
        guard let view else { return [] }
        let title = "\(view.record.kind) of run \(view.record.run)"
        return [SearchItem(kind: .record, id: view.id.description, title: title)]
    }

    private func agents(_ text: String, _ lower: String) throws(NodeFailure) -> [SearchItem] {
        var found: [AgentView] = []
        if let id = AgentID(hex: lower), let view = try node.agent(id) { found.append(view) }
        found += try node.agents(
            owner: nil, nameContaining: text, after: nil, limit: Self.most
        ).items
        return found.map {
            SearchItem(kind: .agent, id: $0.agent.id.hex, title: $0.agent.name)
        }
    }

    private func numbers(_ text: String) throws(NodeFailure) -> [SearchItem] {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt64(text)
        else { return [] }
        var items: [SearchItem] = []
        if try node.batch(number) != nil {
            items.append(
                SearchItem(kind: .batch, id: String(number), title: "Batch \(number)"))
        }
        if try node.checkpoint(height: number) != nil {
            items.append(
                SearchItem(kind: .checkpoint, id: String(number), title: "Checkpoint \(number)"))
        }
        return items
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

extension JSONWriter {
    mutating func write(_ item: SearchItem) {
        object {
            $0.member("kind", item.kind.rawValue)
            $0.member("id", item.id)
            $0.member("title", item.title)
        }
    }
}
