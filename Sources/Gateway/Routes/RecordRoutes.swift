// Routes about single records: what they say, their receipts, their payloads.
import JSON
import Node
import Platform
import Primitives
import Records
import Telemetry

extension RouteTable {
    static let recordRoutes: [Route] = [
        Route("GET", "/v1/records", "Records, the newest batch first", .json("RecordList"),
            .node(records)).query(.limit, .cursor, .agent, .since, .until),
        Route("GET", "/v1/records/{id}", "A record, by <batch>-<row> or <run>:<operation>",
            .json("Record"), .node(record)
        ).query(.owner).problems(.noSuchRecord, .pruned, .archived),
        Route("GET", "/v1/records/{id}/receipt", "The receipt of a record, checked offline",
            .json("Receipt"), .node(receipt)
        ).query(.owner).problems(.noSuchRecord, .notCheckpointed, .pruned, .archived),
        Route("GET", "/v1/records/{id}/payload", "The exact bytes that were recorded",
            .media([TelemetryFormat.protobuf.mediaType, TelemetryFormat.json.mediaType]),
            .node(payload)
        ).query(.owner).problems(.noSuchRecord, .noSuchPayload, .pruned, .archived),
    ]

    @Sendable private static func records(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let agent: AgentID? = try call.fixed("agent")
        let (since, until) = (try call.instant("since"), try call.instant("until"))
        let (limit, after) = (try call.limit(), try call.cursor())
        let page = try asking { () throws(NodeFailure) in
            try desk.node.records(agent: agent, after: after, limit: limit)
        }
        // The order is that of recording, so that a range of starts may leave a page short.
        let wanted = page.items.filter { view in
            since.map { $0 <= view.record.start } ?? true
                && until.map { view.record.start <= $0 } ?? true
        }
        let labels = call.context.labels
        var fetch = OperationFetch(desk, labels)
        let lines = try fetch.lines(wanted)
        let next = call.cursors.text(page.next)
        return .later {
            .json { $0.page(lines, next: next) { $0.write($1, labels, withRun: true) } }
        }
    }

    /// The record that the path names.
    private static func view(_ call: Call, _ desk: NodeDesk) throws(Problem) -> RecordView {
        let text = call["id"] ?? ""
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let owner: OwnerID? = try call.fixed("owner")
        let found: RecordView?
        if let id = RecordID(text) {
            found = try asking { () throws(NodeFailure) in try desk.node.record(id) }
        } else if parts.count == 2, let run = RunID(hex: parts[0]),
            let operation = OperationID(hex: parts[1])
        {
            found = try asking { () throws(NodeFailure) in
                try desk.node.record(run: run, operation: operation, of: owner)
            }
        } else {
            throw .parameter("id", "neither <batch>-<row> nor <run>:<operation>")
        }
        guard let found else { throw Problem(.noSuchRecord, "No record \(text) is held here.") }
        return found
    }

    @Sendable private static func record(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let labels = call.context.labels
        var fetch = OperationFetch(desk, labels)
        let line = try fetch.line(try view(call, desk))
        return .later { .json { $0.write(line, labels, withRun: true) } }
    }

    @Sendable private static func receipt(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let id = try view(call, desk).id
        switch try asking({ () throws(NodeFailure) in try desk.node.receipt(id) }) {
        case .unknown: throw Problem(.noSuchRecord, "No record \(id) is held here.")
        case .notCheckpointed:
            throw Problem(
                .notCheckpointed, "The record is durable; its receipt follows the next checkpoint.",
                retryAfterSeconds: 1)
        case .receipt(let receipt):
            return .later {
                HTTPResponse(status: 200, type: "application/json", body: receipt.json())
                    .cached(CacheControl.immutable)
            }
        }
    }

    @Sendable private static func payload(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let view = try view(call, desk)
        do {
            return .ready(try payloadResponse(view.record.payloadDigest, desk))
        } catch {
            guard error.kind == .noSuchPayload, desk.node.arePayloadsPruned(ofBatch: view.id.batch)
            else { throw error }
            throw Problem(
                .pruned,
                "The payloads of batch \(view.id.batch) were pruned here; the receipt holds.")
        }
    }
}
