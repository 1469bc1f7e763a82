// Routes about batches, checkpoints, the genesis, and the search over everything.
import JSON
import Node
import Platform
import Primitives
import Records

extension RouteTable {
    static let ledgerRoutes: [Route] = [
        Route("GET", "/v1/batches", "Batches, the newest first", .json("BatchList"), .node(batches))
            .query(.limit, .cursor),
        Route("GET", "/v1/batches/{number}", "A batch", .json("Batch"), .node(batch))
            .problems(.noSuchBatch),
        Route("GET", "/v1/checkpoints", "Checkpoints, the newest first", .json("CheckpointList"),
            .node(checkpoints)).query(.limit, .cursor),
        Route("GET", "/v1/checkpoints/{height}", "A checkpoint and what it put in order",
            .json("Checkpoint"), .node(checkpoint)).problems(.noSuchCheckpoint),
        Route("GET", "/v1/genesis", "What the chain started from", .json("Genesis"),
            .node(genesis)),
        Route("GET", "/v1/epochs",
            "The current epoch, and the steps from committee to committee that lead to it",
            .json("EpochSteps"), .node(epochs)
        ).query(from),
        Route("GET", "/v1/search",
            "Runs, agents, records, batches and checkpoints that a text may mean",
            .json("SearchList"), .node(search)
        ).query(words),
    ]

    private static let words = RouteParameter(
        name: "q",
        summary: """
            A run's id or at least four digits of its beginning, <run>:<operation>, \
            <batch>-<row>, an agent's id or a part of its name, a batch's number, a \
            checkpoint's height.
            """,
        schema: .text)

    private static let from = RouteParameter(
        name: "from", summary: """
            The first epoch whose step is wanted; 0 where it is not given. At most 64 steps are \
            given: ask again from behind the last one.
            """,
        schema: .number)

    @Sendable private static func batches(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let (limit, after) = (try call.limit(), try call.cursor())
        let page = try asking { () throws(NodeFailure) in
            try desk.node.batches(after: after, limit: limit)
        }
        var lines: [BatchLine] = []
        for view in page.items { lines.append(try desk.line(view)) }
        let next = call.cursors.text(page.next)
        return .later { [lines] in
            .json { $0.page(lines, next: next) { $0.write($1) } }
        }
    }

    @Sendable private static func batch(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let number = try call.number("number") ?? 0
        let found = try asking { () throws(NodeFailure) in try desk.node.batch(number) }
        guard let view = found else {
            throw Problem(.noSuchBatch, "No batch \(number) is held here.")
        }
        let line = try desk.line(view)
        return .ready(.json { $0.write(line) })
    }

    @Sendable private static func checkpoints(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let (limit, after) = (try call.limit(), try call.cursor())
        let page = try asking { () throws(NodeFailure) in
            try desk.node.checkpoints(after: after, limit: limit)
        }
        let next = call.cursors.text(page.next)
        return .later {
            .json { $0.page(page.items, next: next) { $0.write($1, withContents: false) } }
        }
    }

    @Sendable private static func checkpoint(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let height = try call.number("height") ?? 0
        let found = try asking { () throws(NodeFailure) in
            try desk.node.checkpoint(height: height)
        }
        guard let found else {
            throw Problem(.noSuchCheckpoint, "No checkpoint \(height) is held here.")
        }
        return .later { .json { $0.write(found, withContents: true) } }
    }

    @Sendable private static func genesis(_: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        .ready(.json { $0.write(desk.node.genesis) })
    }

    @Sendable private static func epochs(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let first = try call.number("from") ?? 0
        let found = try asking { () throws(NodeFailure) in try desk.node.epochSteps(from: first) }
        return .later {
            .json { writer in
                writer.object { object in
                    object.member("epoch", quoted: found.epoch)
                    object.key("steps")
                    object.array { array in
                        for step in found.steps { array.write(step) }
                    }
                }
            }
        }
    }

    @Sendable private static func search(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let found = try Search(node: desk.node).find(call["q"] ?? "")
        return .ready(
            .json { writer in
                writer.object { object in
                    object.key("items")
                    object.array { array in
                        for item in found { array.write(item) }
                    }
                }
            })
    }
}
