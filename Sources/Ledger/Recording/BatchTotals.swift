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

    /// O(rows). Rows are not checked: a sum that would pass its range stays at the end of it.
    public init(of batch: CheckedBatch) {
        let columns = batch.columns
        var sums = columns.agents.entries.map(Usage.init(agent:))
        var kinds = [KindSet](repeating: KindSet(), count: sums.count)
        for row in 0..<columns.count {
            let agent = Int(columns.value(.agent, row))
            sums[agent].add(row: row, of: columns)
            kinds[agent].insert(columns.kind(at: row))
        }
        self.init(batch: batch.digest, sums: sums, kinds: kinds)
    }
}

extension RecordColumns {
    /// The kind of one row; columns hold numbers of kinds only.
    func kind(at row: Int) -> ActionKind {
        ActionKind(rawValue: UInt8(truncatingIfNeeded: value(.kind, row))) ?? .otherRecord
    }
}

/// The sum, or the largest number where it would pass that. Such sums are the same in any grouping.
private func saturating(_ total: UInt64, _ more: UInt64) -> UInt64 {
    let (sum, overflow) = total.addingReportingOverflow(more)
    return overflow ? .max : sum
}

extension Usage {
    /// Adds one record.
    mutating func add(row: Int, of columns: RecordColumns) {
        let failed = columns.value(.outcome, row) == UInt64(Outcome.failure.rawValue)
        records = saturating(records, 1)
        failures = saturating(failures, failed ? 1 : 0)
        tokensInput = saturating(tokensInput, columns.value(.tokensInput, row))
        tokensOutput = saturating(tokensOutput, columns.value(.tokensOutput, row))
        tokensCached = saturating(tokensCached, columns.value(.tokensCached, row))
        tokensReasoning = saturating(tokensReasoning, columns.value(.tokensReasoning, row))
        gas = saturating(gas, columns.value(.gas, row))
        cost = cost.adding(columns.cost(at: row)) ?? Amount(nanoCredits: .max)
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
