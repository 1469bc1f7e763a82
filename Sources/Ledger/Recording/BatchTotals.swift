// What the rows of a batch come to, agent by agent: a function of the batch alone.
import Primitives
import Records

/// The usage that one batch adds. It needs no state, so that it can be computed anywhere and kept.
public struct BatchTotals: Hashable, Sendable {
    /// The batch it was computed from.
    public let batch: Digest
    /// One for each agent of the batch's table, in that order; `first` and `last` are zero.
    let sums: [Usage]
    /// The kinds of records of each.
    let kinds: [KindSet]

    init(batch: Digest, sums: [Usage], kinds: [KindSet]) {
        self.batch = batch
        self.sums = sums
        self.kinds = kinds
    }

    /// O(agents): the rows were summed when the batch was checked in itself. A sum that would pass
    /// its range stays at the end of it.
    public init(of batch: CheckedBatch) {
        let agents = batch.columns.agents.entries
        self.init(
            batch: batch.digest, sums: zip(agents, batch.sums).map { Usage(agent: $0, sum: $1) },
            kinds: batch.sums.map { KindSet(records: $0.kinds) })
    }
}

extension KindSet {
    /// The kinds of records whose numbers are the bits of `numbers`.
    fileprivate init(records numbers: UInt8) {
        // Kinds of records have the same numbers as kinds of actions.
        self.init(bits: UInt64(numbers) & Self.ofRecords.bits)
    }

    private static let ofRecords = KindSet(RecordKind.allCases.map { ActionKind($0) })
}

/// The sum, or the largest number where it would pass that. Such sums are the same in any grouping.
private func saturating(_ total: UInt64, _ more: UInt64) -> UInt64 {
    let (sum, overflow) = total.addingReportingOverflow(more)
    return overflow ? .max : sum
}

extension Usage {
    /// What the records of one batch come to; without times.
    fileprivate init(agent: AgentID, sum: AgentSum) {
        self.init(agent: agent)
        records = sum.records
        failures = sum.failures
        tokensInput = sum.tokens.input
        tokensOutput = sum.tokens.output
        tokensCached = sum.tokens.cached
        tokensReasoning = sum.tokens.reasoning
        gas = sum.gas
        cost = sum.cost
    }

    /// Adds the counts and sums of `more`, not its times.
    mutating func add(_ more: Usage) {
        records = saturating(records, more.records)
        failures = saturating(failures, more.failures)
        tokensInput = saturating(tokensInput, more.tokensInput)
        tokensOutput = saturating(tokensOutput, more.tokensOutput)
        tokensCached = saturating(tokensCached, more.tokensCached)
        tokensReasoning = saturating(tokensReasoning, more.tokensReasoning)
        gas = saturating(gas, more.gas)
        cost = cost.adding(more.cost) ?? Amount(nanoCredits: .max)
    }

    /// Adds a batch that was carried out at `time`.
    mutating func add(_ more: Usage, at time: Instant) {
        if records == 0 { first = time }
        last = time
        add(more)
    }

    /// Whether every total stays in its range when `more` is added.
    func fits(_ more: Usage) -> Bool {
        func room(_ total: UInt64, _ more: UInt64) -> Bool {
            !total.addingReportingOverflow(more).overflow
        }
        return room(records, more.records) && room(failures, more.failures)
            && room(tokensInput, more.tokensInput) && room(tokensOutput, more.tokensOutput)
            && room(tokensCached, more.tokensCached)
            && room(tokensReasoning, more.tokensReasoning) && room(gas, more.gas)
            && cost.adding(more.cost) != nil
    }
}
