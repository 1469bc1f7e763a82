// Routes about agents, their owners, and who signs.
import JSON
import Ledger
import Node
import Platform
import Primitives

extension RouteTable {
    static let agentRoutes: [Route] = [
        Route("GET", "/v1/agents", "Agents", .json("AgentList"), .node(agents))
            .query(.limit, .cursor, ownedBy, name),
        Route("GET", "/v1/agents/{agent}", "An agent", .json("Agent"), .node(agent))
            .problems(.noSuchAgent),
        Route("GET", "/v1/agents/{agent}/instance",
            "The program that an agent runs, and its accepted state", .json("AgentInstance"),
            .node(instance)).problems(.noSuchAgent),
        Route("GET", "/v1/agents/{agent}/proof",
            "An agent's entry in the state, or its absence, proven against the last checkpoint",
            .json("StateProof"), .node(proof)).problems(.notCheckpointed),
        Route("GET", "/v1/owners/{owner}", "An owner, its keys and its submitters", .json("Owner"),
            .node(ownerPage)).problems(.noSuchOwner),
        Route("GET", "/v1/signers/{key}", "The sequence a key's next operation must have",
            .json("Signer"), .node(signer)),
    ]

    private static let ownedBy = RouteParameter(
        name: "owner", summary: "Only of this owner.", schema: .hex(32))
    private static let name = RouteParameter(
        name: "name", summary: "Only those whose name has this part, in any case.", schema: .text)

    @Sendable private static func agents(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let owner: OwnerID? = try call.fixed("owner")
        let (limit, after) = (try call.limit(), try call.cursor())
        let page = try asking { () throws(NodeFailure) in
            try desk.node.agents(
                owner: owner, nameContaining: call["name"], after: after, limit: limit)
        }
        var lines: [AgentLine] = []
        for view in page.items { lines.append(try desk.line(view)) }
        let next = call.cursors.text(page.next)
        return .later { [lines] in
            .json { $0.page(lines, next: next) { $0.write($1) } }
        }
    }

    @Sendable private static func agent(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("agent", as: AgentID.self) ?? AgentID()
        guard let view = try asking({ () throws(NodeFailure) in try desk.node.agent(id) }) else {
            throw Problem(.noSuchAgent, "No agent \(id) is registered.")
        }
        let line = try desk.line(view)
        return .ready(.json { $0.write(line) })
    }

    @Sendable private static func instance(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let id = try call.fixed("agent", as: AgentID.self) ?? AgentID()
        guard try asking({ () throws(NodeFailure) in try desk.node.agent(id) }) != nil else {
            throw Problem(.noSuchAgent, "No agent \(id) is registered.")
        }
        let instance = try asking { () throws(NodeFailure) in try desk.node.instance(id) }
        return .ready(.json { $0.write(id, instance) })
    }

    @Sendable private static func proof(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("agent", as: AgentID.self) ?? AgentID()
        let proof = try asking { () throws(NodeFailure) in try desk.node.stateProof(.agent(id)) }
        guard let proof else {
            throw Problem(.notCheckpointed, "There is no checkpoint yet.", retryAfterSeconds: 1)
        }
        return .ready(.json { $0.write(proof) })
    }

    @Sendable private static func ownerPage(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let id = try call.fixed("owner", as: OwnerID.self) ?? OwnerID()
        guard let owner = try asking({ () throws(NodeFailure) in try desk.node.owner(id) }) else {
            throw Problem(.noSuchOwner, "No owner \(id) is registered.")
        }
        let grants = try asking { () throws(NodeFailure) in try desk.node.grants(of: id) }
        var lines: [(grant: Grant, key: PublicKey?)] = []
        for grant in grants {
            let submitter = try asking { () throws(NodeFailure) in
                try desk.node.submitter(grant.submitter)
            }
            lines.append((grant, submitter?.key))
        }
        return .ready(.json { $0.write(owner, grants: lines) })
    }

    @Sendable private static func signer(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let key = try call.fixed("key", as: PublicKey.self) ?? PublicKey()
        let next = try asking { () throws(NodeFailure) in try desk.node.nextSequence(of: key) }
        return .ready(
            .json { writer in
                writer.object {
                    $0.member("key", key.hex)
                    $0.member("next", quoted: next)
                }
            })
    }
}
