// A program decoded once, ahead of every run: its instructions, basic blocks and resolved jumps.
import Primitives

/// A bare program made ready to run. Any blob makes one: what is wrong in it panics when reached.
public struct Program: Sendable {
    public let revision: Revision
    public let blob: ProgramBlob
    /// One a position, then the implicit trap at the end, then panics for jumps that may not be.
    let steps: [Step]
    /// Positions of instructions of the code itself, the trap at its end included.
    let stepCount: Int
    /// For each entry of the jump table its position; `noPosition` where no block begins there.
    let jumps: [UInt32]

    static let noPosition = UInt32.max

    /// - Throws: where `bytes` are not exactly one blob.
    public init(decoding bytes: [UInt8], revision: Revision) throws(DecodingFailure) {
        self.init(try ProgramBlob(decoding: bytes), revision: revision)
    }

    public init(_ blob: ProgramBlob, revision: Revision) {
        self.revision = revision
        self.blob = blob
        let layout = Layout(blob, revision.instructions)
        (steps, stepCount) = (layout.steps, layout.stepCount)
        jumps = blob.jumpTable.map { layout.block(at: $0) ?? Self.noPosition }
    }

    /// The instructions in order. Takes time in proportion to the code.
    public var instructions: [Instruction] { InstructionSequence(blob, revision.instructions).all }

    /// Whether an instruction begins at `pc`; the trap at the end of the code counts.
    public func isInstruction(at pc: UInt32) -> Bool { position(of: pc) != nil }

    /// The position of the instruction at `pc`, by bisection.
    func position(of pc: UInt32) -> Int? {
        var (low, high) = (0, stepCount)
        while low < high {
            let middle = (low + high) / 2
            if steps[middle].pc < pc { low = middle + 1 } else { high = middle }
        }
        return low < stepCount && steps[low].pc == pc ? low : nil
    }

    /// Gas of the most expensive basic block. Takes time in proportion to the code.
    public var highestBlockGas: UInt64 { steps.reduce(0) { max($0, UInt64($1.gas)) } }

    /// Where basic blocks begin, in order: what jumps may reach.
    public var blocks: [Int] { InstructionSequence(blob, revision.instructions).blocks }
}

/// The instructions of a blob from its first byte to its last.
struct InstructionSequence {
    let all: [Instruction]
    private let blob: ProgramBlob
    private let set: InstructionSet

    /// The instruction where the mask has no bit is a trap, as is one of an unknown number
    /// (Gray Paper, A.5); a gap of more than 24 bytes after an instruction begins with a trap.
    init(_ blob: ProgramBlob, _ set: InstructionSet) {
        var all: [Instruction] = []
        var pc = 0
        while pc < blob.code.count {
            var length = 1
            while length < 25, pc + length < blob.code.count, !blob.starts[pc + length] {
                length += 1
            }
            let known = blob.starts[pc] ? set[blob.code[pc]] : nil
            all.append(Instruction(known ?? set.trap, in: blob.code, pc: pc, length: length))
            pc += length
        }
        (self.all, self.blob, self.set) = (all, blob, set)
    }

    /// Where basic blocks begin, in order: at 0 and after each terminator, if a known instruction
    /// stands there (Gray Paper, A.3).
    var blocks: [Int] {
        var blocks: [Int] = []
        var isAfterEnd = true
        for instruction in all {
            let pc = instruction.pc
            let isKnown = blob.starts[pc] && set[blob.code[pc]] != nil
            if isKnown, isAfterEnd { blocks.append(pc) }
            isAfterEnd = isKnown && instruction.specification.endsBlock
        }
        return blocks
    }
}

/// Steps with their targets and gas.
private struct Layout {
    var steps: [Step] = []
    var stepCount = 0
    /// For each byte of the code the position of the block that begins there, or `noPosition`.
    private var blocks: [UInt32]

    init(_ blob: ProgramBlob, _ set: InstructionSet) {
        let sequence = InstructionSequence(blob, set)
        blocks = [UInt32](repeating: Program.noPosition, count: blob.code.count)
        var starts = sequence.blocks[...]
        for (position, instruction) in sequence.all.enumerated()
        where instruction.pc == starts.first {
            blocks[instruction.pc] = UInt32(position)
            starts.removeFirst()
        }
        steps = sequence.all.map(Step.init)
        steps.append(Step(kernel: .trap, pc: UInt32(blob.code.count)))
        stepCount = steps.count
        for (position, instruction) in sequence.all.enumerated() {
            aim(position, at: instruction)
        }
        chargeBlocks()
    }

    /// Resolves the target of a jump or branch; one that may not be taken leads to a panic of its
    /// own, which stands for the jump and costs nothing more.
    private mutating func aim(_ position: Int, at instruction: Instruction) {
        let kernel = steps[position].kernel
        guard kernel.isBranch || kernel == .jump else { return }
        if instruction.target >= 0, let target = block(at: UInt64(instruction.target)) {
            steps[position].target = target
        } else {
            steps[position].target = UInt32(steps.count)
            steps.append(Step(kernel: .trap, gas: 0, pc: steps[position].pc))
        }
    }

    /// Each step costs 1, and what is charged on entry is the way to the end of the block.
    private mutating func chargeBlocks() {
        for position in (0..<stepCount - 1).reversed() where !steps[position].kernel.endsBlock {
            steps[position].gas = 1 + steps[position + 1].gas
        }
    }

    func block(at pc: UInt64) -> UInt32? {
        guard pc < blocks.count else { return nil }
        let position = blocks[Int(pc)]
        return position == Program.noPosition ? nil : position
    }
}
