// The steps of the slow machine, by number of the instruction.
import PVM

extension SlowMachine {
    /// - Returns: the program counter of the next step.
    mutating func step(_ number: UInt8) throws(Interruption) -> Int {
        let length = skip(pc)
        let next = pc + 1 + length
        let (low4, high4) = (Int(min(12, byte(pc + 1) % 16)), Int(min(12, byte(pc + 1) / 16)))
        switch number {
        case 0: throw Interruption(exit: .panic)
        case 1: return next
        case 10: throw Interruption(exit: .hostCall(immediate(pc + 1, length)))
        case 20: registers[low4] = self.number(pc + 2, 8)
        case 30...33:
            let first = min(4, Int(byte(pc + 1) % 8))
            try store(
                immediate(pc + 2 + first, length - first - 1), immediate(pc + 2, first),
                1 << UInt64(number - 30))
        case 40: return try branch(true, pc + distance(pc + 1, length), next)
        case 50...62: return try oneRegister(number, low4, immediate(pc + 2, length - 1), next)
        case 70...73:
            let first = min(4, Int(byte(pc + 1) / 16 % 8))
            try store(
                immediate(pc + 2 + first, length - first - 1),
                registers[low4] &+ immediate(pc + 2, first), 1 << UInt64(number - 70))
        case 80...90: return try branchOnImmediate(number, low4, length, next)
        case 100...111: registers[low4] = unary(number, registers[high4])
        case 120...161: try twoRegisters(number, low4, high4, immediate(pc + 2, length - 1))
        case 170...175:
            let isTaken = compare(number - 170, registers[low4], registers[high4])
            return try branch(isTaken, pc + distance(pc + 2, length - 1), next)
        case 180:
            let first = min(4, Int(byte(pc + 2) % 8))
            let address = registers[high4] &+ immediate(pc + 3 + first, length - first - 2)
            registers[low4] = immediate(pc + 3, first)
            return try indirect(address)
        default:
            let target = Int(min(12, byte(pc + 2)))
            registers[target] = three(
                number, registers[low4], registers[high4], registers[target])
        }
        return next
    }

    private func distance(_ start: Int, _ count: Int) -> Int {
        Int(signed(immediate(start, count)))
    }

    /// Equal, not equal, less unsigned, less signed, not less unsigned, not less signed.
    private func compare(_ kind: UInt8, _ left: UInt64, _ right: UInt64) -> Bool {
        switch kind {
        case 0: left == right
        case 1: left != right
        case 2: left < right
        case 3: signed(left) < signed(right)
        case 4: left >= right
        default: signed(left) >= signed(right)
        }
    }

    private mutating func oneRegister(
        _ number: UInt8, _ register: Int, _ immediate: UInt64, _ next: Int
    ) throws(Interruption) -> Int {
        switch number {
        case 50: return try indirect(registers[register] &+ immediate)
        case 51: registers[register] = immediate
        case 52...58: registers[register] = try load(number - 52, immediate)
        default: try store(registers[register], immediate, 1 << UInt64(number - 59))
        }
        return next
    }

    /// u8, i8, u16, i16, u32, i32, u64.
    private func load(_ kind: UInt8, _ address: UInt64) throws(Interruption) -> UInt64 {
        let count = UInt64(1) << UInt64(kind / 2)
        let value = try load(address, count)
        return kind % 2 == 1 ? wrap(signed(value, Int128(8 * count))) : value
    }

    private mutating func branchOnImmediate(
        _ number: UInt8, _ register: Int, _ length: Int, _ next: Int
    ) throws(Interruption) -> Int {
        let first = min(4, Int(byte(pc + 1) / 16 % 8))
        let value = immediate(pc + 2, first)
        let target = pc + distance(pc + 2 + first, length - first - 1)
        let left = registers[register]
        switch number {
        case 80:
            registers[register] = value
            return try branch(true, target, next)
        case 81: return try branch(left == value, target, next)
        case 82: return try branch(left != value, target, next)
        case 83: return try branch(left < value, target, next)
        case 84: return try branch(left <= value, target, next)
        case 85: return try branch(left >= value, target, next)
        case 86: return try branch(left > value, target, next)
        case 87: return try branch(signed(left) < signed(value), target, next)
        case 88: return try branch(signed(left) <= signed(value), target, next)
        case 89: return try branch(signed(left) >= signed(value), target, next)
        default: return try branch(signed(left) > signed(value), target, next)
        }
    }

    private func unary(_ number: UInt8, _ value: UInt64) -> UInt64 {
        func bits(_ count: UInt64) -> [Bool] { (0..<count).map { value >> $0 & 1 == 1 } }
        func run(_ bits: some Sequence<Bool>) -> UInt64 {
            UInt64(bits.prefix { !$0 }.map { $0 }.count)
        }
        switch number {
        case 100: return value
        case 102: return UInt64(bits(64).filter { $0 }.count)
        case 103: return UInt64(bits(32).filter { $0 }.count)
        case 104: return run(bits(64).reversed())
        case 105: return run(bits(32).reversed())
        case 106: return run(bits(64))
        case 107: return run(bits(32))
        case 108: return wrap(signed(value, 8))
        case 109: return wrap(signed(value, 16))
        case 110: return value % 65_536
        case 111: return (0..<8).reduce(0) { $0 << 8 | (value >> (8 * UInt64($1)) & 0xFF) }
        default: preconditionFailure("the slow machine has no sbrk")
        }
    }

    private mutating func twoRegisters(
        _ number: UInt8, _ a: Int, _ b: Int, _ value: UInt64
    ) throws(Interruption) {
        let operand = registers[b]
        switch number {
        case 120...123: try store(registers[a], operand &+ value, 1 << UInt64(number - 120))
        case 124...130: registers[a] = try load(number - 124, operand &+ value)
        case 141: registers[a] = word(Int128(value) - Int128(operand))
        case 142: registers[a] = operand > value ? 1 : 0
        case 143: registers[a] = signed(operand) > signed(value) ? 1 : 0
        case 144: registers[a] = three(197, value, operand, 0)
        case 145: registers[a] = three(198, value, operand, 0)
        case 146: registers[a] = three(199, value, operand, 0)
        case 147: registers[a] = operand == 0 ? value : registers[a]
        case 148: registers[a] = operand != 0 ? value : registers[a]
        case 154: registers[a] = wrap(Int128(value) - Int128(operand))
        case 155: registers[a] = three(207, value, operand, 0)
        case 156: registers[a] = three(208, value, operand, 0)
        case 157: registers[a] = three(209, value, operand, 0)
        case 159: registers[a] = three(222, value, operand, 0)
        case 161: registers[a] = three(223, value, operand, 0)
        default:
            let same: [UInt8: UInt8] = [
                131: 190, 132: 210, 133: 211, 134: 212, 135: 192, 136: 216, 137: 217, 138: 197,
                139: 198, 140: 199, 149: 200, 150: 202, 151: 207, 152: 208, 153: 209, 158: 222,
                160: 223,
            ]
            registers[a] = three(same[number] ?? 0, operand, value, 0)
        }
    }

    private func three(
        _ number: UInt8, _ left: UInt64, _ right: UInt64, _ old: UInt64
    ) -> UInt64 {
        let (a, b) = (Int128(left), Int128(right))
        let (sa, sb) = (signed(left), signed(right))
        let (a32, b32) = (Int128(low(left)), Int128(low(right)))
        let (sa32, sb32) = (signed(left, 32), signed(right, 32))
        switch number {
        case 190: return word(a + b)
        case 191: return word(a - b)
        case 192: return word(a32 * b32)
        case 193: return word(quotient(a32, b32))
        case 194: return word(quotient(sa32, sb32))
        case 195: return word(rest(a32, b32))
        case 196: return word(rest(sa32, sb32))
        case 197: return word(a32 << (b % 32))
        case 198: return word(a32 >> (b % 32))
        case 199: return word(sa32 >> (b % 32))
        case 200: return wrap(a + b)
        case 201: return wrap(a - b)
        case 202: return wrap(a &* b)
        case 203: return wrap(quotient(a, b))
        case 204: return wrap(quotient(sa, sb))
        case 205: return wrap(rest(a, b))
        case 206: return wrap(rest(sa, sb))
        case 207: return wrap(a << (b % 64))
        case 208: return wrap(a >> (b % 64))
        case 209: return wrap(sa >> (b % 64))
        case 210: return left & right
        case 211: return left ^ right
        case 212: return left | right
        case 213: return wrap((sa * sb) >> 64)
        case 214: return UInt64((UInt128(left) * UInt128(right)) >> 64)
        case 215: return wrap((sa * b) >> 64)
        case 216: return left < right ? 1 : 0
        case 217: return sa < sb ? 1 : 0
        case 218: return right == 0 ? left : old
        case 219: return right != 0 ? left : old
        case 220: return rotatedRight(left, 64 - right % 64, 64)
        case 221: return word(Int128(rotatedRight(low(left), 32 - right % 32, 32)))
        case 222: return rotatedRight(left, right % 64, 64)
        case 223: return word(Int128(rotatedRight(low(left), right % 32, 32)))
        case 224: return left & ~right
        case 225: return left | ~right
        case 226: return ~(left ^ right)
        case 227: return wrap(max(sa, sb))
        case 228: return max(left, right)
        case 229: return wrap(min(sa, sb))
        default: return min(left, right)
        }
    }
}
