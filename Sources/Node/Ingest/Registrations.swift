// Agents that were seen for the first time: the operations that register them, and the requests
// that
// wait for it.
import Ledger
import Primitives

/// A request of several submissions, from its arrival to its answer.
final class Request {
    let submissions: [Submission]
    let owner: OwnerID
    let waiter: Waiter
    /// Whether the batch that holds its records is closed at the end of the turn.
    var isUrgent = false
    /// The agent of each submission, once they were looked up.
    var agents: [AgentID] = []
    /// Agents whose registration it waits for.
    var missing: Set<AgentID> = []

    init(_ submissions: [Submission], owner: OwnerID, waiter: Waiter) {
        self.submissions = submissions
        self.owner = owner
        self.waiter = waiter
    }
}

/// Operations of this node's own key that are on their way, and who waits for them.
struct Registrations {
    /// Agent by the digest of the operation that registers it.
    private var agents: [Digest: AgentID] = [:]
    private var underWay: Set<AgentID> = []
    private var lastSequence: UInt64 = 0
    private var parked: [Request] = []
    /// Whether an operation was settled since requests were taken up last.
    private var isStale = false

    func isUnderWay(_ agent: AgentID) -> Bool { underWay.contains(agent) }

    /// The sequence of the next operation, given the one that was executed last.
    func nextSequence(after executed: UInt64) -> UInt64 {
        (agents.isEmpty ? executed : max(executed, lastSequence)) + 1
    }

    mutating func begin(_ operation: SignedOperation, agent: AgentID) {
        agents[operation.digest] = agent
        underWay.insert(agent)
        lastSequence = operation.sequence
    }

    /// An operation was executed or refused; false where it is none of these.
    mutating func settle(_ digest: Digest) -> Bool {
        guard let agent = agents.removeValue(forKey: digest) else { return false }
        underWay.remove(agent)
        isStale = true
        return true
    }

    /// An operation of this node that was on its way when it went down.
    mutating func resume(_ operation: SignedOperation) {
        if case .agent(.register(let name, _)) = operation.command {
            begin(operation, agent: AgentID(owner: operation.owner, name: name))
        }
    }

    mutating func park(_ request: Request) { parked.append(request) }

    /// The requests that wait for nothing any more, in the order of their arrival.
    mutating func takeReady() -> [Request] {
        guard isStale else { return [] }
        isStale = false
        for request in parked {
            request.missing.formIntersection(underWay)
        }
        let ready = parked.filter(\.missing.isEmpty)
        parked.removeAll(where: \.missing.isEmpty)
        return ready
    }
}
