// A RISC-V instruction as the translation needs it, compressed or not.

/// What an instruction does; names as in the RISC-V manual.
enum RiscVOperation: String, CaseIterable, Sendable {
    case lui, auipc, jal, jalr
    case beq, bne, blt, bge, bltu, bgeu
    case lb, lh, lw, ld, lbu, lhu, lwu
    case sb, sh, sw, sd
    case addi, slti, sltiu, xori, ori, andi, slli, srli, srai
    case addiw, slliw, srliw, sraiw, rori, roriw
    case add, sub, sll, slt, sltu, xor, srl, sra, or, and
    case addw, subw, sllw, srlw, sraw
    case mul, mulh, mulhsu, mulhu, div, divu, rem, remu
    case mulw, divw, divuw, remw, remuw
    case andn, orn, xnor, max, maxu, min, minu, rol, ror, rolw, rorw
    case clz, ctz, cpop, clzw, ctzw, cpopw
    case sextb = "sext.b"
    case sexth = "sext.h"
    case zexth = "zext.h"
    case rev8
    case czeroEqual = "czero.eqz"
    case czeroNotEqual = "czero.nez"
    case fence, ecall, ebreak
    /// The bits that the manual keeps for what must never run.
    case unimp
    /// Custom-0 with funct3 0: a host call, its number in the immediate.
    case host
    /// Custom-0 with funct3 1: `sbrk rd, rs1`.
    case grow
}

/// A decoded instruction. Fields its operation does not have are zero.
struct RiscVInstruction: Hashable, Sendable {
    var operation: RiscVOperation
    /// Register numbers, 0 to 31.
    var rd: UInt8 = 0
    var rs1: UInt8 = 0
    var rs2: UInt8 = 0
    /// Sign-extended; for jumps and branches the distance in bytes.
    var immediate: Int64 = 0
    /// Bytes, 2 or 4.
    var length = 4
}
