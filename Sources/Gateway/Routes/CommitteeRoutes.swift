// Routes about the committee and the graph of blocks by which it agrees.
import JSON
import Node
import Platform
import Primitives

extension RouteTable {
    static let committeeRoutes: [Route] = [
        Route("GET", "/v1/validators",
            "The seats of the present committee: links, rounds and checkpoints",
            .json("Validators"), .node(validators)),
        Route("GET", "/v1/dag",
            "The last commits of the graph and what is above them: slots, verdicts, blocks",
            .json("Graph"), .node(graph)
        ).query(after, .limit),
    ]

    private static let after = RouteParameter(
        name: "after", summary: """
            Only commits after the one of this index, the oldest first. Without it, the newest.
            """,
        schema: .number)

    @Sendable private static func validators(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let views = try asking { () throws(NodeFailure) in try desk.node.validators() }
        let status = try asking { () throws(NodeFailure) in try desk.node.committee() }
        return .later {
            .json { writer in
                writer.object { object in
                    object.member("epoch", quoted: status.epoch)
                    object.member("round", quoted: status.round)
                    object.key("validators")
                    object.array { array in for view in views { array.write(view) } }
                }
            }.cached("no-store")
        }
    }

    @Sendable private static func graph(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let (after, limit) = (try call.number("after"), try call.limit())
        let commits = try asking { () throws(NodeFailure) in
            try desk.node.commits(after: after, limit: limit)
        }
        let tip = try asking { () throws(NodeFailure) in try desk.node.graphTip() }
        let now = desk.clock.now()
        return .later {
            .json { writer in
                writer.object { object in
                    object.member("epoch", quoted: tip.epoch)
                    object.member("seats", tip.seats)
                    object.member("quorum", tip.quorum)
                    object.member("now", quoted: now.nanoseconds)
                    object.key("commits")
                    object.array { array in
                        for commit in commits { array.write(commit, withContents: true) }
                    }
                    object.member("next", quoted: commits.last?.index ?? after ?? 0)
                    object.key("tip")
                    object.write(tip)
                }
            }.cached("no-store")
        }
    }
}
