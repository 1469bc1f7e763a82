// Decodes RV64 I, M, Zbb, Zicond and our two instructions of custom-0 (RISC-V manual, chapter 34).

/// Bits of a 32-bit instruction by the names of the manual.
struct RiscVWord {
    let bits: UInt32

    var opcode: UInt32 { bits & 0x7F }
    var rd: UInt8 { UInt8(bits >> 7 & 31) }
    var funct3: UInt32 { bits >> 12 & 7 }
    var rs1: UInt8 { UInt8(bits >> 15 & 31) }
    var rs2: UInt8 { UInt8(bits >> 20 & 31) }
    var funct7: UInt32 { bits >> 25 }

    private var signed: Int64 { Int64(Int32(bitPattern: bits)) }
    var immediateI: Int64 { signed >> 20 }
    var immediateS: Int64 { (signed >> 25) << 5 | Int64(bits >> 7 & 31) }
    var immediateU: Int64 { (signed >> 12) << 12 }
    var immediateB: Int64 {
        (signed >> 31) << 12 | Int64(bits >> 7 & 1) << 11 | Int64(bits >> 25 & 63) << 5
            | Int64(bits >> 8 & 15) << 1
    }
    var immediateJ: Int64 {
        (signed >> 31) << 20 | Int64(bits >> 12 & 255) << 12 | Int64(bits >> 20 & 1) << 11
            | Int64(bits >> 21 & 1023) << 1
    }
}

extension RiscVInstruction {
    /// The instruction of 32 bits; nil where no accepted set has it.
    init?(word bits: UInt32) {
        let word = RiscVWord(bits: bits)
        let found: RiscVInstruction? =
            switch word.opcode {
            case 0x37: Self.make(.lui, word, immediate: word.immediateU)
            case 0x17: Self.make(.auipc, word, immediate: word.immediateU)
            case 0x6F: Self.make(.jal, word, immediate: word.immediateJ)
            case 0x67 where word.funct3 == 0: Self.make(.jalr, word, immediate: word.immediateI)
            case 0x63: Self.branch(word)
            case 0x03: Self.load(word)
            case 0x23: Self.store(word)
            case 0x13: Self.immediate(word)
            case 0x1B: Self.immediateWord(word)
            case 0x33: Self.registers(word, Self.wide[word.key])
            case 0x3B: Self.registers(word, Self.narrow[word.key])
            case 0x0F where bits & 0xF00F_FFFF == 0x0F || bits == 0x8330_000F:
                // `fence` between any kinds of access, and `fence.tso`.
                RiscVInstruction(operation: .fence)
            case 0x73: Self.system(word)
            case 0x0B: Self.custom(word)
            default: nil
            }
        guard let found else { return nil }
        self = found
    }

    private static func make(
        _ operation: RiscVOperation?, _ word: RiscVWord, immediate: Int64
    ) -> RiscVInstruction? {
        guard let operation else { return nil }
        let takesSource = operation != .lui && operation != .auipc && operation != .jal
        return RiscVInstruction(
            operation: operation, rd: word.rd, rs1: takesSource ? word.rs1 : 0,
            immediate: immediate)
    }

    private static func branch(_ word: RiscVWord) -> RiscVInstruction? {
        let list: [RiscVOperation?] = [.beq, .bne, nil, nil, .blt, .bge, .bltu, .bgeu]
        guard let operation = list[Int(word.funct3)] else { return nil }
        return RiscVInstruction(
            operation: operation, rs1: word.rs1, rs2: word.rs2, immediate: word.immediateB)
    }

    private static func load(_ word: RiscVWord) -> RiscVInstruction? {
        let list: [RiscVOperation?] = [.lb, .lh, .lw, .ld, .lbu, .lhu, .lwu, nil]
        return make(list[Int(word.funct3)], word, immediate: word.immediateI)
    }

    private static func store(_ word: RiscVWord) -> RiscVInstruction? {
        let list: [RiscVOperation] = [.sb, .sh, .sw, .sd]
        guard word.funct3 < 4 else { return nil }
        return RiscVInstruction(
            operation: list[Int(word.funct3)], rs1: word.rs1, rs2: word.rs2,
            immediate: word.immediateS)
    }

    private static func immediate(_ word: RiscVWord) -> RiscVInstruction? {
        let shift = Int64(word.bits >> 20 & 63)
        switch word.funct3 {
        case 0: return make(.addi, word, immediate: word.immediateI)
        case 2: return make(.slti, word, immediate: word.immediateI)
        case 3: return make(.sltiu, word, immediate: word.immediateI)
        case 4: return make(.xori, word, immediate: word.immediateI)
        case 6: return make(.ori, word, immediate: word.immediateI)
        case 7: return make(.andi, word, immediate: word.immediateI)
        case 1:
            if word.bits >> 26 == 0 { return make(.slli, word, immediate: shift) }
            return word.bits >> 25 == 0x30 ? make(unary[word.rs2], word, immediate: 0) : nil
        default:
            switch (word.bits >> 26, word.bits >> 20) {
            case (0, _): return make(.srli, word, immediate: shift)
            case (0x10, _): return make(.srai, word, immediate: shift)
            case (0x18, _): return make(.rori, word, immediate: shift)
            case (_, 0x6B8): return make(.rev8, word, immediate: 0)
            default: return nil
            }
        }
    }

    private static func immediateWord(_ word: RiscVWord) -> RiscVInstruction? {
        let shift = Int64(word.rs2)
        switch (word.funct3, word.funct7) {
        case (0, _): return make(.addiw, word, immediate: word.immediateI)
        case (1, 0): return make(.slliw, word, immediate: shift)
        case (1, 0x30): return make(unaryWord[word.rs2], word, immediate: 0)
        case (5, 0): return make(.srliw, word, immediate: shift)
        case (5, 0x20): return make(.sraiw, word, immediate: shift)
        case (5, 0x30): return make(.roriw, word, immediate: shift)
        default: return nil
        }
    }

    private static func registers(
        _ word: RiscVWord, _ operation: RiscVOperation?
    ) -> RiscVInstruction? {
        guard let operation else { return nil }
        if operation == .zexth {
            return word.rs2 == 0 ? make(.zexth, word, immediate: 0) : nil
        }
        return RiscVInstruction(operation: operation, rd: word.rd, rs1: word.rs1, rs2: word.rs2)
    }

    private static func system(_ word: RiscVWord) -> RiscVInstruction? {
        switch word.bits {
        case 0x73: RiscVInstruction(operation: .ecall)
        case 0x10_0073: RiscVInstruction(operation: .ebreak)
        // `csrrw x0, cycle, x0`, which assemblers write for `unimp`.
        case 0xC000_1073: RiscVInstruction(operation: .unimp)
        default: nil
        }
    }

    private static func custom(_ word: RiscVWord) -> RiscVInstruction? {
        switch word.funct3 {
        case 0 where word.rd == 0 && word.rs1 == 0:
            RiscVInstruction(operation: .host, immediate: word.immediateI)
        case 1 where word.immediateI == 0:
            RiscVInstruction(operation: .grow, rd: word.rd, rs1: word.rs1)
        default: nil
        }
    }
}

extension RiscVWord {
    /// What tells the operations of one opcode apart.
    fileprivate var key: UInt32 { funct7 << 3 | funct3 }
}

extension RiscVInstruction {
    private static func row(
        _ funct7: UInt32, _ list: [RiscVOperation?]
    ) -> [(UInt32, RiscVOperation)] {
        list.enumerated().compactMap { index, operation in
            operation.map { (funct7 << 3 | UInt32(index), $0) }
        }
    }

    private static let wide = Dictionary(
        uniqueKeysWithValues:
            row(0x00, [.add, .sll, .slt, .sltu, .xor, .srl, .or, .and])
            + row(0x20, [.sub, nil, nil, nil, .xnor, .sra, .orn, .andn])
            + row(0x01, [.mul, .mulh, .mulhsu, .mulhu, .div, .divu, .rem, .remu])
            + row(0x05, [nil, nil, nil, nil, .min, .minu, .max, .maxu])
            + row(0x30, [nil, .rol, nil, nil, nil, .ror])
            + row(0x07, [nil, nil, nil, nil, nil, .czeroEqual, nil, .czeroNotEqual]))

    private static let narrow = Dictionary(
        uniqueKeysWithValues:
            row(0x00, [.addw, .sllw, nil, nil, nil, .srlw])
            + row(0x20, [.subw, nil, nil, nil, nil, .sraw])
            + row(0x01, [.mulw, nil, nil, nil, .divw, .divuw, .remw, .remuw])
            + row(0x30, [nil, .rolw, nil, nil, nil, .rorw])
            + row(0x04, [nil, nil, nil, nil, .zexth]))

    private static let unary: [UInt8: RiscVOperation] = [
        0: .clz, 1: .ctz, 2: .cpop, 4: .sextb, 5: .sexth,
    ]
    private static let unaryWord: [UInt8: RiscVOperation] = [0: .clzw, 1: .ctzw, 2: .cpopw]
}
