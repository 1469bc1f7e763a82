// Roles: keys that act in an owner's name within what the role may do, and no further
// (docs/spec/ledger.md §18).
import Primitives

/// What a key is for; the numbers are those of the encoding.
public enum Role: UInt8, CaseIterable, Sendable {
    /// Votes for seats, fees and the chain's stop; the seat itself is the validators' to give.
    case validator = 1
    /// Looks after agents and their programs, gives work out, and answers for how it goes.
    case orchestrator
    /// Acts for one agent.
    case agent
    /// Has work done: pays, posts, judges, and passes mandates to agents.
    case client
    /// Decides over agents: approves, overrules, stops.
    case guardian
    /// Reads, and changes nothing.
    case auditor

    /// The kinds of action that it may be granted.
    public var kinds: KindSet {
        switch self {
        case .validator, .guardian, .auditor: KindSet()
        case .orchestrator:
            KindSet([
                .delegate, .postTask, .takeTask, .work, .judgeTask, .verifyTask, .offer, .bid,
            ])
        case .agent: .all
        case .client: KindSet([.transfer, .delegate, .postTask, .judgeTask, .accuse])
        }
    }

    /// Whether commands of this sort are its business; of actions, whether the kind is.
    func holds(_ power: Power) -> Bool {
        switch power {
        case .owning: false
        case .seating: self == .validator
        case .guarding: self == .guardian
        case .enrolling, .deploying: self == .orchestrator
        case .acting(let kind): kinds.contains(kind)
        }
    }
}

/// A key with its role.
public struct RoleGrant: Hashable, Sendable {
    public var key: PublicKey
    public var role: Role
    /// For whom it acts: the owner or an agent of it; zero for all of them.
    public var account: AccountID
    /// The kinds of action that it may do, of those of its role.
    public var workloads: KindSet

    public init(
        key: PublicKey, role: Role, account: AccountID = AccountID(), workloads: KindSet? = nil
    ) {
        (self.key, self.role, self.account) = (key, role, account)
        self.workloads = workloads ?? role.kinds
    }

    func write(to writer: inout ByteWriter) {
        writer.write(key)
        writer.write(role.rawValue)
        writer.write(account)
        writer.write(workloads.bits)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        key = try reader.read()
        let start = reader.offset
        guard let role = Role(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        self.role = role
        account = try reader.read()
        workloads = try reader.readKinds()
    }
}

/// The keys that have a role under an owner.
public struct OwnerRoles: Hashable, Sendable {
    public var owner: OwnerID
    /// By key, ascending; 1...`most`.
    public var grants: [RoleGrant] = []

    public static let most = 240

    public init(owner: OwnerID) { self.owner = owner }

    public subscript(_ key: PublicKey) -> RoleGrant? { grants.first { $0.key == key } }

    /// Puts a grant in the place of the one that its key has.
    mutating func put(_ grant: RoleGrant) {
        remove(grant.key)
        grants.insert(grant, at: grants.firstIndex { $0.key > grant.key } ?? grants.count)
    }

    mutating func remove(_ key: PublicKey) { grants.removeAll { $0.key == key } }
}

extension OwnerRoles: StateEntry {
    var stateKey: StateKey { .law(.roles(owner)) }

    func write(to writer: inout ByteWriter) {
        writer.write(owner)
        writer.write(UInt8(clamping: grants.count))
        for grant in grants { grant.write(to: &writer) }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        owner = try reader.read()
        let start = reader.offset
        let count = try reader.read(UInt8.self)
        guard (1...Self.most).contains(Int(count)) else {
            throw DecodingFailure(.overLimit, at: start)
        }
        for _ in 0..<count { grants.append(try RoleGrant(from: &reader)) }
        guard grants.map(\.key).isStrictlyAscending else {
            throw DecodingFailure(.notCanonical, at: start)
        }
    }
}
