// The translation of what only computes: results of registers and immediates.
import PVM

extension Translator {
    /// Everything but jumps, memory and addresses.
    mutating func plain(_ instruction: RiscVInstruction) throws(LinkFailure.Reason) {
        let rd = instruction.rd
        switch instruction.operation {
        case .fence: break
        case .ebreak, .unimp: emitter.emit("trap")
        case .ecall: throw .unacceptedInstruction("ecall")
        case .host: emitter.emit("ecalli", Operands(x: instruction.immediate))
        case .grow: try grow(instruction)
        // What follows writes one register and does nothing else.
        case _ where rd == 0: break
        case .czeroEqual, .czeroNotEqual: conditionalZero(instruction)
        case let operation where Words.immediate[operation] != nil:
            arithmetic(immediate: instruction)
        case let operation where Words.unary[operation] != nil: unary(instruction)
        default: binary(instruction)
        }
    }

    private mutating func grow(_ instruction: RiscVInstruction) throws(LinkFailure.Reason) {
        guard instruction.rd != 0 else { throw .unacceptedInstruction("sbrk into x0") }
        let target = Words.register(instruction.rd)
        if instruction.rs1 == 0 { load(constant: 0, into: instruction.rd) }
        let source = instruction.rs1 == 0 ? target : Words.register(instruction.rs1)
        emitter.emit("sbrk", Operands(a: source, d: target))
    }

    mutating func load(constant: Int64, into register: UInt8) {
        guard register != 0 else { return }
        emitter.emit("load_imm", Operands(a: Words.register(register), x: constant))
    }

    private mutating func move(_ source: UInt8, to target: UInt8) {
        guard source != 0 else { return load(constant: 0, into: target) }
        guard source != target else { return }
        emitter.emit(
            "move_reg", Operands(a: Words.register(source), d: Words.register(target)))
    }

    private mutating func emit(
        _ word: String, _ target: UInt8, _ source: UInt8, immediate: Int64
    ) {
        emitter.emit(
            word,
            Operands(a: Words.register(target), b: Words.register(source), x: immediate))
    }

    private mutating func emit(_ word: String, _ target: UInt8, _ left: UInt8, _ right: UInt8) {
        emitter.emit(
            word,
            Operands(
                a: Words.register(left), b: Words.register(right), d: Words.register(target)))
    }

    mutating func arithmetic(immediate instruction: RiscVInstruction) {
        let (rd, source, immediate) = (
            instruction.rd, instruction.rs1, instruction.immediate
        )
        if source == 0 {
            return load(constant: Self.ofZero(instruction.operation, immediate), into: rd)
        }
        if instruction.operation == .addi, immediate == 0 { return move(source, to: rd) }
        emit(Words.immediate[instruction.operation] ?? "", rd, source, immediate: immediate)
    }

    /// The result of an operation on zero and an immediate.
    private static func ofZero(_ operation: RiscVOperation, _ immediate: Int64) -> Int64 {
        switch operation {
        case .addi, .addiw, .xori, .ori: immediate
        case .slti: immediate > 0 ? 1 : 0
        case .sltiu: immediate != 0 ? 1 : 0
        default: 0
        }
    }

    private mutating func unary(_ instruction: RiscVInstruction) {
        guard let row = Words.unary[instruction.operation] else { return }
        guard instruction.rs1 != 0 else {
            return load(constant: row.ofZero, into: instruction.rd)
        }
        emitter.emit(
            row.word,
            Operands(a: Words.register(instruction.rs1), d: Words.register(instruction.rd)))
    }

    private mutating func binary(_ instruction: RiscVInstruction) {
        let (rd, left, right) = (instruction.rd, instruction.rs1, instruction.rs2)
        guard let row = Words.binary[instruction.operation] else { return }
        switch (left, right, row.immediate, row.swapped) {
        case (0, 0, _, _): load(constant: Self.ofZeros(instruction.operation), into: rd)
        case (_, 0, let word?, _):
            // x + 0, x | 0, x ^ 0 and shifts by zero are moves, all of 64 bits.
            let moves: [RiscVOperation] = [.add, .sub, .or, .xor, .sll, .srl, .sra, .ror]
            if moves.contains(instruction.operation) { return move(left, to: rd) }
            emit(word, rd, left, immediate: 0)
        case (0, _, _, let word?):
            let moves: [RiscVOperation] = [.add, .or, .xor]
            if moves.contains(instruction.operation) { return move(right, to: rd) }
            emit(word, rd, right, immediate: 0)
        case (_, 0, _, _): withZero(instruction.operation, rd, left: left)
        case (0, _, _, _): withZero(instruction.operation, rd, right: right)
        default: emit(row.word, rd, left, right)
        }
    }

    private static func ofZeros(_ operation: RiscVOperation) -> Int64 {
        [.div, .divu, .divw, .divuw, .orn, .xnor].contains(operation) ? -1 : 0
    }

    /// `left` and zero, where no instruction takes an immediate.
    private mutating func withZero(_ operation: RiscVOperation, _ rd: UInt8, left: UInt8) {
        switch operation {
        case .div, .divu, .divw, .divuw, .orn: load(constant: -1, into: rd)
        case .rem, .remu, .andn, .rol, .maxu: move(left, to: rd)
        case .remw, .remuw, .rolw: emit("add_imm_32", rd, left, immediate: 0)
        case .xnor: emit("xor_imm", rd, left, immediate: -1)
        case .max, .min: clamp(operation, rd, left)
        default: load(constant: 0, into: rd)
        }
    }

    /// Zero and `right`.
    private mutating func withZero(_ operation: RiscVOperation, _ rd: UInt8, right: UInt8) {
        switch operation {
        case .div, .divu: divideZero(rd, right)
        case .divw, .divuw:
            emit("add_imm_32", rd, right, immediate: 0)
            divideZero(rd, rd)
        case .xnor, .orn: emit("xor_imm", rd, right, immediate: -1)
        case .maxu: move(right, to: rd)
        case .max, .min: clamp(operation, rd, right)
        default: load(constant: 0, into: rd)
        }
    }

    /// Zero divided by a register: all ones where that is zero, else zero.
    private mutating func divideZero(_ rd: UInt8, _ divisor: UInt8) {
        emit("set_lt_u_imm", rd, divisor, immediate: 1)
        emit("neg_add_imm_64", rd, rd, immediate: 0)
    }

    /// The larger or smaller of a register and zero, both signed.
    private mutating func clamp(_ operation: RiscVOperation, _ rd: UInt8, _ source: UInt8) {
        if rd != source {
            load(constant: 0, into: rd)
            return emit(operation.rawValue, rd, source, rd)
        }
        let word = operation == .max ? "branch_ge_s_imm" : "branch_le_s_imm"
        targets.aim(at: position + 1)
        emitter.emit(word, Operands(a: Words.register(rd), aim: position + 1))
        load(constant: 0, into: rd)
    }

    /// `rs1`, or zero where `rs2` is zero (is not).
    private mutating func conditionalZero(_ instruction: RiscVInstruction) {
        let (rd, value, condition) = (instruction.rd, instruction.rs1, instruction.rs2)
        let isEqual = instruction.operation == .czeroEqual
        if value == 0 || (condition == 0 && isEqual) { return load(constant: 0, into: rd) }
        if condition == 0 { return move(value, to: rd) }
        if value == condition {
            // Zero where it is zero is itself; zero where it is not is zero.
            return isEqual ? move(value, to: rd) : load(constant: 0, into: rd)
        }
        if rd == condition {
            if isEqual { return emit("cmov_nz", rd, value, condition) }
            emit("set_lt_u_imm", rd, condition, immediate: 1)
            emit("neg_add_imm_64", rd, rd, immediate: 0)
            return emit("and", rd, rd, value)
        }
        move(value, to: rd)
        emit(isEqual ? "cmov_iz_imm" : "cmov_nz_imm", rd, condition, immediate: 0)
    }
}
