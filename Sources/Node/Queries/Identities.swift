// Questions to a node about owners, agents and keys, as of the last operation accepted.
import Ledger
import Primitives
import Storage

extension Node {
    /// Agents in the order of their ids; of one owner, and with a part of a name, where given.
    ///
    /// - Parameter most: agents looked at for one page, which may then be short or empty.
    public func agents(
        owner: OwnerID?, nameContaining part: String?, after: [UInt8]?, limit: Int,
        looking most: Int = QueryLimits.agentsSearched
    ) throws(NodeFailure) -> Page<AgentView> {
        let working = try asked()
        var scan = IndexScan(Space.state)
        scan.prefix = [2]
        scan.limit = owner == nil && part == nil ? limit + 1 : most
        if let after { scan.start = .after(after) }
        let needle = part?.lowercased()
        var items: [AgentView] = []
        var last: [UInt8]?
        let entries = try working.entries(scan)
        for entry in entries {
            guard case .agent(let id) = StateKey(decoding: entry.key),
                let agent = working.core.replica.state.agent(id)
            else { continue }
            if let owner, agent.owner != owner { continue }
            if let needle, !agent.name.lowercased().contains(needle) { continue }
            if items.count == limit { return Page(items: items, next: last) }
            items.append(
                AgentView(agent: agent, usage: working.core.replica.state.usage(id)))
            last = entry.key
        }
        // There may be more where the search was broken off.
        return Page(items: items, next: entries.count == scan.limit ? entries.last?.key : nil)
    }

    public func agent(_ id: AgentID) throws(NodeFailure) -> AgentView? {
        let state = try asked().core.replica.state
        return state.agent(id).map { AgentView(agent: $0, usage: state.usage(id)) }
    }

    /// The accepted state of an agent that runs a program.
    public func instance(_ id: AgentID) throws(NodeFailure) -> AgentInstance? {
        try asked().core.replica.state.instance(id)
    }

    /// The accepted states of all agents that run programs, in the order of their ids.
    public func instances() throws(NodeFailure) -> [AgentInstance] {
        try asked().core.replica.state.allInstances
    }

    /// The bytes of a registered program.
    public func program(_ identity: Digest) throws(NodeFailure) -> [UInt8]? {
        try asked().core.replica.state.program(identity)?.bytes
    }

    /// The time of the last certified checkpoint; that of the genesis before the first.
    public func consensusTime() throws(NodeFailure) -> Instant {
        try asked().core.replica.last?.time ?? genesis.created
    }

    public func owner(_ id: OwnerID) throws(NodeFailure) -> Owner? {
        try asked().core.replica.state.owner(id)
    }

    /// What an owner lets the submitter of that key do; nil where it never let it do anything.
    public func grant(of owner: OwnerID, to submitter: SubmitterID) throws(NodeFailure) -> Grant? {
        try asked().core.replica.state.grant(owner, submitter)
    }

    /// What an owner lets submitters do, in order of their ids, as of the last checkpoint; 100 at
    /// most.
    public func grants(of owner: OwnerID) throws(NodeFailure) -> [Grant] {
        let working = try asked()
        var scan = IndexScan(Space.state)
        scan.prefix = [5] + owner.bytes
        scan.limit = 100
        return try working.entries(scan).compactMap { entry in
            guard case .grant(owner, let id) = StateKey(decoding: entry.key) else { return nil }
            return working.core.replica.state.grant(owner, id)
        }
    }

    public func submitter(_ id: SubmitterID) throws(NodeFailure) -> Submitter? {
        try asked().core.replica.state.submitter(id)
    }

    /// The sequence that the next operation signed by `key` must have.
    public func nextSequence(of key: PublicKey) throws(NodeFailure) -> UInt64 {
        try asked().core.replica.state.lastSequence(of: key) + 1
    }
}
