// Rows after the last active one must do nothing, whatever is in them.
import Primitives
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct PaddingTests {
    /// Of each table fewer rows than it has room for.
    private func run() throws -> Run {
        let source = TestPrograms.everyTable.replacing("load_imm_jump_ind r5, r0, 8, 4\n", with: "")
            .replacing("rem_u_32 r9, r6, r3\n", with: "")
        return try Run(
            source + "\nfallthrough\n",
            [0, 0x20000, 0, 0xFEDC_BA98_7654_3210, 0, 0, 0, 5, 0, 0, 77], memory: .small,
            answers: [5])
    }

    @Test func everySelectorIsSilentThere() throws {
        for table in ConstraintSystem.tables {
            for flush in table.flushes {
                guard case .bit(let column, let bit) = flush.selector else { continue }
                var witness = Witness(active: 3, columnCount: table.columns.count)
                witness[column, 3] = 1 << UInt64(bit)
                #expect(
                    Checker.failure(table, witness, row: 3) != nil, "\(flush.name)")
            }
        }
    }

    /// The second cell of an access is selected by bits that follow from its code: a chain that
    /// begins with a code is refused, and none can begin without.
    @Test func anAccessInARowAfterTheLast() throws {
        let run = try run()
        let kind = TableKind.memory
        var witness = Witness(active: 2, columnCount: MemoryColumn.allCases.count)
        let honest = run.witness(kind)
        for column in 0..<honest.columnCount { witness[column, 0] = honest[column, 0] }
        var longer = Witness(active: 3, columnCount: MemoryColumn.allCases.count)
        for column in 0..<honest.columnCount { longer[column, 3] = honest[column, 0] }
        let table = ConstraintSystem.tables[kind.rawValue]
        #expect(
            Checker.failure(table, longer, row: 3)
                == .constraint(table: "memory", name: "clocks", row: 3)
                || Checker.failure(table, longer, row: 3)
                    == .constraint(table: "memory", name: "silence", row: 3))
    }

    /// Zeros are valid there in all tables: honest provers leave them.
    @Test func zerosAreValid() {
        for table in ConstraintSystem.tables {
            let witness = Witness(active: 9, columnCount: table.columns.count)
            for row in 9..<16 {
                #expect(Checker.failure(table, witness, row: row) == nil, "\(table.kind)")
            }
        }
    }
}
