// Sums by column are those of the records counted one by one, also where they pass their range.
import Primitives
import Records
import TestSupport
import Testing

@Suite struct AgentSumTests {
    @Test(arguments: propertySeeds) func sumsAreThoseOfTheRecords(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let rows = Int.random(in: 1...60, using: &generator)
        // Records of usual sizes, or of sizes whose sums pass their range.
        let shift: UInt64 = Bool.random(using: &generator) ? 0 : 40
        var columns = RecordColumns()
        var expected: [AgentID: AgentSum] = [:]
        for _ in 0..<rows {
            var record = generator.record()
            record.gas >>= shift
            record.tokens.input >>= shift
            record.cost = Amount(nanoCredits: record.cost.nanoCredits >> UInt128(2 * shift))
            columns.append(record, parents: [])
            expected[record.agent, default: AgentSum()].count(record)
        }
        let decoded = try RecordColumns(decoding: columns.encoded())
        for columns in [columns, decoded] {
            let sums = columns.sumsByAgent()
            #expect(sums.count == expected.count, "seed \(seed)")
            for (agent, sum) in zip(columns.agents.entries, sums) {
                #expect(sum == expected[agent], "seed \(seed)")
            }
        }
    }

    @Test(arguments: propertySeeds) func theHighestValueOfEachColumn(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let columns = RandomColumns(rows: 20, using: &generator).columns
        let decoded = try RecordColumns(decoding: columns.encoded())
        for column in NumericColumn.allCases {
            let most = (0..<20).map { columns.value(column, $0) }.max()
            #expect(columns.highest(column) == most, "seed \(seed), \(column)")
            #expect(decoded.highest(column) == most, "seed \(seed), \(column)")
        }
    }

    @Test func rowsAddedToABodyAreThoseAddedBefore() throws {
        var generator = SeededGenerator(seed: 7)
        var columns = RandomColumns(rows: 9, using: &generator).columns
        var decoded = try RecordColumns(decoding: columns.encoded())
        let record = generator.record()
        columns.append(record, parents: [.row(3)])
        decoded.append(record, parents: [.row(3)])
        #expect(decoded.encoded() == columns.encoded())
        #expect(decoded.recordDigests() == columns.recordDigests())
    }
}

extension AgentSum {
    fileprivate mutating func count(_ record: Record) {
        func sum(_ total: UInt64, _ more: UInt64) -> UInt64 {
            let (sum, overflow) = total.addingReportingOverflow(more)
            return overflow ? .max : sum
        }
        records += 1
        failures += record.outcome == .failure ? 1 : 0
        tokens.input = sum(tokens.input, record.tokens.input)
        tokens.output = sum(tokens.output, record.tokens.output)
        tokens.cached = sum(tokens.cached, record.tokens.cached)
        tokens.reasoning = sum(tokens.reasoning, record.tokens.reasoning)
        gas = sum(gas, record.gas)
        cost = cost.adding(record.cost) ?? Amount(nanoCredits: .max)
        kinds |= 1 << record.kind.rawValue
    }
}
