// A program as assembly text, one line an instruction.
import Primitives

/// One instruction as text.
public struct DisassembledLine: Sendable {
    /// Index in the code.
    public let pc: Int
    /// Whether a basic block begins here.
    public let isBlock: Bool
    /// Word and operands.
    public let text: String
}

/// The text of a program.
public struct Disassembly: Sendable {
    public let lines: [DisassembledLine]
    private let jumpTable: [UInt64]

    public init(_ program: Program) {
        let instructions = program.instructions
        let blocks = Set(program.blocks)
        let starts = Set(instructions.map(\.pc))
        jumpTable = program.blob.jumpTable
        lines = instructions.map { instruction in
            DisassembledLine(
                pc: instruction.pc, isBlock: blocks.contains(instruction.pc),
                text: Self.text(of: instruction, in: program, starts))
        }
    }

    /// Text that assembles to a program with the same instructions, and to the same bytes where
    /// every immediate stands in as few as it needs. Entries of the jump table that no instruction
    /// begins at are left out, with a comment in their place.
    public var source: String {
        var text = ""
        let known = Set(lines.map(\.pc))
        for entry in jumpTable {
            let place = Int(clamping: entry)
            text += known.contains(place) ? ".table at_\(place)\n" : "; .table \(entry)\n"
        }
        for line in lines { text += "at_\(line.pc): \(line.text)\n" }
        return text
    }

    /// An unknown instruction is shown by its bytes.
    private static func text(
        of instruction: Instruction, in program: Program, _ starts: Set<Int>
    ) -> String {
        let (blob, pc) = (program.blob, instruction.pc)
        guard blob.starts[pc], program.revision.instructions[blob.code[pc]] != nil else {
            return ".code " + Hex.encode(blob.code[pc..<pc + instruction.length])
        }
        let operands = instruction.specification.form.operands.map { operand in
            switch operand {
            case .a: "r\(instruction.a)"
            case .b: "r\(instruction.b)"
            case .d: "r\(instruction.d)"
            case .x: number(instruction.x)
            case .y: number(instruction.y)
            case .wide: "0x" + String(instruction.x, radix: 16)
            case .target:
                starts.contains(instruction.target)
                    ? "at_\(instruction.target)" : distance(instruction.target - pc)
            }
        }
        let name = instruction.specification.name
        return operands.isEmpty ? name : name + " " + operands.joined(separator: ", ")
    }

    private static func number(_ value: UInt64) -> String { String(Int64(bitPattern: value)) }

    private static func distance(_ bytes: Int) -> String { bytes < 0 ? "\(bytes)" : "+\(bytes)" }
}
