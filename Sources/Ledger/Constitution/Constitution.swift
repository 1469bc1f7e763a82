// A constitution: the limits that an owner sets its agent, and who must be asked (SAF-1).
import Primitives

/// How much an agent may do.
public struct ActionLimits: Hashable, Sendable {
    /// At stake at one time.
    public var stake = Amount.zero
    /// Moved in any 24 hours.
    public var dailyVolume = Amount.zero
    /// Moved by one action.
    public var valuePerAction = Amount.zero
    /// Micro-credits in any 24 hours, of records and actions.
    public var gasPerDay: UInt64 = 0
    /// Actions and records in any hour.
    public var actionsPerHour: UInt64 = 0

    /// Nothing is allowed.
    public init() {}

    /// Everything is allowed.
    public static let none: ActionLimits = {
        var limits = ActionLimits()
        limits.stake = Amount(nanoCredits: .max)
        limits.dailyVolume = limits.stake
        limits.valuePerAction = limits.stake
        limits.gasPerDay = .max
        limits.actionsPerHour = .max
        return limits
    }()
}

/// Which actions wait for people, and for how long.
public struct ApprovalTerms: Hashable, Sendable {
    /// These always wait.
    public var kinds = KindSet()
    /// So does every action of a greater value.
    public var above = Amount(nanoCredits: .max)
    /// Guardians who must agree: 1 up to as many as there are; 0 where there are none.
    public var threshold: UInt8 = 0
    /// Nanoseconds until a request expires, at most `longest`.
    public var lifetime = Nanoseconds.perDay

    public static let longest = 30 * Nanoseconds.perDay

    public init() {}
}

/// What counts as out of the ordinary (SAF-3, corrected: a warm-up, and the agent's own measure).
public struct Watch: Hashable, Sendable {
    /// Nothing is watched while it is false.
    public var isOn = false
    /// So many actions in an hour are ordinary for any agent.
    public var hourly: UInt32 = 100
    /// So many times its own average is ordinary for this one; at least 1.
    public var factor: UInt16 = 10
    /// Before so many actions, in all or of a kind, there is no average.
    public var warmUpActions: UInt32 = 20
    /// Nanoseconds from the first action during which nothing is out of the ordinary.
    public var warmUp = Nanoseconds.perHour

    public init() {}
}

/// The law of one agent.
public struct Constitution: Hashable, Sendable {
    public var agent: AgentID
    /// 1 for the first, then one more each.
    public var version: UInt64
    public var limits = ActionLimits()
    /// The kinds it may do.
    public var allowed = KindSet()
    /// To whom it may move money, ascending; empty for anybody.
    public var counterparties: [AccountID] = []
    /// Owners that approve, override and stop, ascending.
    public var guardians: [OwnerID] = []
    public var approvals = ApprovalTerms()
    /// What relaxes needs two of the owner and the guardians.
    public var dualControl = false
    /// Whether value moves under a mandate only.
    public var requiresMandate = false
    public var watch = Watch()

    public static let mostCounterparties = 64
    public static let mostGuardians = 16

    public init(agent: AgentID, version: UInt64) {
        self.agent = agent
        self.version = version
    }

    /// Whether lists are in order and numbers in their ranges.
    var isValid: Bool {
        let most = guardians.count
        return counterparties.isStrictlyAscending && guardians.isStrictlyAscending
            && counterparties.count <= Self.mostCounterparties && most <= Self.mostGuardians
            && (most == 0 ? approvals.threshold == 0 : (1...most).contains(
                Int(approvals.threshold)))
            && (1...ApprovalTerms.longest).contains(approvals.lifetime) && watch.factor >= 1
    }
}

extension Constitution: StateEntry {
    var stateKey: StateKey { .law(.constitution(agent)) }

    func write(to writer: inout ByteWriter) {
        writer.write(agent)
        writer.write(version)
        limits.write(to: &writer)
        writer.write(allowed.bits)
        writer.write(identifiers: counterparties)
        writer.write(identifiers: guardians)
        approvals.write(to: &writer)
        writer.write(UInt8(dualControl ? 1 : 0))
        writer.write(UInt8(requiresMandate ? 1 : 0))
        watch.write(to: &writer)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        agent = try reader.read()
        version = try reader.read()
        limits = try ActionLimits(from: &reader)
        allowed = try reader.readKinds()
        counterparties = try reader.readIdentifiers(limit: Self.mostCounterparties)
        guardians = try reader.readIdentifiers(limit: Self.mostGuardians)
        approvals = try ApprovalTerms(from: &reader)
        dualControl = try reader.readFlag()
        requiresMandate = try reader.readFlag()
        watch = try Watch(from: &reader)
    }
}

extension ActionLimits {
    func write(to writer: inout ByteWriter) {
        writer.write(stake)
        writer.write(dailyVolume)
        writer.write(valuePerAction)
        writer.write(gasPerDay)
        writer.write(actionsPerHour)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        stake = try reader.readAmount()
        dailyVolume = try reader.readAmount()
        valuePerAction = try reader.readAmount()
        gasPerDay = try reader.read()
        actionsPerHour = try reader.read()
    }
}

extension ApprovalTerms {
    func write(to writer: inout ByteWriter) {
        writer.write(kinds.bits)
        writer.write(above)
        writer.write(threshold)
        writer.write(lifetime)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        kinds = try reader.readKinds()
        above = try reader.readAmount()
        threshold = try reader.read()
        lifetime = try reader.read()
    }
}

extension Watch {
    func write(to writer: inout ByteWriter) {
        writer.write(UInt8(isOn ? 1 : 0))
        writer.write(hourly)
        writer.write(factor)
        writer.write(warmUpActions)
        writer.write(warmUp)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        isOn = try reader.readFlag()
        hourly = try reader.read()
        factor = try reader.read()
        warmUpActions = try reader.read()
        warmUp = try reader.read()
    }
}
