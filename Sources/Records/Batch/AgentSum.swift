// What the rows of a batch come to, agent by agent, and whether all rows keep a bound: column by
// column.
import Primitives

/// What the rows of one agent come to. A sum that would pass its range stays at the end of it, so
/// that sums are the same in any grouping.
public struct AgentSum: Hashable, Sendable {
    public var records: UInt64 = 0
    /// Records whose outcome is a failure.
    public var failures: UInt64 = 0
    public var tokens = TokenCounts()
    /// Micro-credits.
    public var gas: UInt64 = 0
    public var cost = Amount.zero
    /// Bit k is set where a row is of the kind with the number k.
    public var kinds: UInt8 = 0

    public init() {}
}

extension RecordColumns {
    /// One for each agent of the table, in that order. O(rows).
    public func sumsByAgent() -> [AgentSum] {
        guard count > 0 else { return [] }
        let packed = packedRows()
        var summing = ColumnSums(packed, agents: agents.entries.count)
        var sums = summing.counted()
        for (index, sum) in summing.sums(of: .tokensInput).enumerated() {
            sums[index].tokens.input = sum
        }
        for (index, sum) in summing.sums(of: .tokensOutput).enumerated() {
            sums[index].tokens.output = sum
        }
        for (index, sum) in summing.sums(of: .tokensCached).enumerated() {
            sums[index].tokens.cached = sum
        }
        for (index, sum) in summing.sums(of: .tokensReasoning).enumerated() {
            sums[index].tokens.reasoning = sum
        }
        for (index, sum) in summing.sums(of: .gas).enumerated() { sums[index].gas = sum }
        for (index, sum) in summing.costs().enumerated() { sums[index].cost = sum }
        return sums
    }

    /// The largest value of a column; 0 where there is no row. O(1) for the rows of a body.
    public func highest(_ column: NumericColumn) -> UInt64 {
        if let packed { return packed[column].highest }
        return (0..<count).map { value(column, $0) }.max() ?? 0
    }

    /// Calls `body` with the values of two columns, row by row, until it returns false; whether it
    /// never did.
    public func allRows(
        _ first: NumericColumn, _ second: NumericColumn, satisfy body: (UInt64, UInt64) -> Bool
    ) -> Bool {
        guard count > 0 else { return true }
        let packed = packedRows()
        return packed.body.withUnsafeBytes { bytes in
            let first = packed[first].values(in: bytes.baseAddress!)
            let second = packed[second].values(in: bytes.baseAddress!)
            for row in 0..<count where !body(first[row], second[row]) { return false }
            return true
        }
    }
}

/// Sums over columns by agent.
private struct ColumnSums {
    let packed: PackedRows
    /// The agent of each row.
    let agents: [UInt16]
    /// Rows of each agent.
    private var records: [UInt64]

    init(_ packed: PackedRows, agents count: Int) {
        self.packed = packed
        let column = packed[.agent]
        records = [UInt64](repeating: 0, count: count)
        agents = packed.body.withUnsafeBytes { body in
            let indices = column.values(in: body.baseAddress!)
            // A table has at most as many entries as there are rows, 65,536.
            return [UInt16](unsafeUninitializedCapacity: packed.count) { agents, initialized in
                for row in 0..<packed.count {
                    agents[row] = UInt16(truncatingIfNeeded: indices[row])
                }
                initialized = packed.count
            }
        }
    }

    /// Records, failures and kinds; counts of records serve the other sums.
    mutating func counted() -> [AgentSum] {
        var sums = [AgentSum](repeating: AgentSum(), count: records.count)
        let failure = UInt64(Outcome.failure.rawValue)
        packed.body.withUnsafeBytes { body in
            let kinds = packed[.kind].values(in: body.baseAddress!)
            let outcomes = packed[.outcome].values(in: body.baseAddress!)
            agents.withUnsafeBufferPointer { agents in
                sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<packed.count {
                        let agent = Int(agents[row])
                        sums[agent].records &+= 1
                        sums[agent].failures &+= outcomes[row] == failure ? 1 : 0
                        sums[agent].kinds |= 1 << UInt8(kinds[row] & 7)
                    }
                }
            }
        }
        for index in records.indices { records[index] = sums[index].records }
        return sums
    }

    /// After `counted`.
    func sums(of column: NumericColumn) -> [UInt64] {
        let packed = packed[column]
        let isSafe = !packed.highest.multipliedReportingOverflow(by: UInt64(agents.count)).overflow
        if isSafe, packed.isConstant { return records.map { $0 * packed.base } }
        return isSafe ? wrappingSums(of: packed) : saturatingSums(of: packed)
    }

    /// Of columns that cannot pass the range even where one agent has all rows.
    private func wrappingSums(of column: PackedColumn) -> [UInt64] {
        var sums = [UInt64](repeating: 0, count: records.count)
        packed.body.withUnsafeBytes { body in
            let values = column.values(in: body.baseAddress!)
            agents.withUnsafeBufferPointer { agents in
                sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<agents.count {
                        sums[Int(agents[row])] &+= values[row]
                    }
                }
            }
        }
        return sums
    }

    private func saturatingSums(of column: PackedColumn) -> [UInt64] {
        var sums = [UInt64](repeating: 0, count: records.count)
        packed.body.withUnsafeBytes { body in
            let values = column.values(in: body.baseAddress!)
            for row in 0..<agents.count {
                let agent = Int(agents[row])
                let (sum, overflow) = sums[agent].addingReportingOverflow(values[row])
                sums[agent] = overflow ? .max : sum
            }
        }
        return sums
    }

    func costs() -> [Amount] {
        let isSmall = packed[.costHigh].highest == 0
            && !packed[.costLow].highest.multipliedReportingOverflow(by: UInt64(agents.count))
                .overflow
        if isSmall { return sums(of: .costLow).map { Amount(nanoCredits: UInt128($0)) } }
        var sums = [Amount](repeating: .zero, count: records.count)
        for row in 0..<agents.count {
            let agent = Int(agents[row])
            let cost = UInt128(packed.value(.costHigh, row)) << 64
                | UInt128(packed.value(.costLow, row))
            sums[agent] = sums[agent].adding(Amount(nanoCredits: cost))
                ?? Amount(nanoCredits: .max)
        }
        return sums
    }
}
