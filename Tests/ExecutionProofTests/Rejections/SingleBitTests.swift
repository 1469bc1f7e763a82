// Every single bit of every committed word of a run that fills its tables matters.
import PVM
import Primitives
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct SingleBitTests {
    static func run() throws -> Run {
        try Run(
            TestPrograms.everyTable, [0, 0x20000, 0, 0xFEDC_BA98_7654_3210, 0, 0, 0, 5, 0, 0, 77],
            memory: .small, answers: [5])
    }

    @Test func theRunFillsItsTables() throws {
        let run = try Self.run()
        #expect(run.failure == nil)
        #expect(run.trace.stepCount == 16)
        for witness in run.witnesses { #expect(witness.active == witness.rowCount) }
    }

    @Test(arguments: TableKind.allCases) func everyBitMatters(kind: TableKind) throws {
        let run = try Self.run()
        let claim = try Claim(run.statement, run.disclosure, of: run.trace.program)
        let judge = FlipJudge(claim, ConstraintSystem.tables[kind.rawValue])
        var witness = run.witness(kind)
        for column in 0..<witness.columnCount {
            for row in 0..<witness.rowCount {
                for bit in 0..<64 where !judge.refuses(&witness, column, row, bit) {
                    let name = ConstraintSystem.tables[kind.rawValue].columns[column]
                    Issue.record("\(kind.name): bit \(bit) of \(name) in row \(row) is free")
                }
            }
        }
    }
}

extension SingleBitTests {
    /// The whole checker on some of them: it refuses what the judge below does.
    @Test(arguments: propertySeeds.prefix(16)) func someBitsForTheWholeChecker(
        seed: UInt64
    ) throws {
        var chance = SeededGenerator(seed: seed)
        for kind in TableKind.allCases {
            var run = try Self.run()
            let index = Int(chance.next() % UInt64(run.witness(kind).words.count))
            let bit = chance.next() % 64
            run.witnesses[kind.rawValue].words[index] ^= 1 << bit
            #expect(run.failure != nil, "seed \(seed): \(kind.name), word \(index), bit \(bit)")
        }
    }
}

/// Judges one flipped bit by what refers to its column: the rest is as it was.
struct FlipJudge {
    private let claim: Claim
    private let table: Table
    private let here: [[AndConstraint]]
    private let before: [[AndConstraint]]
    private let flushes: [[Flush]]

    init(_ claim: Claim, _ table: Table) {
        (self.claim, self.table) = (claim, table)
        let columns = table.columns.indices
        func users(_ source: (Int) -> Source) -> [[AndConstraint]] {
            columns.map { column in
                table.constraints.filter { constraint in
                    [constraint.left, constraint.right, constraint.output].contains {
                        $0.terms.contains { $0.source == source(column) }
                    }
                }
            }
        }
        here = users { .column($0) }
        before = users { .next($0) }
        flushes = columns.map { column in
            table.flushes.filter { flush in
                if case .bit(column, _) = flush.selector { return true }
                return flush.elements.contains {
                    ($0.low.terms + $0.high.terms).contains { $0.source == .column(column) }
                }
            }
        }
    }

    func refuses(_ witness: inout Witness, _ column: Int, _ row: Int, _ bit: Int) -> Bool {
        var balance = ChannelBalance()
        add(witness, column, row, -1, to: &balance)
        witness[column, row] ^= 1 << UInt64(bit)
        defer { witness[column, row] ^= 1 << UInt64(bit) }
        if !holds(here[column], witness, row) { return true }
        if row > 0, !holds(before[column], witness, row - 1) { return true }
        add(witness, column, row, 1, to: &balance)
        if !balance.isEven { return true }
        do {
            try Checker(claim).checkBoundaries(table, witness)
            return false
        } catch {
            return true
        }
    }

    private func holds(_ constraints: [AndConstraint], _ witness: Witness, _ row: Int) -> Bool {
        witness.withRow(row) { view in constraints.allSatisfy { view.holds($0) } }
    }

    private func add(
        _ witness: Witness, _ column: Int, _ row: Int, _ change: Int,
        to balance: inout ChannelBalance
    ) {
        witness.withRow(row) { view in
            for flush in flushes[column] where view.isSelected(flush.selector) {
                balance.add(view.tuple(flush), flush.direction == .push ? change : -change)
            }
        }
    }
}
