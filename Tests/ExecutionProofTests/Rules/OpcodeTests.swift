// Every opcode on values at the edges: honest rows pass, and a result that is off by one does not.
import PVM
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct OpcodeTests {
    static let edges: [UInt64] = [
        0, 1, 2, 31, 32, 33, 63, 64, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF,
        0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000,
        0xFFFF_FFFF_8000_0000, 0xFFFF_FFFF_FFFF_FFFF, 0x0123_4567_89AB_CDEF,
    ]
    private static let set = Revision.grayPaper071.instructions

    /// Instructions that write a register and touch nothing else, as lines with operands.
    private static let pure: [String] = set.all.compactMap { specification in
        let name = specification.name
        guard !specification.isLoad, !specification.isStore, name != "sbrk" else { return nil }
        return switch specification.form {
        case .threeRegisters: "\(name) r3, r1, r2"
        case .twoRegisters: "\(name) r3, r1"
        case .twoRegistersImmediate: "\(name) r3, r1, "
        case .registerWide: "\(name) r3, 0x8123456789abcdef"
        case .registerImmediate: name == "load_imm" ? "\(name) r3, -5" : nil
        default: nil
        }
    }

    private func lines(_ line: String) -> [String] {
        guard line.hasSuffix(", ") else { return [line] }
        return ["0", "1", "33", "-1", "0x7fffffff", "-2147483648"].map { line + $0 }
    }

    /// Runs one line on all pairs of edges, eight rows to a proof.
    private func runs(_ line: String, _ step: Int) throws -> [Run] {
        let source = lines(line).map { $0 + "\n" }.joined()
        var runs: [Run] = []
        for (first, left) in Self.edges.enumerated() {
            for second in stride(from: first % step, to: Self.edges.count, by: step) {
                runs.append(try Run(source, [0, left, Self.edges[second], 7]))
            }
        }
        return runs
    }

    @Test(arguments: pure) func honestRowsPass(line: String) throws {
        for run in try runs(line, line.contains("r2") ? 3 : 23) {
            #expect(run.trace.stepCount == lines(line).count)
            #expect(run.failure == nil, "\(line) of \(run.trace.runs[0].registersBefore)")
        }
    }

    @Test(arguments: pure) func aResultOffByOneIsRefused(line: String) throws {
        for run in try runs(line, line.contains("r2") ? 7 : 23) {
            for change in [1, UInt64.max] {
                var trace = run.trace
                let last = trace.steps.count - 1
                trace.steps[last].result &+= change
                trace.runs[0].registers[3] = trace.steps[last].result
                let forged = Run(trace)
                #expect(forged.failure != nil, "\(line) of \(trace.runs[0].registersBefore)")
            }
        }
    }

    private static let branches: [String] = set.all.compactMap { specification in
        switch specification.form {
        case .twoRegistersOffset: "\(specification.name) r1, r2, end"
        case .registerImmediateOffset: "\(specification.name) r1, -1, end"
        default: nil
        }
    }

    @Test(arguments: branches) func branchesGoOneWay(line: String) throws {
        let source = "\(line)\nadd_imm_64 r4, r4, 1\nfallthrough\nend: move_reg r5, r4\n"
        for left in Self.edges {
            for right in [0, 1, 0x8000_0000_0000_0000, left, UInt64.max] as [UInt64] {
                let run = try Run(source, [0, left, right])
                #expect(run.failure == nil, "\(line) of \(left), \(right)")
                // The other way: to the end where it fell through, and the reverse.
                let taken = run.trace.steps[0].next == 3
                let shorter = try Run(source, [0, left, right], limit: 1)
                var trace = shorter.trace
                trace.steps[0].next = taken ? 1 : 3
                trace.runs[0].exit = trace.steps[0].next
                guard shorter.trace.steps[0].next != 1 || !line.contains("jump") else { continue }
                #expect(Run(trace).failure != nil, "\(line) of \(left), \(right)")
            }
        }
    }

    private static let accesses: [String] = set.all.compactMap { specification in
        guard specification.isLoad || specification.isStore else { return nil }
        return switch specification.form {
        case .twoRegistersImmediate: "\(specification.name) r3, r1, "
        case .registerTwoImmediates: "\(specification.name) r1, @, -2"
        case .twoImmediates: "\(specification.name) @, -2"
        default: "\(specification.name) r3, "
        }
    }

    @Test(arguments: accesses) func everyAlignment(line: String) throws {
        let memory = try Memory.small
        for offset in 0..<9 {
            let isRelative = line.contains("r1")
            let place = isRelative ? "\(offset)" : "\(0x20010 + offset)"
            let text = line.contains("@")
                ? line.replacing("@", with: place) : line + place
            let source = "\(text)\n\(text)\n"
            let run = try Run(
                source, [0, 0x1_0000_0002_0010, 0, 0xFEDC_BA98_7654_3210], memory: memory)
            #expect(run.trace.stepCount == 2, "\(text)")
            #expect(run.failure == nil, "\(text)")
            var trace = run.trace
            if line.contains("load") {
                trace.steps[1].result &+= 1
                trace.runs[0].registers[3] &+= 1
                trace.accesses[1].value &+= 1
            } else {
                let low = trace.runs[0].cells.firstIndex { $0.address == 0x20010 >> 3 }
                    ?? trace.runs[0].cells.firstIndex { $0.address == 0x20018 >> 3 }
                trace.runs[0].cells[try #require(low)].value &+= 1 << 56
            }
            #expect(Run(trace).failure != nil, "\(text)")
        }
    }
}
