// Bits of RISC-V instructions of 32 bits, written by the formats of the manual, not by our decoder.
@testable import Linker

/// An instruction of 32 bits.
enum RiscVEncoding {
    static func bytes(_ words: [UInt32]) -> [UInt8] {
        words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
    }

    static func typeR(_ opcode: UInt32, _ funct: (UInt32, UInt32), _ registers: (UInt32, UInt32, UInt32)) -> UInt32 {
        funct.0 << 25 | registers.2 << 20 | registers.1 << 15 | funct.1 << 12 | registers.0 << 7
            | opcode
    }

    static func typeI(
        _ opcode: UInt32, _ funct3: UInt32, _ rd: UInt32, _ rs1: UInt32, _ immediate: Int32
    ) -> UInt32 {
        UInt32(bitPattern: immediate) << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode
    }

    static func typeS(_ funct3: UInt32, _ base: UInt32, _ source: UInt32, _ offset: Int32) -> UInt32 {
        let bits = UInt32(bitPattern: offset)
        return (bits >> 5 & 0x7F) << 25 | source << 20 | base << 15 | funct3 << 12
            | (bits & 31) << 7 | 0x23
    }

    static func typeB(_ funct3: UInt32, _ left: UInt32, _ right: UInt32, _ offset: Int32) -> UInt32 {
        let bits = UInt32(bitPattern: offset)
        return (bits >> 12 & 1) << 31 | (bits >> 5 & 63) << 25 | right << 20 | left << 15
            | funct3 << 12 | (bits >> 1 & 15) << 8 | (bits >> 11 & 1) << 7 | 0x63
    }

    static func typeU(_ opcode: UInt32, _ rd: UInt32, _ immediate: UInt32) -> UInt32 {
        immediate << 12 | rd << 7 | opcode
    }

    static func jal(_ rd: UInt32, _ offset: Int32) -> UInt32 {
        let bits = UInt32(bitPattern: offset)
        return (bits >> 20 & 1) << 31 | (bits >> 1 & 1023) << 21 | (bits >> 11 & 1) << 20
            | (bits >> 12 & 255) << 12 | rd << 7 | 0x6F
    }

    static func addi(_ rd: UInt32, _ rs1: UInt32, _ immediate: Int32) -> UInt32 {
        typeI(0x13, 0, rd, rs1, immediate)
    }

    static let ebreak: UInt32 = 0x10_0073
    /// `jalr x0, 0(x1)`
    static let ret: UInt32 = 0x8067
    /// A host call of custom-0.
    static func host(_ number: Int32) -> UInt32 { typeI(0x0B, 0, 0, 0, number) }
}
