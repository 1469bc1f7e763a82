// Routes about accounts, constitutions, mandates, approvals, and what people ruled.
import JSON
import Ledger
import Node
import Platform
import Primitives

extension RouteTable {
    static let lawRoutes: [Route] = [
        Route("GET", "/v1/accounts/{account}",
            "What an owner, an agent or the account of fees has", .json("Account"), .node(account)),
        Route("GET", "/v1/accounts/{account}/usage",
            "What an agent, or an owner's agents, recorded, and the limits of it",
            .json("AccountUsage"), .node(usage)),
        Route("GET", "/v1/agents/{agent}/constitution", "The limits an owner set its agent",
            .json("AgentConstitution"), .node(constitution)).problems(.noSuchAgent),
        Route("GET", "/v1/constitutions", "Agents under a constitution, with what holds for them",
            .json("GovernedAgentList"), .node(constitutions)).query(.limit, .cursor),
        Route("GET", "/v1/operations",
            "What was done about a task, an agent, a mandate or a request, newest first",
            .json("DeedList"), .node(deeds)).query(.limit, .cursor, subject),
        Route("GET", "/v1/agents/{agent}/rulings",
            "Stops and overrides over an agent, what waits, and its last anomaly",
            .json("AgentRulings"), .node(rulings)).problems(.noSuchAgent),
        Route("GET", "/v1/owners/{owner}/roles", "The keys that have a role under an owner",
            .json("OwnerRoles"), .node(roles)).problems(.noSuchOwner),
        Route("GET", "/v1/mandates", "Mandates", .json("MandateList"), .node(mandates))
            .query(.limit, .cursor, holder),
        Route("GET", "/v1/mandates/{mandate}", "A mandate", .json("Mandate"), .node(mandate))
            .problems(.noSuchMandate),
        Route("GET", "/v1/approvals", "Actions that wait for guardians", .json("ApprovalList"),
            .node(approvals)).query(.limit, .cursor, .agent),
        Route("GET", "/v1/approvals/{approval}", "An action that waits for guardians",
            .json("Approval"), .node(approval)).problems(.noSuchApproval),
    ]

    private static let holder = RouteParameter(
        name: "holder", summary: "Only those that this agent holds.", schema: .hex(32))

    private static let subject = RouteParameter(
        name: "subject", summary: "Must be given: the identifier of what it was about.",
        schema: .hex(32))

    @Sendable private static func deeds(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        guard let subject: Digest = try call.fixed("subject") else {
            throw .parameter("subject", "missing")
        }
        let (limit, after) = (try call.limit(), try call.cursor())
        let page = try asking { () throws(NodeFailure) in
            try desk.node.deeds(about: subject, after: after, limit: limit)
        }
        let next = call.cursors.text(page.next)
        return .later { .json { $0.page(page.items, next: next) { $0.write($1) } } }
    }

    @Sendable private static func constitutions(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let (limit, after) = (try call.limit(), try call.cursor())
        let page = try asking { () throws(NodeFailure) in
            try desk.node.laws(.constitution, after: after, limit: limit) { _ in true }
        }
        var items: [GovernedAgent] = []
        for case .constitution(let law) in page.items {
            let found = try asking { () throws(NodeFailure) in
                try desk.node.agent(law.agent)
            }
            guard let view = found else { continue }
            let rulings = try asking { () throws(NodeFailure) in
                try desk.node.rulings(of: view.agent)
            }
            items.append(GovernedAgent(agent: view.agent, law: law, rulings: rulings))
        }
        let next = call.cursors.text(page.next)
        return .later { [items] in .json { $0.page(items, next: next) { $0.write($1) } } }
    }

    @Sendable private static func account(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("account", as: AccountID.self) ?? AccountID()
        let view = try asking { () throws(NodeFailure) in try desk.node.account(id) }
        return .ready(.json { $0.write(view) })
    }

    @Sendable private static func usage(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("account", as: AccountID.self) ?? AccountID()
        let view = try asking { () throws(NodeFailure) in try desk.node.usage(of: id) }
        return .ready(.json { $0.write(view) })
    }

    private static func registered(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Agent {
        let id = try call.fixed("agent", as: AgentID.self) ?? AgentID()
        guard let view = try asking({ () throws(NodeFailure) in try desk.node.agent(id) }) else {
            throw Problem(.noSuchAgent, "No agent \(id) is registered.")
        }
        return view.agent
    }

    @Sendable private static func constitution(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let id = try registered(call, desk).id
        var law: Constitution?
        if case .constitution(let entry)? = try desk.law(.constitution(id)) { law = entry }
        return .ready(
            .json { [law] writer in
                writer.object { object in
                    object.member("agent", id.hex)
                    object.key("constitution")
                    if let law { object.write(law) } else { object.writeNull() }
                }
            })
    }

    @Sendable private static func rulings(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let agent = try registered(call, desk)
        let view = try asking { () throws(NodeFailure) in try desk.node.rulings(of: agent) }
        return .ready(.json { $0.write(view) })
    }

    @Sendable private static func roles(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("owner", as: OwnerID.self) ?? OwnerID()
        guard try asking({ () throws(NodeFailure) in try desk.node.owner(id) }) != nil else {
            throw Problem(.noSuchOwner, "No owner \(id) is registered.")
        }
        var found = OwnerRoles(owner: id)
        if case .roles(let entry)? = try desk.law(.roles(id)) { found = entry }
        return .ready(.json { [found] in $0.write(found) })
    }

    @Sendable private static func mandate(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("mandate", as: MandateID.self) ?? MandateID()
        guard case .mandate(let mandate)? = try desk.law(.mandate(id)) else {
            throw Problem(.noSuchMandate, "There is no mandate \(id).")
        }
        return .ready(.json { $0.write(mandate) })
    }

    @Sendable private static func mandates(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let holder: AgentID? = try call.fixed("holder")
        return try desk.page(call, .mandate) {
            guard case .mandate(let mandate) = $0, holder ?? mandate.terms.holder
                == mandate.terms.holder
            else { return nil }
            return mandate
        } write: { $0.write($1) }
    }

    @Sendable private static func approval(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let id = try call.fixed("approval", as: Digest.self) ?? Digest()
        guard case .approval(let approval)? = try desk.law(.approval(id)) else {
            throw Problem(.noSuchApproval, "Nothing waits under \(id).")
        }
        return .ready(.json { $0.write(approval) })
    }

    @Sendable private static func approvals(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let agent: AgentID? = try call.fixed("agent")
        return try desk.page(call, .approval) {
            guard case .approval(let approval) = $0, agent ?? approval.agent == approval.agent
            else { return nil }
            return approval
        } write: { $0.write($1) }
    }
}

extension NodeDesk {
    func law(_ key: LawKey) throws(Problem) -> LawEntry? {
        try asking { () throws(NodeFailure) in try node.law(key) }
    }

    /// A page of the entries of one kind that `choose` gives something for.
    func page<Item: Sendable>(
        _ call: Call, _ kind: LawKind, _ choose: (LawEntry) -> Item?,
        write: @escaping @Sendable (inout JSONWriter, Item) -> Void
    ) throws(Problem) -> Reply {
        let (limit, after) = (try call.limit(), try call.cursor())
        let page = try asking { () throws(NodeFailure) in
            try node.laws(kind, after: after, limit: limit) { choose($0) != nil }
        }
        let items = page.items.compactMap(choose)
        let next = call.cursors.text(page.next)
        return .later { .json { $0.page(items, next: next, write) } }
    }
}
