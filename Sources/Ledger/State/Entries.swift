// The entries of the ledger's state, each with its canonical encoding (docs/spec/ledger.md §3).
import Primitives

/// A key of an owner and its life.
public struct OwnerKey: Hashable, Sendable {
    public var key: PublicKey
    public var added: Instant
    /// Zero while the key is in force.
    public var revoked: Instant

    public var isActive: Bool { revoked.nanoseconds == 0 }
}

/// Somebody who answers for agents.
public struct Owner: Hashable, Sendable {
    public var id: OwnerID
    public var name: String
    public var registered: Instant
    /// In order of addition; revoked ones stay.
    public var keys: [OwnerKey]

    /// Whether `key` is in force.
    public func holds(_ key: PublicKey) -> Bool {
        keys.contains { $0.key == key && $0.isActive }
    }
}

/// An agent of an owner.
public struct Agent: Hashable, Sendable {
    public var id: AgentID
    public var owner: OwnerID
    public var name: String
    public var profile: AgentProfile
    public var status: AgentStatus
    public var registered: Instant
    /// All zero where it has none.
    public var key: PublicKey
}

/// A submitter's chain of batches.
public struct Submitter: Hashable, Sendable {
    public var id: SubmitterID
    public var key: PublicKey
    /// Of the last batch accepted; 0 before the first.
    public var sequence: UInt64
    /// Digest of the last batch accepted; zero before the first.
    public var last: Digest
}

/// What an owner lets a submitter do.
public struct Grant: Hashable, Sendable {
    public var owner: OwnerID
    public var submitter: SubmitterID
    public var rights: SubmitterRights
    /// False once it was withdrawn.
    public var inForce: Bool
}

/// What an agent used since it was registered.
public struct Usage: Hashable, Sendable {
    public var agent: AgentID
    public var records: UInt64 = 0
    public var failures: UInt64 = 0
    public var tokensInput: UInt64 = 0
    public var tokensOutput: UInt64 = 0
    public var tokensCached: UInt64 = 0
    public var tokensReasoning: UInt64 = 0
    public var cost = Amount.zero
    public var gas: UInt64 = 0
    /// Time of the first and the last batch with a record of this agent.
    public var first = Instant(nanoseconds: 0)
    public var last = Instant(nanoseconds: 0)

    public init(agent: AgentID) { self.agent = agent }
}
