// Who may act for an account: an owner for itself and its agents, an agent's own key for the agent.
import Primitives

/// The slice of state that standing is judged by.
protocol StandingState {
    func owner(_ id: OwnerID) -> Owner?
    func agent(_ id: AgentID) -> Agent?
}

/// Why a key may not act for an account. The checks are made in this order.
public enum StandingFailure: Error, Hashable, Sendable {
    case ownerUnknown
    /// The account is neither the owner's nor that of an agent of it.
    case accountUnknown
    /// The key is not in force for the owner and is not the agent's.
    case notAllowed
    /// The agent is suspended or retired.
    case agentNotActive
}

/// What gives a key the right to act.
enum Standing: Hashable {
    /// The owner acts for itself.
    case owner
    /// Somebody acts for this agent.
    case agent(AgentID)
}

extension StandingState {
    func standing(
        of key: PublicKey, for account: AccountID, owner id: OwnerID
    ) throws(StandingFailure) -> Standing {
        guard let owner = owner(id) else { throw .ownerUnknown }
        return try standing(of: key, for: account, under: owner)
    }

    func standing(
        of key: PublicKey, for account: AccountID, under owner: Owner
    ) throws(StandingFailure) -> Standing {
        if account == AccountID(owner.id) {
            guard owner.holds(key) else { throw .notAllowed }
            return .owner
        }
        guard let agent = agent(AgentID(account)), agent.owner == owner.id else {
            throw .accountUnknown
        }
        guard owner.holds(key) || (!key.isZero && agent.key == key) else { throw .notAllowed }
        guard agent.status == .registered || agent.status == .active else {
            throw .agentNotActive
        }
        return .agent(agent.id)
    }

    /// Whether `key` is in force for the owner.
    func isOwners(_ key: PublicKey, of id: OwnerID) -> Bool { owner(id)?.holds(key) ?? false }
}
