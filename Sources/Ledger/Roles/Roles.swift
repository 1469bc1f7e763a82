// The roles chapter: an owner gives keys roles, and every command is held against the role of the
// key that signs it, before anything else.
import Primitives

/// The slice of state this chapter reads and writes.
protocol RolesState {
    func owner(_ id: OwnerID) -> Owner?
    func agent(_ id: AgentID) -> Agent?
    func grant(_ owner: OwnerID, _ submitter: SubmitterID) -> Grant?
    func roles(_ owner: OwnerID) -> OwnerRoles?
    mutating func set(_ roles: OwnerRoles)
    mutating func removeRoles(_ owner: OwnerID)
}

/// Why a key may not give a command, or why a role is not given or taken back. The checks are made
/// in this order.
public enum RoleFailure: Error, Hashable, Sendable {
    /// The role of the key that signs has no such commands.
    case notPermitted(Role)
    /// The kind is none of those that the key was granted.
    case notInWorkloads(ActionKind)
    /// The key acts for another account.
    case otherAccount
    case ownerUnknown
    /// The signing key is not in force for the owner, or has a role itself.
    case notOwnersKey
    /// Kinds that the role does not have, or an agent's role for no agent.
    case invalidTerms
    /// The account is neither the owner's nor that of an agent of it.
    case accountUnknown
    /// The key may record for the owner, and the role may not.
    case submits
    case tooManyRoles
    /// No key of the owner would be in force without a role.
    case lastKey
    /// The key has no role under this owner.
    case roleUnknown
}

extension RolesState {
    /// Throws where the role of the signing key does not allow `command`.
    ///
    /// - Returns: the signer as the chapters see it: a key with a role stands for the owner, whose
    ///   oldest key in force without a role takes its place. Validators vote with their own.
    ///
    /// - Parameter roles: the owner's.
    func admit(
        _ command: Command, by signer: Signer, _ roles: OwnerRoles
    ) throws(RoleFailure) -> Signer {
        if let grant = roles[signer.key] {
            for duty in command.duties { try grant.check(duty, of: signer.owner) }
            guard grant.role != .validator else { return signer }
            let key = owner(signer.owner)?.freeKey(beside: roles)
            var admitted = signer
            (admitted.key, admitted.role) = (key ?? signer.key, grant.role)
            return admitted
        }
        if case .owner(let command) = command { try checkKeys(command, signer, roles) }
        return signer
    }

    /// Throws where a change of keys or submitters would undo what the roles say.
    private func checkKeys(
        _ command: OwnerCommand, _ signer: Signer, _ roles: OwnerRoles
    ) throws(RoleFailure) {
        guard let owner = owner(signer.owner), owner.holds(signer.key) else { return }
        switch command {
        case .authorize(let key, _):
            if let grant = roles[key], !grant.role.records { throw .submits }
        case .revokeKey(let key):
            guard owner.freeKey(beside: roles, without: key) != nil else { throw .lastKey }
        case .rotateKey(let old, let new, _):
            let stays = owner.freeKey(beside: roles, without: old) != nil
            guard stays || roles[new] == nil else { throw .lastKey }
        case .register, .addKey, .withdraw: return
        }
    }

    /// Gives a key a role in place of the one it had.
    mutating func grantRole(_ grant: RoleGrant, by signer: Signer) throws(RoleFailure) {
        guard let owner = owner(signer.owner) else { throw .ownerUnknown }
        guard owner.holds(signer.key) else { throw .notOwnersKey }
        guard grant.isValid else { throw .invalidTerms }
        let agent = agent(AgentID(grant.account)).flatMap { $0.owner == owner.id ? $0 : nil }
        if grant.role == .agent {
            guard agent != nil else { throw .accountUnknown }
        }
        guard grant.account.isZero || grant.account == AccountID(owner.id) || agent != nil else {
            throw .accountUnknown
        }
        let submits = self.grant(owner.id, SubmitterID(key: grant.key))?.inForce ?? false
        guard !submits || grant.role.records else { throw .submits }
        var roles = roles(owner.id) ?? OwnerRoles(owner: owner.id)
        roles.put(grant)
        guard roles.grants.count <= OwnerRoles.most else { throw .tooManyRoles }
        guard owner.freeKey(beside: roles) != nil else { throw .lastKey }
        set(roles)
    }

    /// Takes a key's role back. A key that is also in force for the owner is an owner's key again.
    mutating func revokeRole(of key: PublicKey, by signer: Signer) throws(RoleFailure) {
        guard let owner = owner(signer.owner) else { throw .ownerUnknown }
        guard owner.holds(signer.key) else { throw .notOwnersKey }
        guard var roles = roles(owner.id), roles[key] != nil else { throw .roleUnknown }
        roles.remove(key)
        if roles.grants.isEmpty {
            removeRoles(owner.id)
        } else {
            set(roles)
        }
    }
}

extension RoleGrant {
    /// Whether the kinds are the role's, and an agent's role names an account.
    fileprivate var isValid: Bool {
        workloads.isSubset(of: role.kinds) && (role != .agent || !account.isZero)
    }

    fileprivate func check(_ duty: Duty, of owner: OwnerID) throws(RoleFailure) {
        guard role.holds(duty.power) else { throw .notPermitted(role) }
        if case .acting(let kind) = duty.power, !workloads.contains(kind) {
            throw .notInWorkloads(kind)
        }
        guard account.isZero || account == duty.account ?? AccountID(owner) else {
            throw .otherAccount
        }
    }
}

extension Role {
    /// Whether a submitter's key may have it.
    fileprivate var records: Bool { self == .agent }
}

extension Owner {
    /// The oldest key in force that has no role.
    fileprivate func freeKey(
        beside roles: OwnerRoles, without gone: PublicKey? = nil
    ) -> PublicKey? {
        keys.first { $0.isActive && $0.key != gone && roles[$0.key] == nil }?.key
    }
}
