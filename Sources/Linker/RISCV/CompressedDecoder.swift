// Decodes the 16-bit instructions of RV64C without floating point (RISC-V manual, chapter 26).

/// Bits of a 16-bit instruction.
private struct Half {
    let bits: UInt32

    var quadrant: UInt32 { bits & 3 }
    var funct3: UInt32 { bits >> 13 & 7 }
    /// Registers of five bits.
    var rd: UInt8 { UInt8(bits >> 7 & 31) }
    var rs2: UInt8 { UInt8(bits >> 2 & 31) }
    /// Registers x8 to x15, of three bits.
    var upper: UInt8 { 8 + UInt8(bits >> 7 & 7) }
    var lower: UInt8 { 8 + UInt8(bits >> 2 & 7) }

    /// `count` bits from bit `from`, put at bit `to`.
    func field(_ from: UInt32, _ count: UInt32, to: UInt32) -> Int64 {
        Int64((bits >> from & (1 << count - 1)) << to)
    }

    /// A sign in bit 12 and five bits from bit 2.
    var immediate: Int64 { field(2, 5, to: 0) - field(12, 1, to: 5) }
    var shift: Int64 { field(2, 5, to: 0) | field(12, 1, to: 5) }

    var jump: Int64 {
        let low = field(3, 3, to: 1) | field(11, 1, to: 4) | field(2, 1, to: 5)
        let middle = field(7, 1, to: 6) | field(6, 1, to: 7) | field(9, 2, to: 8)
        return (low | middle | field(8, 1, to: 10)) - field(12, 1, to: 11)
    }

    var branch: Int64 {
        (field(3, 2, to: 1) | field(10, 2, to: 3) | field(2, 1, to: 5) | field(5, 2, to: 6))
            - field(12, 1, to: 8)
    }

    var offset4: Int64 { field(6, 1, to: 2) | field(10, 3, to: 3) | field(5, 1, to: 6) }
    var offset8: Int64 { field(10, 3, to: 3) | field(5, 2, to: 6) }
}

extension RiscVInstruction {
    /// The instruction of 16 bits; nil where RV64C without floating point has none.
    init?(half bits: UInt16) {
        let half = Half(bits: UInt32(bits))
        let found: RiscVInstruction? =
            switch half.quadrant {
            case 0: Self.first(half)
            case 1: Self.second(half)
            case 2: Self.third(half)
            default: nil
            }
        guard var found else { return nil }
        found.length = 2
        self = found
    }

    private static func first(_ half: Half) -> RiscVInstruction? {
        switch half.funct3 {
        case 0:
            let size =
                half.field(6, 1, to: 2) | half.field(5, 1, to: 3) | half.field(11, 2, to: 4)
                | half.field(7, 4, to: 6)
            if half.bits == 0 { return RiscVInstruction(operation: .unimp) }
            return size == 0 ? nil : of(.addi, half.lower, 2, size)
        case 2: return of(.lw, half.lower, half.upper, half.offset4)
        case 3: return of(.ld, half.lower, half.upper, half.offset8)
        case 6: return store(.sw, half.upper, half.lower, half.offset4)
        case 7: return store(.sd, half.upper, half.lower, half.offset8)
        default: return nil
        }
    }

    private static func second(_ half: Half) -> RiscVInstruction? {
        switch half.funct3 {
        case 0: return of(.addi, half.rd, half.rd, half.immediate)
        case 1: return half.rd == 0 ? nil : of(.addiw, half.rd, half.rd, half.immediate)
        case 2: return of(.addi, half.rd, 0, half.immediate)
        case 3: return upper(half)
        case 4: return arithmetic(half)
        case 5: return of(.jal, 0, 0, half.jump)
        case 6: return compare(.beq, half)
        default: return compare(.bne, half)
        }
    }

    private static func compare(_ operation: RiscVOperation, _ half: Half) -> RiscVInstruction {
        RiscVInstruction(operation: operation, rs1: half.upper, immediate: half.branch)
    }

    /// `c.addi16sp` and `c.lui`.
    private static func upper(_ half: Half) -> RiscVInstruction? {
        guard half.rd == 2 else {
            return half.immediate == 0 ? nil : of(.lui, half.rd, 0, half.immediate << 12)
        }
        let size =
            (half.field(6, 1, to: 4) | half.field(2, 1, to: 5) | half.field(5, 1, to: 6)
                | half.field(3, 2, to: 7)) - half.field(12, 1, to: 9)
        return size == 0 ? nil : of(.addi, 2, 2, size)
    }

    private static func arithmetic(_ half: Half) -> RiscVInstruction? {
        let register = half.upper
        switch half.bits >> 10 & 3 {
        case 0: return of(.srli, register, register, half.shift)
        case 1: return of(.srai, register, register, half.shift)
        case 2: return of(.andi, register, register, half.immediate)
        default:
            let list: [RiscVOperation?] = [
                .sub, .xor, .or, .and, .subw, .addw, nil, nil,
            ]
            let index = half.field(5, 2, to: 0) | half.field(12, 1, to: 2)
            guard let operation = list[Int(index)] else { return nil }
            return RiscVInstruction(
                operation: operation, rd: register, rs1: register, rs2: half.lower)
        }
    }

    private static func third(_ half: Half) -> RiscVInstruction? {
        switch half.funct3 {
        case 0: return of(.slli, half.rd, half.rd, half.shift)
        case 2:
            let offset =
                half.field(4, 3, to: 2) | half.field(12, 1, to: 5) | half.field(2, 2, to: 6)
            return half.rd == 0 ? nil : of(.lw, half.rd, 2, offset)
        case 3:
            let offset =
                half.field(5, 2, to: 3) | half.field(12, 1, to: 5) | half.field(2, 3, to: 6)
            return half.rd == 0 ? nil : of(.ld, half.rd, 2, offset)
        case 4: return jumpOrMove(half)
        case 6: return store(.sw, 2, half.rs2, half.field(9, 4, to: 2) | half.field(7, 2, to: 6))
        case 7: return store(.sd, 2, half.rs2, half.field(10, 3, to: 3) | half.field(7, 3, to: 6))
        default: return nil
        }
    }

    private static func jumpOrMove(_ half: Half) -> RiscVInstruction? {
        let isSecond = half.bits >> 12 & 1 == 1
        switch (half.rd, half.rs2) {
        case (0, 0): return isSecond ? RiscVInstruction(operation: .ebreak) : nil
        case (let target, 0): return of(.jalr, isSecond ? 1 : 0, target, 0)
        case (let rd, let source):
            return RiscVInstruction(
                operation: .add, rd: rd, rs1: isSecond ? rd : 0, rs2: source)
        }
    }

    private static func of(
        _ operation: RiscVOperation, _ rd: UInt8, _ rs1: UInt8, _ immediate: Int64
    ) -> RiscVInstruction {
        RiscVInstruction(operation: operation, rd: rd, rs1: rs1, immediate: immediate)
    }

    private static func store(
        _ operation: RiscVOperation, _ base: UInt8, _ source: UInt8, _ offset: Int64
    ) -> RiscVInstruction {
        RiscVInstruction(operation: operation, rs1: base, rs2: source, immediate: offset)
    }
}
