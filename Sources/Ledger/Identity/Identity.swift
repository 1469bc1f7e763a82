// The identity chapter: owners, the keys that speak for them, and the submitters they let in.
import Cryptography
import Primitives

/// The slice of state this chapter reads and writes.
protocol IdentityState {
    var chain: Digest { get }
    func owner(_ id: OwnerID) -> Owner?
    func submitter(_ id: SubmitterID) -> Submitter?
    func grant(_ owner: OwnerID, _ submitter: SubmitterID) -> Grant?
    mutating func set(_ owner: Owner)
    mutating func set(_ submitter: Submitter)
    mutating func set(_ grant: Grant)
}

extension LedgerState: IdentityState {}

/// Why an owner's command is refused. Within one command the checks are made in this order.
public enum IdentityFailure: Error, Hashable, Sendable {
    /// The text is empty or holds a control character.
    case invalidName
    case ownerExists
    case ownerUnknown
    /// The signing key is not in force for this owner.
    case notOwnersKey
    /// The key is or was a key of this owner.
    case keyKnown
    /// The proof is not the new key's signature.
    case invalidProof
    /// More than `Limits.keysPerOwner` keys, revoked ones included.
    case tooManyKeys
    /// The key to revoke is not in force for this owner.
    case keyUnknown
    /// An owner keeps at least one key in force.
    case lastKey
    case submitterUnknown
}

extension IdentityState {
    /// Carries out `command`, signed by `key` in the name of `owner`.
    mutating func apply(
        _ command: OwnerCommand, owner id: OwnerID, key: PublicKey, at time: Instant,
        proofs: ProofState
    ) throws(IdentityFailure) -> Effect {
        if case .register(let name) = command {
            return try register(id, name: name, key: key, at: time)
        }
        guard var owner = owner(id) else { throw .ownerUnknown }
        guard owner.holds(key) else { throw .notOwnersKey }
        switch command {
        case .register: throw .ownerExists
        case .addKey(let new, let proof):
            try add(new, proof: proofs == .judged ? nil : proof, to: &owner, at: time)
        case .rotateKey(let old, let new, let proof):
            try add(new, proof: proofs == .judged ? nil : proof, to: &owner, at: time)
            try revoke(old, of: &owner, at: time)
        case .revokeKey(let old):
            try revoke(old, of: &owner, at: time)
        case .authorize(let submitter, let rights):
            return authorize(submitter, for: id, rights: rights)
        case .withdraw(let submitter):
            return try withdraw(submitter, from: id)
        }
        set(owner)
        return .ownerChanged(id)
    }

    private mutating func register(
        _ id: OwnerID, name: String, key: PublicKey, at time: Instant
    ) throws(IdentityFailure) -> Effect {
        guard isValidName(name) else { throw .invalidName }
        guard owner(id) == nil else { throw .ownerExists }
        guard id == OwnerID(firstKey: key) else { throw .notOwnersKey }
        let first = OwnerKey(key: key, added: time, revoked: Instant(nanoseconds: 0))
        set(Owner(id: id, name: name, registered: time, keys: [first]))
        return .ownerRegistered(id)
    }

    private func add(
        _ key: PublicKey, proof: Signature?, to owner: inout Owner, at time: Instant
    ) throws(IdentityFailure) {
        guard !owner.keys.contains(where: { $0.key == key }) else { throw .keyKnown }
        if let proof {
            let message = KeyProof.message(for: .owner, chain: chain, owner: owner.id)
            guard Ed25519.isValid(proof, of: message, by: key) else { throw .invalidProof }
        }
        guard owner.keys.count < Limits.keysPerOwner else { throw .tooManyKeys }
        owner.keys.append(OwnerKey(key: key, added: time, revoked: Instant(nanoseconds: 0)))
    }

    private func revoke(
        _ key: PublicKey, of owner: inout Owner, at time: Instant
    ) throws(IdentityFailure) {
        guard let index = owner.keys.firstIndex(where: { $0.key == key && $0.isActive }) else {
            throw .keyUnknown
        }
        guard owner.keys.filter(\.isActive).count > 1 else { throw .lastKey }
        owner.keys[index].revoked = time
    }

    private mutating func authorize(
        _ key: PublicKey, for owner: OwnerID, rights: SubmitterRights
    ) -> Effect {
        let id = SubmitterID(key: key)
        if submitter(id) == nil {
            set(Submitter(id: id, key: key, sequence: 0, last: Digest()))
        }
        set(Grant(owner: owner, submitter: id, rights: rights, inForce: true))
        return .submitterAuthorized(id, by: owner)
    }

    private mutating func withdraw(
        _ key: PublicKey, from owner: OwnerID
    ) throws(IdentityFailure) -> Effect {
        let id = SubmitterID(key: key)
        guard var grant = grant(owner, id), grant.inForce else { throw .submitterUnknown }
        grant.inForce = false
        set(grant)
        return .submitterWithdrawn(id, by: owner)
    }
}

/// A name a person can read: 1 to `Limits.nameBytes` bytes, no control characters.
func isValidName(_ name: String) -> Bool {
    (1...Limits.nameBytes).contains(name.utf8.count)
        && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
}
