// RISC-V by the letter of the manual, one instruction at a time, over a small memory.
@testable import Linker

/// Runs decoded instructions of 4 bytes until an `ebreak`.
struct SlowRiscV {
    var registers = [UInt64](repeating: 0, count: 32)
    /// The bytes at `base`.
    var memory: [UInt8]
    let base: UInt64
    private var pc = 0

    init(memory: [UInt8], base: UInt64) { (self.memory, self.base) = (memory, base) }

    /// - Returns: whether it came to an `ebreak` within `limit` instructions.
    mutating func run(_ code: [RiscVInstruction], limit: Int) -> Bool {
        for _ in 0..<limit {
            guard code.indices.contains(pc / 4) else { return false }
            let each = code[pc / 4]
            if each.operation == .ebreak { return true }
            var next = pc + 4
            step(each, &next)
            registers[0] = 0
            pc = next
        }
        return false
    }

    private mutating func step(_ each: RiscVInstruction, _ next: inout Int) {
        let (left, right) = (registers[Int(each.rs1)], registers[Int(each.rs2)])
        let immediate = UInt64(bitPattern: each.immediate)
        let address = left &+ immediate
        switch each.operation {
        case .lui: registers[Int(each.rd)] = immediate
        case .jal: next = pc + Int(each.immediate)
        case .beq, .bne, .blt, .bge, .bltu, .bgeu:
            if Self.holds(each.operation, left, right) { next = pc + Int(each.immediate) }
        case .lb: registers[Int(each.rd)] = Self.signed(load(address, 1), 8)
        case .lh: registers[Int(each.rd)] = Self.signed(load(address, 2), 16)
        case .lw: registers[Int(each.rd)] = Self.signed(load(address, 4), 32)
        case .ld: registers[Int(each.rd)] = load(address, 8)
        case .lbu: registers[Int(each.rd)] = load(address, 1)
        case .lhu: registers[Int(each.rd)] = load(address, 2)
        case .lwu: registers[Int(each.rd)] = load(address, 4)
        case .sb: store(address, 1, right)
        case .sh: store(address, 2, right)
        case .sw: store(address, 4, right)
        case .sd: store(address, 8, right)
        default: registers[Int(each.rd)] = Self.result(each.operation, left, right, immediate)
        }
    }

    private func load(_ address: UInt64, _ count: Int) -> UInt64 {
        let place = Int(address - base)
        return memory[place..<place + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func store(_ address: UInt64, _ count: Int, _ value: UInt64) {
        for index in 0..<count {
            memory[Int(address - base) + index] = UInt8(
                truncatingIfNeeded: value >> UInt64(8 * index))
        }
    }

    private static func holds(
        _ operation: RiscVOperation, _ left: UInt64, _ right: UInt64
    ) -> Bool {
        switch operation {
        case .beq: left == right
        case .bne: left != right
        case .blt: Int64(bitPattern: left) < Int64(bitPattern: right)
        case .bge: Int64(bitPattern: left) >= Int64(bitPattern: right)
        case .bltu: left < right
        default: left >= right
        }
    }

    /// The low `bits`, sign-extended.
    private static func signed(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        let shift = 64 - bits
        return UInt64(bitPattern: Int64(bitPattern: value << shift) >> Int64(shift))
    }

    /// The operations that end with `w` work on the low halves and extend the result.
    private static func result(
        _ operation: RiscVOperation, _ left: UInt64, _ right: UInt64, _ immediate: UInt64
    ) -> UInt64 {
        switch operation {
        case .addi: return left &+ immediate
        case .slti: return Int64(bitPattern: left) < Int64(bitPattern: immediate) ? 1 : 0
        case .sltiu: return left < immediate ? 1 : 0
        case .xori: return left ^ immediate
        case .ori: return left | immediate
        case .andi: return left & immediate
        case .slli, .srli, .srai, .rori:
            return shifted(shiftOfImmediate[operation] ?? operation, left, immediate)
        case .addiw: return signed(left &+ immediate, 32)
        case .slliw, .srliw, .sraiw, .roriw:
            return shiftedWord(shiftOfImmediate[operation] ?? operation, left, immediate)
        case .add: return left &+ right
        case .sub: return left &- right
        case .slt: return Int64(bitPattern: left) < Int64(bitPattern: right) ? 1 : 0
        case .sltu: return left < right ? 1 : 0
        case .xor: return left ^ right
        case .or: return left | right
        case .and: return left & right
        case .addw: return signed(left &+ right, 32)
        case .subw: return signed(left &- right, 32)
        case .mul: return left &* right
        case .mulw: return signed(left &* right, 32)
        case .andn: return left & ~right
        case .orn: return left | ~right
        case .xnor: return ~(left ^ right)
        case .sll, .srl, .sra, .rol, .ror: return shifted(operation, left, right)
        case .sllw, .srlw, .sraw, .rolw, .rorw: return shiftedWord(operation, left, right)
        case .czeroEqual: return right == 0 ? 0 : left
        case .czeroNotEqual: return right != 0 ? 0 : left
        default: return rare(operation, left, right)
        }
    }

    private static let shiftOfImmediate: [RiscVOperation: RiscVOperation] = [
        .slli: .sll, .srli: .srl, .srai: .sra, .rori: .ror, .slliw: .sllw, .srliw: .srlw,
        .sraiw: .sraw, .roriw: .rorw,
    ]

    private static func shifted(
        _ operation: RiscVOperation, _ value: UInt64, _ count: UInt64
    ) -> UInt64 {
        let by = count % 64
        switch operation {
        case .sll: return value << by
        case .srl: return value >> by
        case .sra: return UInt64(bitPattern: Int64(bitPattern: value) >> Int64(by))
        case .rol: return value << by | (by == 0 ? 0 : value >> (64 - by))
        default: return value >> by | (by == 0 ? 0 : value << (64 - by))
        }
    }

    private static func shiftedWord(
        _ operation: RiscVOperation, _ value: UInt64, _ count: UInt64
    ) -> UInt64 {
        let (low, by) = (value & 0xFFFF_FFFF, count % 32)
        switch operation {
        case .sllw: return signed(low << by, 32)
        case .srlw: return signed(low >> by, 32)
        case .sraw: return UInt64(bitPattern: Int64(bitPattern: signed(low, 32)) >> Int64(by))
        case .rolw: return signed(low << by | low >> (32 - by), 32)
        default: return signed(low >> by | low << (32 - by), 32)
        }
    }

    private static func rare(
        _ operation: RiscVOperation, _ left: UInt64, _ right: UInt64
    ) -> UInt64 {
        let (a, b) = (Int64(bitPattern: left), Int64(bitPattern: right))
        switch operation {
        case .mulh: return UInt64(bitPattern: Int64(truncatingIfNeeded: (Int128(a) * Int128(b)) >> 64))
        case .mulhu: return UInt64(truncatingIfNeeded: (UInt128(left) * UInt128(right)) >> 64)
        case .mulhsu:
            return UInt64(truncatingIfNeeded: (Int128(a) * Int128(right)) >> 64)
        case .div, .rem, .divw, .remw:
            let isWord = operation == .divw || operation == .remw
            let (n, d) = isWord ? ((a << 32) >> 32, (b << 32) >> 32) : (a, b)
            let isQuotient = operation == .div || operation == .divw
            if d == 0 { return isQuotient ? .max : UInt64(bitPattern: n) }
            let found = isQuotient ? Int128(n) / Int128(d) : Int128(n) % Int128(d)
            let low = UInt64(truncatingIfNeeded: found)
            return isWord ? signed(low, 32) : low
        case .divu, .remu: return quotient(left, right, operation == .divu)
        case .divuw, .remuw:
            return signed(
                quotient(left & 0xFFFF_FFFF, right & 0xFFFF_FFFF, operation == .divuw), 32)
        case .max: return a > b ? left : right
        case .min: return a < b ? left : right
        case .maxu: return left > right ? left : right
        case .minu: return left < right ? left : right
        default: return unary(operation, left)
        }
    }

    private static func quotient(_ left: UInt64, _ right: UInt64, _ isQuotient: Bool) -> UInt64 {
        if right == 0 { return isQuotient ? .max : left }
        return isQuotient ? left / right : left % right
    }

    private static func unary(_ operation: RiscVOperation, _ value: UInt64) -> UInt64 {
        let bits = (0..<64).map { value >> UInt64($0) & 1 }
        switch operation {
        case .clz: return UInt64(bits.reversed().prefix { $0 == 0 }.count)
        case .clzw: return UInt64(bits[..<32].reversed().prefix { $0 == 0 }.count)
        case .ctz: return UInt64(bits.prefix { $0 == 0 }.count)
        case .ctzw: return UInt64(bits[..<32].prefix { $0 == 0 }.count)
        case .cpop: return bits.reduce(0, +)
        case .cpopw: return bits[..<32].reduce(0, +)
        case .sextb: return signed(value, 8)
        case .sexth: return signed(value, 16)
        case .zexth: return value & 0xFFFF
        default: return (0..<8).reduce(0) { $0 << 8 | value >> UInt64(8 * $1) & 255 }
        }
    }
}
