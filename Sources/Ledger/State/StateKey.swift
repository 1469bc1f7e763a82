// The names of state entries: what is hashed into the place of each, and kept beside it in stores.
import Primitives

/// Where an entry of the state lives.
public enum StateKey: Hashable, Sendable {
    case owner(OwnerID)
    case agent(AgentID)
    case signer(PublicKey)
    case submitter(SubmitterID)
    case grant(OwnerID, SubmitterID)
    case usage(AgentID)
    /// The committee of the epoch; absent while it is the one of the genesis, unchanged.
    case committee
    /// Changes of seats adopted for the next epoch.
    case adopted
    /// What the validator with that key votes for.
    case ballot(PublicKey)
    /// What was proven against the validator with that key.
    case fault(PublicKey)
    /// A value of the replica's own, opaque here.
    case consensus(UInt8)
    /// The unlocking of one place in a chain, opaque here.
    case unlock(Digest)
    /// An entry of the law or the market.
    case law(LawKey)
    /// A program that agents can run.
    case program(Digest)
    /// The accepted state of an agent that runs a program.
    case instance(AgentID)
    /// What an agent, or an owner's agents together, recorded of late.
    case meter(AccountID)

    /// The bytes that name the entry: a number for the kind, then identifiers.
    public var encoded: [UInt8] {
        switch self {
        case .owner(let id): [1] + id.bytes
        case .agent(let id): [2] + id.bytes
        case .signer(let key): [3] + key.bytes
        case .submitter(let id): [4] + id.bytes
        case .grant(let owner, let submitter): [5] + owner.bytes + submitter.bytes
        case .usage(let id): [6] + id.bytes
        case .committee: [7]
        case .adopted: [8]
        case .ballot(let key): [9] + key.bytes
        case .fault(let key): [10] + key.bytes
        case .consensus(let slot): [11, slot]
        case .unlock(let place): [12] + place.bytes
        case .law(let key): key.encoded
        case .program(let identity): [13] + identity.bytes
        case .instance(let id): [14] + id.bytes
        case .meter(let id): [15] + id.bytes
        }
    }

    /// Nil where the bytes name no entry.
    public init?(decoding bytes: [UInt8]) {
        guard let kind = bytes.first else { return nil }
        let rest = bytes.dropFirst()
        switch kind {
        case 1: if let id = OwnerID(rest) { self = .owner(id); return }
        case 2: if let id = AgentID(rest) { self = .agent(id); return }
        case 3: if let key = PublicKey(rest) { self = .signer(key); return }
        case 4: if let id = SubmitterID(rest) { self = .submitter(id); return }
        case 5:
            if let owner = OwnerID(rest.prefix(32)),
                let submitter = SubmitterID(rest.dropFirst(32))
            {
                self = .grant(owner, submitter)
                return
            }
        case 6: if let id = AgentID(rest) { self = .usage(id); return }
        case 7: if rest.isEmpty { self = .committee; return }
        case 8: if rest.isEmpty { self = .adopted; return }
        case 9: if let key = PublicKey(rest) { self = .ballot(key); return }
        case 10: if let key = PublicKey(rest) { self = .fault(key); return }
        case 11:
            if let slot = rest.first, rest.count == 1 { self = .consensus(slot); return }
        case 12: if let place = Digest(rest) { self = .unlock(place); return }
        case 13: if let identity = Digest(rest) { self = .program(identity); return }
        case 14: if let id = AgentID(rest) { self = .instance(id); return }
        case 15: if let id = AccountID(rest) { self = .meter(id); return }
        default: if let key = LawKey(decoding: bytes) { self = .law(key); return }
        }
        return nil
    }

    /// The place in the state tree.
    public var place: Digest { LedgerDomains.stateKey.hash(encoded) }

    /// The change of the state tree when the entry gets the encoding `value`: an empty one means
    /// that the entry is removed.
    public func change(to value: [UInt8]) -> (key: Digest, value: Digest?) {
        (place, value.isEmpty ? nil : LedgerDomains.stateValue.hash(value))
    }
}
