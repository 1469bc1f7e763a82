// What must hold of agents in every order of events: one chain of accepted transitions each, no
// penalty for an honest race, and no money made or lost.
import Agents
import Ledger
import Primitives

struct AgentReference {
    /// The last accepted place of an agent.
    private struct Place {
        var sequence: UInt64
        var root: Digest
    }

    private var places: [AgentID: Place] = [:]
    private var ended: Set<AgentID> = []
    /// Agents whose keys sign two futures.
    private let twoFaced: Set<AgentID>
    /// All accounts that can have anything.
    private let accounts: [AccountID]

    init(_ agents: [AgentClient], owners: [OwnerID]) {
        twoFaced = Set(agents.filter(\.isTwoFaced).map(\.agent))
        accounts = owners.map { AccountID($0) } + agents.map { AccountID($0.agent) } + [.fees]
    }

    mutating func objection(
        to operation: SignedOperation, _ outcome: Settled, counts: inout CheckCounts
    ) -> String? {
        switch outcome {
        case .done(.agentSpawned(let agent, let root)):
            places[agent] = Place(sequence: 0, root: root)
        case .done(.transitionAccepted(let height, let root)):
            return follow(operation, height, root, &counts)
        case .done(.agentFaulty(let agent, _)):
            counts.futures += 1
            guard twoFaced.contains(agent) else {
                return "agent \(agent.hex.prefix(8)) raced honestly and is punished"
            }
            ended.insert(agent)
        case .failed(.transitions(.stale)), .failed(.transitions(.gap)): counts.races += 1
        default: break
        }
        return nil
    }

    private mutating func follow(
        _ operation: SignedOperation, _ height: AgentHeight, _ root: Digest,
        _ counts: inout CheckCounts
    ) -> String? {
        counts.transitions += 1
        guard case .transition(.submit(let transition)) = operation.command,
            let place = places[height.agent], !ended.contains(height.agent),
            height.sequence == place.sequence + 1, transition.header.oldRoot == place.root
        else { return "agent \(height.agent.hex.prefix(8)) has two chains of transitions" }
        places[height.agent] = Place(sequence: height.sequence, root: root)
        return nil
    }

    /// What all accounts and deposits come to is what the chain began with.
    func objection(to state: LedgerState) -> String? {
        let held = accounts.reduce(UInt128(0)) { $0 + state.balance(of: $1).nanoCredits }
        let deposits = state.allInstances.reduce(UInt128(0)) {
            $0 + UInt128($1.account.deposit) * 1_000
        }
        guard held + deposits == Supply.total.nanoCredits else {
            return "accounts and deposits come to \(held + deposits) nano-credits"
        }
        return nil
    }
}
