// What can be seen to be wrong with a program without running it.

/// A place at which a program would panic, or is not what its author can have meant.
public struct ProgramFault: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// No instruction of the revision has this number.
        case unknownInstruction(UInt8)
        /// The mask has no instruction where the one before ends.
        case noInstruction
        /// A jump or branch aims at an index where no basic block begins.
        case badTarget(Int)
        /// An entry of the jump table does; the place is then the entry's number.
        case badTableEntry(UInt64)
        /// The last instruction runs on beyond the end of the code.
        case openEnd
    }

    /// Index in the code, or entry of the jump table.
    public var place: Int
    public var reason: Reason

    init(_ reason: Reason, at place: Int) {
        self.reason = reason
        self.place = place
    }
}

extension Program {
    /// All faults: those of the code in order, then those of the jump table.
    public var faults: [ProgramFault] {
        let sequence = InstructionSequence(blob, revision.instructions)
        var isBlock = [Bool](repeating: false, count: blob.code.count)
        for block in sequence.blocks { isBlock[block] = true }
        func reaches(_ target: Int) -> Bool {
            isBlock.indices.contains(target) && isBlock[target]
        }
        var faults = sequence.all.compactMap { fault(of: $0, reaches) }
        if sequence.all.last?.specification.endsBlock == false {
            faults.append(ProgramFault(.openEnd, at: sequence.all.last?.pc ?? 0))
        }
        for (entry, target) in blob.jumpTable.enumerated()
        where !reaches(Int(clamping: target)) {
            faults.append(ProgramFault(.badTableEntry(target), at: entry))
        }
        return faults
    }

    private func fault(
        of instruction: Instruction, _ reaches: (Int) -> Bool
    ) -> ProgramFault? {
        let pc = instruction.pc
        guard blob.starts[pc] else { return ProgramFault(.noInstruction, at: pc) }
        guard revision.instructions[blob.code[pc]] != nil else {
            return ProgramFault(.unknownInstruction(blob.code[pc]), at: pc)
        }
        let isAimed = instruction.specification.form.operands.contains(.target)
        guard isAimed, !reaches(instruction.target) else { return nil }
        return ProgramFault(.badTarget(instruction.target), at: pc)
    }
}
