// Who may decide over an agent beside giving it commands: its owner and the guardians.
import Primitives

/// The slice of state that guardianship is judged by.
protocol GuardianshipState {
    func owner(_ id: OwnerID) -> Owner?
    func agent(_ id: AgentID) -> Agent?
    func constitution(_ agent: AgentID) -> Constitution?
}

/// Why somebody may not decide over an agent. The checks are made in this order.
public enum GuardFailure: Error, Hashable, Sendable {
    case ownerUnknown
    /// The signing key is not in force for the owner: people decide, not agents.
    case notOwnersKey
    case agentUnknown
    /// Neither the agent's owner nor one of its guardians today.
    case notGuardian
}

extension GuardianshipState {
    /// Throws unless the signer decides over `agent`.
    ///
    /// - Returns: whether two must agree to what relaxes.
    func checkGuard(of id: AgentID, by signer: Signer) throws(GuardFailure) -> Bool {
        guard let owner = owner(signer.owner) else { throw .ownerUnknown }
        guard owner.holds(signer.key) else { throw .notOwnersKey }
        guard let agent = agent(id) else { throw .agentUnknown }
        let law = constitution(id)
        guard agent.owner == signer.owner || law?.guardians.contains(signer.owner) == true else {
            throw .notGuardian
        }
        return law?.dualControl ?? false
    }
}
