// The agents chapter: registration under an owner, description, keys and life cycle.
import Cryptography
import Primitives

/// The slice of state this chapter reads and writes.
protocol AgentsState {
    var chain: Digest { get }
    func owner(_ id: OwnerID) -> Owner?
    func agent(_ id: AgentID) -> Agent?
    func grant(_ owner: OwnerID, _ submitter: SubmitterID) -> Grant?
    mutating func set(_ agent: Agent)
}

extension LedgerState: AgentsState {}

/// Why an agent's command is refused. Within one command the checks are made in this order.
public enum AgentsFailure: Error, Hashable, Sendable {
    case ownerUnknown
    /// The key neither belongs to the owner nor to a submitter with the right to do this.
    case notAllowed
    /// A name, version or capability is empty, too long or holds a control character.
    case invalidProfile
    case agentExists
    /// There is no such agent, or it has another owner.
    case agentUnknown
    /// A retired agent stays as it is.
    case agentRetired
    /// That status cannot follow the present one.
    case invalidTransition
    /// The proof is not the new key's signature.
    case invalidProof
}

extension AgentsState {
    /// Carries out `command`, signed by `key` in the name of `owner`.
    mutating func apply(
        _ command: AgentCommand, owner id: OwnerID, key: PublicKey, at time: Instant,
        proofs: ProofState
    ) throws(AgentsFailure) -> Effect {
        guard let owner = owner(id) else { throw .ownerUnknown }
        if case .register(let name, let profile) = command {
            guard owner.holds(key) || mayRegister(key, for: id) else { throw .notAllowed }
            return try register(name, profile: profile, owner: id, at: time)
        }
        guard owner.holds(key) else { throw .notAllowed }
        switch command {
        case .register: throw .agentExists
        case .update(let agent, let profile): return try update(agent, of: id, to: profile)
        case .setStatus(let agent, let status): return try move(agent, of: id, to: status)
        case .setKey(let agent, let key, let proof):
            return try setKey(
                key, of: agent, owner: id, proof: proofs == .judged ? nil : proof)
        }
    }

    private func mayRegister(_ key: PublicKey, for owner: OwnerID) -> Bool {
        guard let grant = grant(owner, SubmitterID(key: key)) else { return false }
        return grant.inForce && grant.rights.contains(.registerAgents)
    }

    private mutating func register(
        _ name: String, profile: AgentProfile, owner: OwnerID, at time: Instant
    ) throws(AgentsFailure) -> Effect {
        guard isValidName(name), profile.isValid else { throw .invalidProfile }
        let id = AgentID(owner: owner, name: name)
        guard agent(id) == nil else { throw .agentExists }
        set(
            Agent(
                id: id, owner: owner, name: name, profile: profile, status: .registered,
                registered: time, key: PublicKey()))
        return .agentRegistered(id)
    }

    private func liveAgent(_ id: AgentID, of owner: OwnerID) throws(AgentsFailure) -> Agent {
        guard let agent = agent(id), agent.owner == owner else { throw .agentUnknown }
        guard agent.status != .retired else { throw .agentRetired }
        return agent
    }

    private mutating func update(
        _ id: AgentID, of owner: OwnerID, to profile: AgentProfile
    ) throws(AgentsFailure) -> Effect {
        guard profile.isValid else { throw .invalidProfile }
        var agent = try liveAgent(id, of: owner)
        agent.profile = profile
        set(agent)
        return .agentChanged(id)
    }

    private mutating func move(
        _ id: AgentID, of owner: OwnerID, to status: AgentStatus
    ) throws(AgentsFailure) -> Effect {
        var agent = try liveAgent(id, of: owner)
        guard agent.status.mayBecome(status) else { throw .invalidTransition }
        agent.status = status
        set(agent)
        return .agentChanged(id)
    }

    private mutating func setKey(
        _ key: PublicKey, of id: AgentID, owner: OwnerID, proof: Signature?
    ) throws(AgentsFailure) -> Effect {
        var agent = try liveAgent(id, of: owner)
        if let proof, !key.isZero {
            let message = KeyProof.message(for: .agent, chain: chain, owner: owner)
            guard Ed25519.isValid(proof, of: message, by: key) else { throw .invalidProof }
        }
        agent.key = key
        set(agent)
        return .agentChanged(id)
    }
}

extension AgentStatus {
    /// The table of the life cycle (docs/spec/ledger.md §5).
    public func mayBecome(_ next: AgentStatus) -> Bool {
        switch (self, next) {
        case (.registered, .active), (.registered, .suspended), (.registered, .retired): true
        case (.active, .suspended), (.active, .retired): true
        case (.suspended, .active), (.suspended, .retired): true
        default: false
        }
    }
}

extension AgentProfile {
    /// Within the limits, and capabilities are names.
    var isValid: Bool {
        (version.isEmpty || isValidName(version)) && version.utf8.count <= Limits.versionBytes
            && capabilities.count <= Limits.capabilitiesPerAgent
            && capabilities.allSatisfy(isValidName)
    }
}
