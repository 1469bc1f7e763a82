// The commands of the ledger: every way in which shared state can be asked to change.
import Primitives

/// A command of the identity chapter: owners, their keys, and who may submit for them.
public enum OwnerCommand: Hashable, Sendable {
    /// The signer becomes an owner under this name.
    case register(name: String)
    /// `proof` is the new key's signature of `KeyProof.message`.
    case addKey(PublicKey, proof: Signature)
    /// `old` is revoked in the same step.
    case rotateKey(old: PublicKey, new: PublicKey, proof: Signature)
    case revokeKey(PublicKey)
    /// Lets the holder of a key submit batches for this owner's agents.
    case authorize(submitter: PublicKey, rights: SubmitterRights)
    case withdraw(submitter: PublicKey)
}

/// What describes an agent, apart from its name.
public struct AgentProfile: Hashable, Sendable {
    /// At most `Limits.versionBytes` of UTF-8.
    public var version: String
    /// At most `Limits.capabilitiesPerAgent`, each of at most `Limits.nameBytes`.
    public var capabilities: [String]
    /// Digest of a document that says more; zero for none.
    public var metadata: Digest

    public init(version: String = "", capabilities: [String] = [], metadata: Digest = Digest()) {
        self.version = version
        self.capabilities = capabilities
        self.metadata = metadata
    }
}

/// A command of the agents chapter.
public enum AgentCommand: Hashable, Sendable {
    case register(name: String, profile: AgentProfile)
    case update(AgentID, profile: AgentProfile)
    case setStatus(AgentID, AgentStatus)
    /// The all-zero key takes the agent's key away; otherwise `proof` is the key's signature of
    /// `KeyProof.message`.
    case setKey(AgentID, PublicKey, proof: Signature)
}

/// A command of the validators' chapter.
public enum ValidatorCommand: Hashable, Sendable {
    /// Votes for a change of seats in the next epoch, instead of what it voted for before.
    /// `proof` is the newcomer's signature of `KeyProof.message` for the owner that its key gives;
    /// zero where there is no newcomer.
    case vote(SeatChange, proof: Signature)
    /// Where the signer can be reached, from now on.
    case setAddress(String)
}

/// Every command, by chapter.
public enum Command: Hashable, Sendable {
    case owner(OwnerCommand)
    case agent(AgentCommand)
    case validator(ValidatorCommand)
    case law(LawCommand)
    case transition(TransitionCommand)
}

/// What a submitter may do beyond recording.
public struct SubmitterRights: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// May register agents under the owner on first sight.
    public static let registerAgents = SubmitterRights(rawValue: 1)
    /// Every right there is.
    public static let all: SubmitterRights = [.registerAgents]
}

/// Where an agent stands in its life: registered → active ⇄ suspended → retired, which is the end.
public enum AgentStatus: UInt8, CaseIterable, Sendable {
    /// Known, and nothing recorded yet; the first record makes it active.
    case registered = 1
    case active
    /// Nothing may be recorded for it.
    case suspended
    case retired
}

/// How a new key shows that its holder wants to be bound to an owner or agent.
public enum KeyProof {
    /// What the key is for: a proof for one is none for the other.
    public enum Purpose: String, Sendable {
        /// Speaks for the owner.
        case owner
        /// Belongs to an agent of the owner.
        case agent
        /// Takes a seat among the validators.
        case validator
    }

    /// The bytes to sign: `althing owner key v1`, or `agent` or `validator` in place of `owner`,
    /// then chain ‖ owner.
    public static func message(
        for purpose: Purpose, chain: Digest, owner: OwnerID
    ) -> [UInt8] {
        Array("althing \(purpose.rawValue) key v1".utf8) + chain.bytes + owner.bytes
    }
}
