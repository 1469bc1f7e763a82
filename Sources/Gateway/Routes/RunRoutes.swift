// Routes about runs.
import JSON
import Node
import Platform
import Primitives

extension RouteTable {
    static let runRoutes: [Route] = [
        Route("GET", "/v1/runs", "Runs, the newest first", .json("RunList"), .node(runs))
            .query(.limit, .cursor, .agent, .since, .until, trace),
        Route(
            "GET", "/v1/runs/{run}", "A run and its operations by start", .json("Run"), .node(run)
        ).query(.limit, .cursor, .owner).problems(.noSuchRun, .archived),
    ]

    private static let trace = RouteParameter(
        name: "trace", summary: "Runs whose id begins with these digits, at least four.",
        schema: .text)

    @Sendable private static func runs(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let page = try summaries(call, desk)
        var lines: [RunLine] = []
        for summary in page.items { lines.append(try desk.line(summary)) }
        let next = call.cursors.text(page.next)
        return .later { [lines] in
            .json { $0.page(lines, next: next) { $0.write($1) } }
        }
    }

    private static func summaries(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Page<RunSummary> {
        let agent: AgentID? = try call.fixed("agent")
        let (since, until) = (try call.instant("since"), try call.instant("until"))
        let (limit, after) = (try call.limit(), try call.cursor())
        guard let prefix = call["trace"] else {
            return try asking { () throws(NodeFailure) in
                try desk.node.runs(
                    agent: agent, since: since, until: until, after: after, limit: limit)
            }
        }
        guard isTracePrefix(prefix) else {
            throw .parameter("trace", "not 4 to 32 lower-case hexadecimal digits")
        }
        let found = try asking { () throws(NodeFailure) in
            try desk.node.runs(tracePrefix: prefix, limit: limit)
        }
        let wanted = found.filter { run in
            agent.map(run.agents.contains) ?? true && since.map { $0 <= run.start } ?? true
                && until.map { run.start <= $0 } ?? true
        }
        return Page(items: wanted.sorted { $0.start > $1.start }, next: nil)
    }

    /// Whether `text` is the beginning of a run's id, long enough to look for.
    static func isTracePrefix(_ text: String) -> Bool {
        (4...32).contains(text.utf8.count) && text.utf8.allSatisfy { Hex.value(of: $0) != nil }
    }

    @Sendable private static func run(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        guard let id: RunID = try call.fixed("run") else {
            throw Problem(.noSuchRun, "No run is named.")
        }
        let (limit, after) = (try call.limit(), try call.cursor())
        let owner: OwnerID? = try call.fixed("owner")
        let summary = try asking { () throws(NodeFailure) in
            try desk.node.run(id, of: owner)
        }
        guard let summary else { throw Problem(.noSuchRun, "No record of run \(id) is held here.") }
        let line = try desk.line(summary)
        let page = try asking { () throws(NodeFailure) in
            try desk.node.operations(of: summary, after: after, limit: limit)
        }
        let labels = call.context.labels
        var fetch = OperationFetch(desk, labels)
        let operations = try fetch.lines(page.items)
        let next = call.cursors.text(page.next)
        return .later {
            .json { writer in
                writer.object { object in
                    object.members(of: line)
                    object.key("operations")
                    object.array { array in
                        for operation in operations {
                            array.write(operation, labels, withRun: false)
                        }
                    }
                    object.member("next", orNull: next)
                }
            }
        }
    }
}
