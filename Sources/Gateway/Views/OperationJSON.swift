// Records as JSON, with the names and models that their payloads hold.
import JSON
import Ledger
import Node
import Primitives
import Records

/// A record with what has to be fetched for its view on the node's thread.
struct OperationLine: Sendable {
    /// What is known of the payload.
    enum Source: Sendable {
        case label(SpanLabel)
        /// Not read yet.
        case payload([UInt8])
        /// Not held here, or more than one page may read.
        case none
    }

    var view: RecordView
    var agentName: String?
    var source: Source
}

/// Fetches lines within the budget of one page.
struct OperationFetch {
    let desk: NodeDesk
    let labels: LabelCache
    /// Bytes of payloads that one page may still read: what is over is shown without a name.
    private var budget = 32 << 20

    init(_ desk: NodeDesk, _ labels: LabelCache) {
        self.desk = desk
        self.labels = labels
    }

    mutating func lines(_ views: [RecordView]) throws(Problem) -> [OperationLine] {
        var lines: [OperationLine] = []
        for view in views { lines.append(try line(view)) }
        return lines
    }

    mutating func line(_ view: RecordView) throws(Problem) -> OperationLine {
        OperationLine(
            view: view, agentName: try desk.agentName(view.record.agent),
            source: try source(view.record))
    }

    private mutating func source(_ record: Record) throws(Problem) -> OperationLine.Source {
        if let label = labels.label(of: record.payloadDigest) { return .label(label) }
        guard record.payloadSize <= UInt64(budget) else { return .none }
        let bytes: [UInt8]?
        do throws(Problem) {
            bytes = try asking { () throws(NodeFailure) in
                try desk.node.payload(record.payloadDigest)
            }
        } catch {
            // A list is not held up by the name of one line.
            guard error.kind == .archived else { throw error }
            return .none
        }
        guard let bytes else { return .none }
        budget -= bytes.count
        return .payload(bytes)
    }
}

extension OperationLine {
    /// The label, read now where it was not known.
    func label(_ labels: LabelCache) -> SpanLabel {
        switch source {
        case .label(let label): return label
        case .none: return SpanLabel()
        case .payload(let bytes):
            let label = SpanLabel(payload: bytes)
            labels.keep(label, of: view.record.payloadDigest)
            return label
        }
    }
}

extension JSONWriter {
    /// - Parameter withRun: whether the run is named too, as where records of several are listed.
    mutating func write(_ line: OperationLine, _ labels: LabelCache, withRun: Bool) {
        let record = line.view.record
        object { object in
            object.member("id", line.view.id.description)
            if withRun { object.member("run", record.run.hex) }
            object.identity(of: line)
            object.quantities(of: record)
            object.member("parents", hexList: record.parents)
            let label = line.label(labels)
            object.member("name", orNull: label.name)
            object.member("model", orNull: label.model)
            object.member("provider", orNull: label.provider)
            object.member("tool", orNull: label.tool)
            object.member("batch", quoted: line.view.id.batch)
            object.member("row", line.view.id.row)
            object.member("checkpoint", quotedOrNull: line.view.checkpoint)
        }
    }

    private mutating func identity(of line: OperationLine) {
        let record = line.view.record
        member("digest", line.view.digest.hex)
        member("operation", record.operation.hex)
        member("caller", record.caller.hex)
        member("task", record.task.hex)
        member("kind", record.kind.name)
        member("agent", record.agent.hex)
        member("agentName", orNull: line.agentName)
        member("outcome", record.outcome.name)
    }

    private mutating func quantities(of record: Record) {
        member("start", quoted: record.start.nanoseconds)
        member("duration", quoted: record.duration)
        member("tokens", record.tokens)
        member("compute", quoted: record.compute)
        member("memory", quoted: record.memory)
        member("cost", quoted: record.cost.nanoCredits)
        member("gas", quoted: record.gas)
        key("payload")
        object { payload in
            payload.member("size", quoted: record.payloadSize)
            payload.member("digest", record.payloadDigest.hex)
        }
    }
}
