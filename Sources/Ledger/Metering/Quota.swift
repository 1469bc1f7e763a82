// Quotas: how much an agent, or all agents of an owner, may record in an hour and in a day.
import Primitives

/// Limits by the hour and by the day; 2^64 − 1 is none.
public struct Quota: Hashable, Sendable {
    public var hour = Quantities.unlimited
    public var day = Quantities.unlimited

    /// Nothing is limited.
    public init() {}

    public subscript(_ span: UsageSpan) -> Quantities {
        get {
            switch span {
            case .hour: hour
            case .day: day
            }
        }
        set {
            switch span {
            case .hour: hour = newValue
            case .day: day = newValue
            }
        }
    }

    /// Whether it limits nothing.
    public var isUnlimited: Bool { self == Quota() }

    func write(to writer: inout ByteWriter) {
        hour.write(to: &writer)
        day.write(to: &writer)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        hour = try Quantities(from: &reader)
        day = try Quantities(from: &reader)
    }
}

/// The quota that an owner set for one of its agents, or for all of them together.
public struct AccountQuota: Hashable, Sendable {
    /// The agent's or the owner's.
    public var account: AccountID
    public var quota: Quota

    public init(account: AccountID, quota: Quota) {
        self.account = account
        self.quota = quota
    }
}

extension AccountQuota: StateEntry {
    var stateKey: StateKey { .law(.quota(account)) }

    func write(to writer: inout ByteWriter) {
        writer.write(account)
        quota.write(to: &writer)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        account = try reader.read()
        quota = try Quota(from: &reader)
    }
}

/// The slice of state this chapter reads and writes.
protocol QuotasState {
    func owner(_ id: OwnerID) -> Owner?
    func agent(_ id: AgentID) -> Agent?
    func quota(_ account: AccountID) -> Quota?
    mutating func set(_ quota: AccountQuota)
    mutating func removeQuota(_ account: AccountID)
}

/// Why a quota is not set. The checks are made in this order.
public enum QuotaFailure: Error, Hashable, Sendable {
    case ownerUnknown
    /// The signing key is not in force for the owner: no agent changes its own quota.
    case notOwnersKey
    /// The account is neither the owner's nor that of an agent of it.
    case accountUnknown
}

extension QuotasState {
    /// Sets a quota in place of the one before; one that limits nothing takes it away.
    mutating func limit(
        _ account: AccountID, to quota: Quota, owner id: OwnerID, key: PublicKey
    ) throws(QuotaFailure) {
        guard let owner = owner(id) else { throw .ownerUnknown }
        guard owner.holds(key) else { throw .notOwnersKey }
        guard account == AccountID(id) || agent(AgentID(account))?.owner == id else {
            throw .accountUnknown
        }
        if quota.isUnlimited {
            removeQuota(account)
        } else {
            set(AccountQuota(account: account, quota: quota))
        }
    }
}

/// Whose limit was reached, which one, and when there is room again.
public struct QuotaReached: Error, Hashable, Sendable {
    /// The agent's or its owner's.
    public var account: AccountID
    public var span: UsageSpan
    public var quantity: MeteredQuantity
    public var limit: UInt64
    /// When what was refused fits, if nothing else is recorded; nil where it is above the limit by
    /// itself.
    public var opens: Instant?
}

extension LedgerState {
    /// The quota that an owner set for an account of its; nil for none.
    public func quota(of account: AccountID) -> Quota? { quota(account) }
}

extension LedgerFailure {
    /// Whether records of a batch are over a limit, or forbidden: without them it would pass.
    public var isOfSingleRecords: Bool {
        switch self {
        case .recording(.overQuota), .law(.recordLimits), .law(.recordForbidden): true
        default: false
        }
    }
}
