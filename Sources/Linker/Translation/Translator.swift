// Turns RISC-V instructions into those of the machine, one after the other.
import PVM

/// The code of the program. Every instruction becomes none, one or a few.
struct Translator: Sendable {
    let references: References
    var targets: Targets
    var emitter: Emitter
    /// Instructions that have no translation.
    private(set) var faults: [LinkFailure] = []
    /// The position being translated.
    private(set) var position = 0

    /// Translates everything: a jump to the entry, then the code in order.
    init(_ references: References, _ set: InstructionSet) throws(LinkFailure) {
        self.references = references
        targets = try Targets(references)
        emitter = Emitter(set)
        emitter.emit("jump", Operands(aim: try references.entry()))
        let lines = references.code.lines
        while position < lines.count {
            emitter.begin(isTarget: targets.isTarget[position])
            let line = lines[position]
            do throws(LinkFailure.Reason) {
                try translate(line)
            } catch {
                if faults.count < LinkRefusal.mostFailures {
                    faults.append(references.fault(error, line))
                }
            }
            position += 1
        }
    }

    /// The line behind the present one, if nothing arrives there from elsewhere.
    private var follower: CodeLine? {
        let next = references.code.lines[position + 1]
        return next.instruction == nil || targets.isTarget[position + 1] ? nil : next
    }

    private mutating func translate(_ line: CodeLine) throws(LinkFailure.Reason) {
        guard let instruction = line.instruction else { return emitter.emit("trap") }
        let relocation = try relocation(of: line)
        switch instruction.operation {
        case .lui, .auipc: try high(instruction, relocation)
        case .jal: try jump(line, instruction, relocation)
        case .jalr: try jumpIndirect(instruction, relocation)
        case .beq, .bne, .blt, .bge, .bltu, .bgeu: try branch(line, instruction, relocation)
        case .lb, .lh, .lw, .ld, .lbu, .lhu, .lwu: try load(instruction, relocation)
        case .sb, .sh, .sw, .sd: try store(instruction, relocation)
        case .addi: try add(instruction, relocation)
        default:
            if let relocation { throw .relocation(relocation.type) }
            try plain(instruction)
        }
    }

    private func relocation(of line: CodeLine) throws(LinkFailure.Reason) -> ElfRelocation? {
        do throws(LinkFailure) {
            return try references.relocation(of: line)
        } catch {
            throw error.reason
        }
    }

    // Addresses in two parts.

    private mutating func high(
        _ instruction: RiscVInstruction, _ relocation: ElfRelocation?
    ) throws(LinkFailure.Reason) {
        guard let relocation else {
            guard instruction.operation == .lui else { throw .addressWithoutRelocation }
            return load(constant: instruction.immediate, into: instruction.rd)
        }
        if RelocationType.isCall(relocation.type) { return try call(instruction, relocation) }
        guard RelocationType.isHigh(relocation.type),
            (relocation.type == RelocationType.high) == (instruction.operation == .lui)
        else { throw .relocation(relocation.type) }
        let address = try value(of: relocation)
        if try joined(instruction, address) { return }
        load(constant: try Self.upper(address), into: instruction.rd)
    }

    /// Takes an `addi` or a load that follows and ends the address together with its beginning.
    private mutating func joined(
        _ instruction: RiscVInstruction, _ address: Int64
    ) throws(LinkFailure.Reason) -> Bool {
        guard let line = follower, let next = line.instruction, instruction.rd != 0,
            next.rs1 == instruction.rd, next.rd == instruction.rd,
            let relocation = try relocation(of: line), RelocationType.isLow(relocation.type),
            try lowAddress(relocation) == address
        else { return false }
        switch next.operation {
        case .addi: load(constant: address, into: next.rd)
        case .lb, .lh, .lw, .ld, .lbu, .lhu, .lwu:
            try checkMemory(relocation)
            let word = "load_" + (Words.memory[next.operation] ?? "")
            emitter.emit(word, Operands(a: Words.register(next.rd), x: address))
        default: return false
        }
        skip()
        return true
    }

    /// Takes the next line as done: nothing arrives there.
    private mutating func skip() {
        position += 1
        emitter.begin(isTarget: false)
    }

    /// What an address-forming relocation refers to, as a number in the program.
    func value(of relocation: ElfRelocation) throws(LinkFailure.Reason) -> Int64 {
        if relocation.type == RelocationType.slotHigh { return references.slot(relocation) }
        switch try references.place(relocation) {
        case .number(let number): return number
        case .code(let position):
            guard let address = targets.address(of: position) else { throw .badTarget }
            return address
        }
    }

    /// The high part that the low part of a near address belongs to.
    private func highPart(
        of relocation: ElfRelocation
    ) throws(LinkFailure.Reason) -> ElfRelocation {
        guard RelocationType.isNearLow(relocation.type) else { return relocation }
        guard case .code(let label) = try references.place(relocation),
            let high = try self.relocation(of: references.code.lines[label]),
            RelocationType.isHigh(high.type)
        else { throw .lowPartWithoutHigh }
        return high
    }

    /// The whole address of which `relocation` names the low part.
    private func lowAddress(_ relocation: ElfRelocation) throws(LinkFailure.Reason) -> Int64 {
        guard RelocationType.isLow(relocation.type) else { throw .relocation(relocation.type) }
        return try value(of: try highPart(of: relocation))
    }

    /// The immediate of an instruction: its own, or the low part of an address; the whole address
    /// where the base is the register that is always zero.
    private func offset(
        _ instruction: RiscVInstruction, _ relocation: ElfRelocation?
    ) throws(LinkFailure.Reason) -> Int64 {
        guard let relocation else { return instruction.immediate }
        let address = try lowAddress(relocation)
        let upper = try Self.upper(address)
        return instruction.rs1 == 0 ? address : address - upper
    }

    /// Refuses to read or write where an address is that of code.
    private func checkMemory(_ relocation: ElfRelocation?) throws(LinkFailure.Reason) {
        guard let relocation else { return }
        let high = try highPart(of: relocation)
        guard high.type != RelocationType.slotHigh else { return }
        if case .code = try references.place(high) { throw .codeAsMemory }
    }

    /// The part of an address without its low 12 bits, such that these are signed.
    private static func upper(_ address: Int64) throws(LinkFailure.Reason) -> Int64 {
        guard Int32(exactly: address) != nil else { throw .outsideMemory }
        let upper = ((address + 0x800) >> 12) << 12
        guard Int32(exactly: upper) != nil else { throw .outsideMemory }
        return upper
    }

    // Jumps and calls.

    /// `auipc` and `jalr` together: the target is the relocation's.
    private mutating func call(
        _ instruction: RiscVInstruction, _ relocation: ElfRelocation
    ) throws(LinkFailure.Reason) {
        guard let next = follower?.instruction, next.operation == .jalr,
            next.rs1 == instruction.rd
        else { throw .relocation(relocation.type) }
        guard case .code(let target) = try references.place(relocation) else { throw .badTarget }
        skip()
        leave(next.rd, to: target)
    }

    private mutating func jump(
        _ line: CodeLine, _ instruction: RiscVInstruction, _ relocation: ElfRelocation?
    ) throws(LinkFailure.Reason) {
        leave(instruction.rd, to: try target(of: line, instruction, relocation))
    }

    private func target(
        of line: CodeLine, _ instruction: RiscVInstruction, _ relocation: ElfRelocation?
    ) throws(LinkFailure.Reason) -> Int {
        do throws(LinkFailure) {
            return try references.target(of: line, instruction, relocation)
        } catch {
            throw error.reason
        }
    }

    /// Jumps, and leaves the address of the next position in a register unless that is x0.
    private mutating func leave(_ link: UInt8, to target: Int) {
        guard link != 0 else { return emitter.emit("jump", Operands(aim: target)) }
        emitter.emit(
            "load_imm_jump",
            Operands(a: Words.register(link), x: returnAddress, aim: target))
    }

    /// The address behind a call; every one was marked in the first look.
    private var returnAddress: Int64 { targets.address(of: position + 1) ?? 0 }

    private mutating func jumpIndirect(
        _ instruction: RiscVInstruction, _ relocation: ElfRelocation?
    ) throws(LinkFailure.Reason) {
        guard instruction.rs1 != 0 else { throw .badTarget }
        let offset = try offset(instruction, relocation)
        let base = Words.register(instruction.rs1)
        guard instruction.rd != 0 else {
            return emitter.emit("jump_ind", Operands(a: base, x: offset))
        }
        emitter.emit(
            "load_imm_jump_ind",
            Operands(a: Words.register(instruction.rd), b: base, x: returnAddress, y: offset))
    }

    private mutating func branch(
        _ line: CodeLine, _ instruction: RiscVInstruction, _ relocation: ElfRelocation?
    ) throws(LinkFailure.Reason) {
        let target = try target(of: line, instruction, relocation)
        let (left, right) = (instruction.rs1, instruction.rs2)
        guard let words = Words.branch[instruction.operation] else { return }
        if left == 0, right == 0 {
            if Words.holdsForZeros(instruction.operation) {
                emitter.emit("jump", Operands(aim: target))
            }
        } else if right == 0 {
            emitter.emit(
                words.immediate ?? words.word, Operands(a: Words.register(left), aim: target))
        } else if left == 0 {
            emitter.emit(
                words.swapped ?? words.word, Operands(a: Words.register(right), aim: target))
        } else {
            emitter.emit(
                words.word,
                Operands(a: Words.register(left), b: Words.register(right), aim: target))
        }
    }

    // Memory.

    private mutating func load(
        _ instruction: RiscVInstruction, _ relocation: ElfRelocation?
    ) throws(LinkFailure.Reason) {
        try checkMemory(relocation)
        guard instruction.rd != 0 else {
            throw .unacceptedInstruction("\(instruction.operation.rawValue) into x0")
        }
        let offset = try offset(instruction, relocation)
        let (end, target) = (
            Words.memory[instruction.operation] ?? "", Words.register(instruction.rd)
        )
        guard instruction.rs1 != 0 else {
            return emitter.emit("load_" + end, Operands(a: target, x: offset))
        }
        emitter.emit(
            "load_ind_" + end,
            Operands(a: target, b: Words.register(instruction.rs1), x: offset))
    }

    private mutating func store(
        _ instruction: RiscVInstruction, _ relocation: ElfRelocation?
    ) throws(LinkFailure.Reason) {
        try checkMemory(relocation)
        let offset = try offset(instruction, relocation)
        let end = Words.memory[instruction.operation] ?? ""
        let (base, source) = (
            Words.register(instruction.rs1), Words.register(instruction.rs2)
        )
        switch (instruction.rs1, instruction.rs2) {
        case (0, 0): emitter.emit("store_imm_" + end, Operands(x: offset))
        case (0, _): emitter.emit("store_" + end, Operands(a: source, x: offset))
        case (_, 0): emitter.emit("store_imm_ind_" + end, Operands(a: base, x: offset))
        default: emitter.emit("store_ind_" + end, Operands(a: source, b: base, x: offset))
        }
    }

    private mutating func add(
        _ instruction: RiscVInstruction, _ relocation: ElfRelocation?
    ) throws(LinkFailure.Reason) {
        guard instruction.rd != 0 else { return }
        var sum = instruction
        sum.immediate = try offset(instruction, relocation)
        arithmetic(immediate: sum)
    }
}
