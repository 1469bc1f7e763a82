// What is out of the ordinary for an agent, and what follows: safe mode, until people release it.
import Primitives

/// The rule that noticed it (SAF-3, corrected in `docs/spec/ledger.md` §10).
public enum AnomalyRule: UInt8, CaseIterable, Sendable {
    /// More actions in an hour than the ordinary number, and than so many times the agent's own.
    case rate = 1
    /// A value so many times the agent's own average for that kind.
    case value
    /// A kind it never did.
    case kind
}

/// The last anomaly of an agent. That this entry changes is the notice to the guardians.
public struct Anomaly: Hashable, Sendable {
    public var agent: AgentID
    /// 1 for its first, then one more each.
    public var number: UInt64
    public var rule: AnomalyRule
    public var kind: ActionKind
    public var time: Instant
    /// Zero for `kind`: there was no value to go by.
    public var value: Amount
    /// Who released the agent from safe mode; the first of two where the constitution wants two.
    /// Zero before.
    public var releasedBy: OwnerID
}

extension Anomaly: StateEntry {
    var stateKey: StateKey { .law(.anomaly(agent)) }

    func write(to writer: inout ByteWriter) {
        writer.write(agent)
        writer.write(number)
        writer.write(rule.rawValue)
        writer.write(kind.rawValue)
        writer.write(time)
        writer.write(value)
        writer.write(releasedBy)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        agent = try reader.read()
        number = try reader.read()
        let start = reader.offset
        guard let rule = AnomalyRule(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        self.rule = rule
        kind = try reader.readKind()
        time = try reader.readInstant()
        value = try reader.readAmount()
        releasedBy = try reader.read()
    }
}

/// What is unusual about something done.
struct Finding: Hashable {
    var rule: AnomalyRule
    var kind: ActionKind
    var value = Amount.zero
}

extension Conduct {
    /// What is unusual about `deed`, by the first rule that says so.
    ///
    /// - Parameter records: for the records of a batch, their cost, and number and cost of those
    ///   before them.
    func finding(
        in deed: Deed, records: RecordCosts? = nil, by watch: Watch, at time: Instant
    ) -> Finding? {
        let factor = UInt128(watch.factor)
        guard watch.isOn, total >= UInt64(watch.warmUpActions),
            time.nanoseconds(since: since) >= watch.warmUp, let kind = deed.kinds.first
        else { return nil }
        let hour = actions.total(at: time) &+ UInt128(deed.count)
        let hours = UInt128(max(1, time.nanoseconds(since: since) / Nanoseconds.perHour))
        if hour > UInt128(watch.hourly), isMore(hour, hours, than: factor, UInt128(total)) {
            return Finding(rule: .rate, kind: kind)
        }
        let baseline = baseline(kind)
        let costs = records ?? RecordCosts(
            count: 1, cost: deed.value, countBefore: baseline.count, costBefore: baseline.value)
        if costs.countBefore >= UInt64(watch.warmUpActions), costs.isOver(factor) {
            return Finding(rule: .value, kind: kind, value: costs.cost)
        }
        if let kind = deed.kinds.subtracting(seen).first { return Finding(rule: .kind, kind: kind) }
        return nil
    }
}

/// What something costs on average, against what came before.
struct RecordCosts: Hashable {
    var count: UInt64
    var cost: Amount
    var countBefore: UInt64
    var costBefore: Amount

    /// Whether the average is more than `factor` times the one before. An average of zero is none.
    func isOver(_ factor: UInt128) -> Bool {
        let most = UInt128.max / (factor &* UInt128(max(1, count)))
        guard costBefore > .zero, costBefore.nanoCredits <= most else { return false }
        let bound = factor * costBefore.nanoCredits * UInt128(max(1, count))
        return isMore(cost.nanoCredits, UInt128(countBefore), than: bound, 1)
    }
}

/// Whether a·b > c·d, of all numbers of 128 bits.
private func isMore(_ a: UInt128, _ b: UInt128, than c: UInt128, _ d: UInt128) -> Bool {
    let (left, right) = (a.multipliedFullWidth(by: b), c.multipliedFullWidth(by: d))
    return (left.high, left.low) > (right.high, right.low)
}

/// The slice of state this chapter reads and writes.
protocol AnomaliesState {
    func anomaly(_ agent: AgentID) -> Anomaly?
    func conduct(_ agent: AgentID) -> Conduct?
    mutating func set(_ anomaly: Anomaly)
    mutating func set(_ conduct: Conduct)
}

/// Why nobody is released. The checks are made in this order, after those of `GuardFailure`.
public enum AnomalyFailure: Error, Hashable, Sendable {
    case notInSafeMode
    /// With dual control the second must be another one.
    case sameGuardian
}

extension AnomaliesState {
    /// Puts an agent into safe mode; a second anomaly there is noted, and starts the release anew.
    mutating func enterSafeMode(_ conduct: Conduct, for finding: Finding, at time: Instant) {
        var conduct = conduct
        if !conduct.isSafe { conduct.safeSince = time }
        set(conduct)
        let last = anomaly(conduct.agent)?.number ?? 0
        set(
            Anomaly(
                agent: conduct.agent, number: min(last, .max - 1) + 1, rule: finding.rule,
                kind: finding.kind, time: time, value: finding.value, releasedBy: OwnerID()))
    }

    /// Lets an agent out of safe mode, or notes the first of two who must agree. The kind that was
    /// unusual is usual from now on.
    ///
    /// - Returns: whether it is out.
    mutating func release(
        _ agent: AgentID, by person: OwnerID, isDual: Bool
    ) throws(AnomalyFailure) -> Bool {
        guard var conduct = conduct(agent), conduct.isSafe, var anomaly = anomaly(agent) else {
            throw .notInSafeMode
        }
        let isFirst = anomaly.releasedBy.isZero
        guard !isDual || isFirst || anomaly.releasedBy != person else { throw .sameGuardian }
        anomaly.releasedBy = person
        set(anomaly)
        guard !isDual || !isFirst else { return false }
        conduct.safeSince = Instant(nanoseconds: 0)
        conduct.seen.insert(anomaly.kind)
        set(conduct)
        return true
    }
}
