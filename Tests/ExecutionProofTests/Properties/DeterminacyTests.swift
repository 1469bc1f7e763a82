// From what other tables and the verifier give, every other bit of a row follows: no witness is
// free. Where a run of ones or a quotient is guessed, it is shown that only one guess passes.
import PVM
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct DeterminacyTests {
    private let tables = ConstraintSystem.tables

    /// Columns of a row that have bits which do not follow.
    private func open(_ propagation: Propagation, _ kind: TableKind, row: Int) -> [String] {
        tables[kind.rawValue].columns.indices.compactMap { column in
            let open = propagation.open(column, row: row)
            let name = tables[kind.rawValue].columns[column]
            return open == 0 ? nil : "\(name) 0x\(String(open, radix: 16))"
        }
    }

    private static let set = Revision.grayPaper071.instructions

    /// One line for each instruction that can be proven.
    static let lines: [String] = set.all.compactMap { specification in
        let name = specification.name
        return switch specification.form {
        case .bare: name == "trap" ? nil : name
        case .immediate: "\(name) 1"
        case .registerWide: "\(name) r3, 0x8123456789abcdef"
        case .twoImmediates: "\(name) 0x20005, -3"
        case .offset: "\(name) end"
        case .registerImmediate: name == "jump_ind" ? "\(name) r4, 0" : "\(name) r3, 0x20005"
        case .registerTwoImmediates: "\(name) r4, 0x20003, -3"
        case .registerImmediateOffset: "\(name) r1, -3, end"
        case .twoRegisters: name == "sbrk" ? nil : "\(name) r3, r1"
        case .twoRegistersImmediate:
            specification.isLoad || specification.isStore
                ? "\(name) r3, r4, 0x20003" : "\(name) r3, r1, 33"
        case .twoRegistersOffset: "\(name) r1, r2, end"
        case .twoRegistersTwoImmediates: "\(name) r3, r4, 7, 0"
        case .threeRegisters: "\(name) r3, r1, r2"
        }
    }

    private static let operands: [(UInt64, UInt64)] = [
        (0, 0), (5, 5), (0x8000_0000_0000_0001, 0x7FFF_FFFF), (77, 0xFFFF_FFFF_FFFF_FFF0),
        (0xFEDC_BA98_7654_3210, 35),
    ]

    private func run(_ line: String, _ operands: (UInt64, UInt64)) throws -> Run {
        let source = ".table end\nfirst: \(line)\nfallthrough\nend: trap\n"
        return try Run(
            source, [0, operands.0, operands.1, 0x1122_3344_5566_7788, 2], memory: .small,
            limit: 1, answers: [9])
    }

    @Test(arguments: lines) func steps(line: String) throws {
        for operands in Self.operands[2...3] {
            let run = try run(line, operands)
            #expect(run.failure == nil)
            var propagation = Propagation(tables[0], run.witness(.steps))
            let given: [StepColumn] = [
                .places, .plan, .leftImmediate, .immediates, .clocks, .first, .second, .old,
            ]
            for column in given { propagation.give(column.rawValue, row: 0) }
            let counter = LinearForm.mask(0, Layout.counterBits)
            propagation.give(StepColumn.progress.rawValue, row: 0, counter)
            let plan = try #require(run.trace.program.plans[0])
            let others: [Flag] = [.shift, .product, .quotient, .bits, .host]
            // A load's result is the tuple's value; the store's is what the register was.
            if others.contains(where: plan.has) || plan.has(.memory) && !plan.has(.old) {
                propagation.give(StepColumn.result.rawValue, row: 0)
            }
            if plan.has(.indirect) {
                let place = LinearForm.mask(StepTable.nextPlace, Layout.positionBits)
                propagation.give(StepColumn.progress.rawValue, row: 0, place)
            }
            propagation.run(rows: 0..<1)
            #expect(open(propagation, .steps, row: 0) == [], "\(line) of \(operands)")
        }
    }

    @Test(arguments: lines.filter { $0.contains("load_") || $0.contains("store_") })
    func memory(line: String) throws {
        for offset in [0, 3, 5] {
            let shifted = line.replacing("0x20005", with: "\(0x20000 + offset)")
                .replacing("0x20003", with: "\(0x20000 + offset)")
            let run = try run(shifted, (1, 2))
            guard run.witness(.memory).active > 0 else { continue }
            var propagation = Propagation(tables[1], run.witness(.memory))
            for column: MemoryColumn in [.access, .cell0, .cell1, .clocks] {
                propagation.give(column.rawValue, row: 0)
            }
            // Which space a cell is in: another one has no such cell.
            let spaces = LinearForm.mask(MemoryTable.readOnlyPlace, 2)
            propagation.give(MemoryColumn.lanes.rawValue, row: 0, spaces)
            if line.contains("store") {
                propagation.give(MemoryColumn.value.rawValue, row: 0)
            }
            propagation.run(rows: 0..<1)
            #expect(open(propagation, .memory, row: 0) == [], "\(shifted)")
        }
    }

    /// Given a word and the run that is guessed for it.
    @Test(arguments: lines.filter { $0.contains("sh") || $0.contains("rot") })
    func shift(line: String) throws {
        for operands in Self.operands {
            let run = try run(line, operands)
            guard run.witness(.shift).active > 0 else { continue }
            var propagation = Propagation(tables[2], run.witness(.shift))
            propagation.give(ShiftColumn.operand.rawValue, row: 0)
            propagation.give(ShiftColumn.around.rawValue, row: 0)
            propagation.give(
                ShiftColumn.control.rawValue, row: 0, LinearForm.mask(0, 18))
            propagation.run(rows: 0..<1)
            #expect(open(propagation, .shift, row: 0) == [], "\(line) of \(operands)")
            // Of all runs from the top only the honest one passes.
            var witness = run.witness(.shift)
            let honest = witness[ShiftColumn.around.rawValue, 0]
            for length in 0...64 {
                let guess = length == 0 ? 0 : UInt64.max << UInt64(64 - length)
                witness[ShiftColumn.around.rawValue, 0] = guess
                let names = ["details", "run"]
                let details = tables[2].constraints.filter { names.contains($0.name) }
                let passes = witness.withRow(0) { view in details.allSatisfy(view.holds) }
                #expect(passes == (guess == honest), "\(line): a run of \(length)")
            }
        }
    }

    @Test(arguments: lines.filter { $0.contains("_bits_") }) func bits(line: String) throws {
        for operands in Self.operands {
            let run = try run(line, operands)
            var propagation = Propagation(tables[6], run.witness(.bits))
            for column: BitsColumn in [.control, .operand, .zeros] {
                propagation.give(column.rawValue, row: 0)
            }
            propagation.run(rows: 0..<1)
            #expect(open(propagation, .bits, row: 0) == [], "\(line) of \(operands)")
            var witness = run.witness(.bits)
            let honest = witness[BitsColumn.zeros.rawValue, 0]
            let rules = tables[6].constraints.filter { ["run", "zeros", "end"].contains($0.name) }
            for length in 0...64 {
                let guess = length == 0 ? 0 : UInt64.max << UInt64(64 - length)
                witness[BitsColumn.zeros.rawValue, 0] = guess
                let passes = witness.withRow(0) { view in rules.allSatisfy(view.holds) }
                #expect(passes == (guess == honest), "\(line): a run of \(length)")
            }
        }
    }

    @Test(arguments: lines.filter { $0.contains("mul") || $0.contains("div") || $0.contains("rem") })
    func product(line: String) throws {
        for operands in Self.operands[2...2] {
            let run = try run(line, operands)
            let (kind, partial) = (TableKind.product.rawValue, TableKind.partial.rawValue)
            var propagation = Propagation(tables[kind], run.witness(.product))
            for column: ProductColumn in [.left, .right, .low, .sum, .carry] {
                propagation.give(column.rawValue, row: 0)
            }
            propagation.give(ProductColumn.control.rawValue, row: 0, LinearForm.mask(0, 12))
            propagation.run(rows: 0..<1)
            #expect(open(propagation, .product, row: 0) == [], "\(line) of \(operands)")
            var rows = Propagation(tables[partial], run.witness(.partial))
            for column in 0..<PartialColumn.multiple { rows.give(column, row: 0) }
            rows.run(rows: 0..<8)
            for row in 0..<8 {
                #expect(open(rows, .partial, row: row) == [], "\(line) of \(operands)")
            }
        }
    }

    /// Given the quotient and its product with the divisor. That only one quotient passes: the
    /// remainder is not negative and less than the divisor, or the divisor is zero and the quotient
    /// all ones.
    @Test(arguments: lines.filter { $0.contains("div") || $0.contains("rem") })
    func quotient(line: String) throws {
        let more: [(UInt64, UInt64)] = [
            (1 << 63, .max), (0x8000_0000, 0xFFFF_FFFF), (5, 0), (.max, 0), (9, 10), (100, 7),
        ]
        for operands in Self.operands + more {
            let run = try run(line, operands)
            let kind = TableKind.quotient.rawValue
            var propagation = Propagation(tables[kind], run.witness(.quotient))
            for column: QuotientColumn in [.dividend, .divisor, .quotient, .multiple] {
                propagation.give(column.rawValue, row: 0)
            }
            propagation.give(QuotientColumn.control.rawValue, row: 0, LinearForm.mask(0, 12))
            propagation.run(rows: 0..<1)
            #expect(open(propagation, .quotient, row: 0) == [], "\(line) of \(operands)")
        }
    }

    @Test func jumps() throws {
        let run = try run("load_imm_jump_ind r3, r4, 7, 0", (0, 0))
        let kind = TableKind.jump.rawValue
        var propagation = Propagation(tables[kind], run.witness(.jump))
        propagation.give(JumpColumn.entry.rawValue, row: 0)
        propagation.give(
            JumpColumn.uses.rawValue, row: 0, LinearForm.mask(0, Layout.counterBits))
        propagation.run(rows: 0..<1)
        #expect(open(propagation, .jump, row: 0) == [])
    }
}
