// The constitution chapter: an owner sets the law of its agent, and an action is held against it.
import Primitives

/// The slice of state this chapter reads and writes.
protocol ConstitutionsState {
    func owner(_ id: OwnerID) -> Owner?
    func agent(_ id: AgentID) -> Agent?
    func constitution(_ agent: AgentID) -> Constitution?
    mutating func set(_ constitution: Constitution)
}

/// Why a constitution is not set. The checks are made in this order.
public enum ConstitutionFailure: Error, Hashable, Sendable {
    case ownerUnknown
    /// The signing key is not in force for the owner: no agent changes its own law.
    case notOwnersKey
    /// There is no such agent, or another owner has it.
    case agentUnknown
    case agentRetired
    /// Versions come one after the other, so that no old one returns.
    case wrongVersion(expected: UInt64)
    /// A list is out of order, a number out of its range, or nobody could be the second of two.
    case invalidTerms
    case guardianUnknown(OwnerID)
}

/// Why an action is over the limits. The checks are made in this order.
public enum LimitFailure: Error, Hashable, Sendable {
    /// Without a constitution an agent may record and do nothing else.
    case noConstitution
    case kindNotAllowed(ActionKind)
    case counterpartyNotAllowed
    case valueTooLarge(most: Amount)
    case stakeTooLarge(most: Amount)
    case tooManyActions(most: UInt64)
    case volumeTooLarge(most: Amount)
    case tooMuchGas(most: UInt64)
}

extension ConstitutionsState {
    /// Sets a constitution in place of the one before.
    mutating func enact(
        _ law: Constitution, owner id: OwnerID, key: PublicKey
    ) throws(ConstitutionFailure) {
        guard let owner = owner(id) else { throw .ownerUnknown }
        guard owner.holds(key) else { throw .notOwnersKey }
        guard let agent = agent(law.agent), agent.owner == id else { throw .agentUnknown }
        guard agent.status != .retired else { throw .agentRetired }
        let expected = (constitution(law.agent)?.version ?? 0).addingReportingOverflow(1)
        guard !expected.overflow, law.version == expected.partialValue else {
            throw .wrongVersion(expected: expected.partialValue)
        }
        guard law.isValid, !law.dualControl || law.guardians.contains(where: { $0 != id }) else {
            throw .invalidTerms
        }
        for guardian in law.guardians where self.owner(guardian) == nil {
            throw .guardianUnknown(guardian)
        }
        set(law)
    }
}

/// What an action or the records of a batch add to an agent's conduct.
struct Deed: Hashable {
    /// The kinds among it: one for an action.
    var kinds: KindSet
    /// Actions or records.
    var count: UInt64 = 1
    /// Micro-credits.
    var gas: UInt64 = Gas.perRecord
    /// Moved by the one action; records move nothing.
    var value = Amount.zero
}

extension Constitution {
    /// Throws the first limit that `deed`, which is `action` or records, would pass after what the
    /// agent did already and has at stake.
    func check(
        _ deed: Deed, _ action: Action? = nil, staked: Amount = .zero,
        after conduct: Conduct, at time: Instant
    ) throws(LimitFailure) {
        if let kind = deed.kinds.subtracting(allowed).first { throw .kindNotAllowed(kind) }
        if let action, !action.isWithin(counterparties) { throw .counterpartyNotAllowed }
        guard deed.value <= limits.valuePerAction else {
            throw .valueTooLarge(most: limits.valuePerAction)
        }
        if let action, action.stake > .zero {
            let sum = staked.adding(action.stake) ?? Amount(nanoCredits: .max)
            guard sum <= limits.stake else { throw .stakeTooLarge(most: limits.stake) }
        }
        func fits(_ window: Window, _ more: UInt128, _ most: UInt128) -> Bool {
            let (sum, overflow) = window.total(at: time).addingReportingOverflow(more)
            return !overflow && sum <= most
        }
        guard fits(conduct.actions, UInt128(deed.count), UInt128(limits.actionsPerHour)) else {
            throw .tooManyActions(most: limits.actionsPerHour)
        }
        guard fits(conduct.volume, deed.value.nanoCredits, limits.dailyVolume.nanoCredits)
        else { throw .volumeTooLarge(most: limits.dailyVolume) }
        guard fits(conduct.gas, UInt128(deed.gas), UInt128(limits.gasPerDay)) else {
            throw .tooMuchGas(most: limits.gasPerDay)
        }
    }

    /// Whether people must agree to it.
    func needsApproval(_ kind: ActionKind, value: Amount) -> Bool {
        approvals.kinds.contains(kind) || value > approvals.above
    }
}
