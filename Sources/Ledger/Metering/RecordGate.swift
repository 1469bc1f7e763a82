// Which records may be taken in: judged one by one while a batch is filled, so that those over a
// limit are left out and the others are not (docs/spec/ledger.md §17).
import Primitives
import Records

/// Why one record is refused while others are taken.
public enum RecordRefusal: Error, Hashable, Sendable {
    case quota(QuotaReached)
    /// Over the limits of the agent's constitution.
    case limits(LimitFailure)
    /// Somebody stopped the agent, or denied it this kind of record.
    case forbidden(ForbiddenFailure)
}

/// What is held against limits of one record.
public struct MeteredRecord: Hashable, Sendable {
    public var kind: ActionKind
    public var quantities: Quantities

    public init(kind: RecordKind, tokens: TokenCounts, cost: Amount, gas: UInt64) {
        self.kind = ActionKind(kind)
        let (sum, overflow) = tokens.input.addingReportingOverflow(tokens.output)
        quantities = Quantities(
            records: 1, tokens: overflow ? .max : sum,
            cost: UInt64(clamping: cost.nanoCredits), gas: gas)
    }

    init(row: Int, of columns: RecordColumns) {
        // Columns hold numbers of kinds only.
        let number = UInt8(truncatingIfNeeded: columns.value(.kind, row))
        let tokens = TokenCounts(
            input: columns.value(.tokensInput, row), output: columns.value(.tokensOutput, row))
        self.init(
            kind: RecordKind(rawValue: number) ?? .other, tokens: tokens,
            cost: columns.cost(at: row), gas: columns.value(.gas, row))
    }
}

/// The limits as they are left after the records that were taken in and are not carried out yet.
///
/// A batch of the records that one gate let in passes the ledger's check at the same state and
/// time. What the state says is looked up once for each account, until `renew`.
public struct RecordGate: Sendable {
    /// What the state says of an agent.
    private struct Rules {
        var owner: AccountID
        var law: Constitution?
        var conduct: Conduct
        var forbidden: ForbiddenFailure?
        var denied: KindSet
    }

    private var rules: [AgentID: Rules] = [:]
    /// Empty for an account without quota.
    private var gauges: [AccountID: [Gauge]] = [:]
    /// Of the batch that is being filled.
    private var open = Tally()
    /// Of batches that are closed and not carried out yet.
    private var closed = Tally()
    /// Of batches of other gateways that are not carried out yet.
    private var others: [BatchTotals] = []

    public init() {}

    /// Takes a record in.
    ///
    /// - Throws: the first of its agent's constitution, stops and rulings, the agent's quota, its
    ///   owner's quota, that does not allow it; nothing is taken then.
    public mutating func take(
        _ record: MeteredRecord, of agent: Agent, in state: LedgerState, at time: Instant
    ) throws(RecordRefusal) {
        let id = AccountID(agent.id)
        let rules = known(agent, in: state, at: time)
        try check(record, rules, taken(id), at: time)
        for account in [id, rules.owner] {
            guard let gauges = gauges[account], !gauges.isEmpty else { continue }
            let before = taken(account)
            for gauge in gauges {
                if let reached = gauge.refusal(of: record.quantities, after: before, at: time) {
                    throw .quota(reached)
                }
            }
        }
        for account in [id, rules.owner] { open.add(record.quantities, to: account) }
    }

    private func taken(_ account: AccountID) -> Quantities {
        open[account].adding(closed[account])
    }

    /// The batch is closed; it still counts.
    ///
    /// - Returns: what is in it.
    public mutating func close() -> Tally {
        defer { open = Tally() }
        closed.add(open)
        return open
    }

    /// What was taken since the last batch was closed is given up.
    public mutating func drop() { open = Tally() }

    /// The state has changed, and is looked up again.
    ///
    /// - Parameters:
    ///   - inFlight: of the batches that it does not hold yet.
    ///   - others: of those of other gateways; their records count against quotas.
    public mutating func renew(inFlight: [Tally], others: [BatchTotals] = []) {
        self.others = others
        rules.removeAll(keepingCapacity: true)
        gauges.removeAll(keepingCapacity: true)
        closed = Tally()
        for tally in inFlight { closed.add(tally) }
    }

    private mutating func known(
        _ agent: Agent, in state: LedgerState, at time: Instant
    ) -> Rules {
        if let rules = rules[agent.id] { return rules }
        let owner = AccountID(agent.owner)
        var found = Rules(
            owner: owner, law: state.constitution(agent.id),
            conduct: state.conduct(agent.id) ?? Conduct(agent: agent.id, since: time),
            denied: KindSet())
        do throws(ForbiddenFailure) {
            try state.checkChain()
            if let rulings = try state.checkStops(of: agent.id, owner: agent.owner) {
                for override in rulings.overrides
                where rulings.ruling(override.kind, at: time) == .deny {
                    found.denied.insert(override.kind)
                }
            }
        } catch { found.forbidden = error }
        for account in [AccountID(agent.id), owner] where gauges[account] == nil {
            let found = state.gauges(of: account)
            guard !found.isEmpty, !others.isEmpty else {
                gauges[account] = found
                continue
            }
            let more = taken(byOthersOf: account, in: state)
            gauges[account] = found.map { $0.counting(more, at: time) }
        }
        rules[agent.id] = found
        return found
    }

    /// What other gateways have in flight of an agent, or of all agents of an owner.
    private func taken(byOthersOf account: AccountID, in state: LedgerState) -> Quantities {
        var taken = Quantities()
        for sum in others.lazy.flatMap(\.sums) {
            guard AccountID(sum.agent) == account
                || state.agent(sum.agent).map({ AccountID($0.owner) == account }) ?? false
            else { continue }
            taken.add(Quantities(sum))
        }
        return taken
    }

    private func check(
        _ record: MeteredRecord, _ rules: Rules, _ taken: Quantities, at time: Instant
    ) throws(RecordRefusal) {
        if let law = rules.law {
            let all = taken.adding(record.quantities)
            let deed = Deed(kinds: KindSet(record.kind), count: all.records, gas: all.gas)
            do {
                try law.check(deed, after: rules.conduct, at: time)
            } catch { throw .limits(error) }
        }
        if let forbidden = rules.forbidden { throw .forbidden(forbidden) }
        if rules.denied.contains(record.kind) { throw .forbidden(.denied(record.kind)) }
    }
}

/// What the records of a batch come to, for each agent and owner.
public struct Tally: Sendable {
    private var sums: [AccountID: Quantities] = [:]

    public init() {}

    /// Of a batch that was closed before; agents that nobody knows are passed over.
    public init(of batch: CheckedBatch, in state: LedgerState) {
        for sum in BatchTotals(of: batch).sums {
            guard let owner = state.agent(sum.agent)?.owner else { continue }
            add(Quantities(sum), to: AccountID(sum.agent))
            add(Quantities(sum), to: AccountID(owner))
        }
    }

    subscript(_ account: AccountID) -> Quantities { sums[account] ?? Quantities() }

    mutating func add(_ more: Quantities, to account: AccountID) {
        sums[account, default: Quantities()].add(more)
    }

    /// Sums do not depend on the order in which the accounts come up.
    mutating func add(_ other: Tally) {
        for (account, more) in other.sums { add(more, to: account) }
    }
}

/// One span of a quota with what its account recorded.
struct Gauge {
    let account: AccountID
    var window: UsageWindow
    let limits: Quantities

    /// The same with what will be carried out soon.
    func counting(_ more: Quantities, at time: Instant) -> Gauge {
        var gauge = self
        gauge.window.add(more, at: time)
        return gauge
    }

    /// The first quantity that would pass its limit.
    func refusal(
        of more: Quantities, after taken: Quantities, at time: Instant
    ) -> QuotaReached? {
        let sum = window.total(at: time).adding(taken).adding(more)
        // A sum that stays at the end of its range is above every limit but that which is none.
        guard let quantity = MeteredQuantity.allCases.first(where: { sum[$0] > limits[$0] }) else {
            return nil
        }
        var window = window
        window.add(taken, at: time)
        return QuotaReached(
            account: account, span: window.span, quantity: quantity, limit: limits[quantity],
            opens: window.opens(
                for: more[quantity], of: quantity, within: limits[quantity], at: time))
    }
}

/// The slice of state that quotas are held against.
protocol GaugesState {
    func quota(_ account: AccountID) -> Quota?
    func meter(_ account: AccountID) -> Meter?
}

extension GaugesState {
    /// The spans that are limited; none where the account has no quota.
    func gauges(of account: AccountID) -> [Gauge] {
        guard let quota = quota(account) else { return [] }
        let meter = meter(account) ?? Meter(account: account)
        return UsageSpan.allCases.filter { quota[$0] != .unlimited }.map {
            Gauge(account: account, window: meter.window($0), limits: quota[$0])
        }
    }
}

/// One record of a batch that is refused.
public struct RefusedRow: Hashable, Sendable {
    public var row: Int
    public var reason: RecordRefusal
}

extension Ledger {
    /// The rows of a batch that are over a limit: without them, and as far as limits go, it passes
    /// at the same state and time. Agents that nobody knows are passed over. O(rows).
    public static func refusedRows(
        of columns: RecordColumns, at time: Instant, in state: LedgerState
    ) -> [RefusedRow] {
        var gate = RecordGate()
        var refused: [RefusedRow] = []
        let agents = columns.agents.entries.map { state.agent($0) }
        for row in 0..<columns.count {
            guard let agent = agents[Int(columns.value(.agent, row))] else { continue }
            do {
                try gate.take(
                    MeteredRecord(row: row, of: columns), of: agent, in: state, at: time)
            } catch { refused.append(RefusedRow(row: row, reason: error)) }
        }
        return refused
    }
}
