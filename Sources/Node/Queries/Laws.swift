// Questions to a node about the law and the market, as of the last operation accepted.
import Ledger
import Primitives
import Storage

/// What an account has.
public struct AccountView: Sendable {
    public var id: AccountID
    public var balance: Amount
    public var stake: Stake?
    /// The owner of that identifier.
    public var owner: Owner?
    /// The agent of that identifier.
    public var agent: Agent?
}

/// What holds for an agent beside its constitution.
public struct AgentRulings: Sendable {
    public var agent: AgentID
    public var rulings: Rulings?
    public var conduct: Conduct?
    public var anomaly: Anomaly?
    /// Zero while the agents of its owner are not stopped.
    public var fleetStopped: Instant
    /// Zero while the chain is not stopped.
    public var chainStopped: Instant
}

extension Node {
    /// An entry of the law or the market; nil where there is none.
    public func law(_ key: LawKey) throws(NodeFailure) -> LawEntry? {
        try asked().core.replica.state.law(key)
    }

    /// What an account has; one that nobody paid into yet has what the genesis gave it.
    public func account(_ id: AccountID) throws(NodeFailure) -> AccountView {
        let state = try asked().core.replica.state
        var view = AccountView(
            id: id, balance: state.balance(of: id), owner: state.owner(OwnerID(id)),
            agent: state.agent(AgentID(id)))
        if case .stake(let stake)? = state.law(.stake(id)) { view.stake = stake }
        return view
    }

    /// What people ruled over an agent, and what it did.
    public func rulings(of agent: Agent) throws(NodeFailure) -> AgentRulings {
        let state = try asked().core.replica.state
        var view = AgentRulings(
            agent: agent.id, fleetStopped: Instant(nanoseconds: 0),
            chainStopped: Instant(nanoseconds: 0))
        if case .rulings(let entry)? = state.law(.rulings(agent.id)) { view.rulings = entry }
        if case .conduct(let entry)? = state.law(.conduct(agent.id)) { view.conduct = entry }
        if case .anomaly(let entry)? = state.law(.anomaly(agent.id)) { view.anomaly = entry }
        if case .fleetStop(let stop)? = state.law(.fleetStop(agent.owner)) {
            view.fleetStopped = stop.stopped
        }
        if case .chainStop(let stop)? = state.law(.chainStop) { view.chainStopped = stop.stopped }
        return view
    }

    /// Tasks in which an account has a part, those that have not ended first, by their names: as
    /// `laws` gives entries.
    ///
    /// - Parameters:
    ///   - hasEnded: only those that have, or have not; nil for both.
    ///   - isWanted: is asked about tasks in which the account has that part now.
    public func tasks(
        of account: AccountID, as party: TaskParty, hasEnded: Bool?, after: [UInt8]?, limit: Int,
        looking most: Int = QueryLimits.agentsSearched, where isWanted: (PostedTask) -> Bool
    ) throws(NodeFailure) -> Page<PostedTask> {
        let working = try asked()
        var scan = IndexScan(Space.tasks)
        scan.prefix = IndexKey.tasks(of: account, as: party)
        if let hasEnded { scan.prefix.append(hasEnded ? 1 : 0) }
        scan.limit = most
        // A cursor of another list of tasks begins this one anew.
        if let after, after.starts(with: scan.prefix) { scan.start = .after(after) }
        var items: [PostedTask] = []
        var last: [UInt8]?
        let entries = try working.entries(scan)
        for found in entries {
            guard let id = PostedTaskID(found.key.suffix(PostedTaskID.width)),
                case .task(let task)? = working.core.replica.state.law(.task(id)),
                task.parties().contains(where: { $0 == (party, account) }), isWanted(task)
            else { continue }
            if items.count == limit { return Page(items: items, next: last) }
            items.append(task)
            last = found.key
        }
        return Page(items: items, next: entries.count == most ? entries.last?.key : nil)
    }

    /// Entries of one kind that are wanted, in the order of their names: which there are as of the
    /// last checkpoint, how they stand as of now.
    ///
    /// - Parameter most: entries looked at for one page, which may then be short or empty.
    public func laws(
        _ kind: LawKind, after: [UInt8]?, limit: Int,
        looking most: Int = QueryLimits.agentsSearched, where isWanted: (LawEntry) -> Bool
    ) throws(NodeFailure) -> Page<LawEntry> {
        let working = try asked()
        var scan = IndexScan(Space.state)
        scan.prefix = [kind.rawValue]
        scan.limit = most
        if let after { scan.start = .after(after) }
        var items: [LawEntry] = []
        var last: [UInt8]?
        let entries = try working.entries(scan)
        for found in entries {
            guard case .law(let key) = StateKey(decoding: found.key),
                let entry = working.core.replica.state.law(key), isWanted(entry)
            else { continue }
            if items.count == limit { return Page(items: items, next: last) }
            items.append(entry)
            last = found.key
        }
        return Page(items: items, next: entries.count == most ? entries.last?.key : nil)
    }
}
