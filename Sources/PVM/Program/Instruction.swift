// One instruction as the Gray Paper describes it: what it is, its registers and its immediates.

/// A decoded instruction. Fields its form does not have are zero.
public struct Instruction: Sendable {
    public let specification: Specification
    /// Index of its first byte in the code.
    public let pc: Int
    /// Bytes to the next instruction, 1 to 25.
    public let length: Int
    /// Registers r_A, r_B and r_D, 0 to 12.
    public var a: UInt8 = 0
    public var b: UInt8 = 0
    public var d: UInt8 = 0
    /// Immediates v_X and v_Y, sign-extended.
    public var x: UInt64 = 0
    public var y: UInt64 = 0
    /// The index in the code at which a jump or branch aims, whether or not it may.
    public var target: Int = 0

    public init(_ specification: Specification, pc: Int, length: Int) {
        self.specification = specification
        self.pc = pc
        self.length = length
    }
}

extension Instruction {
    /// Decodes the instruction at `pc`; code beyond its end reads as zero.
    ///
    /// - Parameter length: bytes to the next instruction, 1 to 25.
    init(_ specification: Specification, in code: [UInt8], pc: Int, length: Int) {
        self.init(specification, pc: pc, length: length)
        let arguments = Arguments(code: code, start: pc + 1)
        let rest = length - 1
        switch specification.form {
        case .bare: break
        case .immediate: x = arguments.signed(at: 0, rest)
        case .registerWide:
            a = arguments.low(0)
            x = arguments.unsigned(at: 1, 8)
        case .twoImmediates: readTwo(arguments, arguments.byte(0), after: 1, rest)
        case .offset: target = pc + arguments.distance(at: 0, rest)
        case .registerImmediate:
            a = arguments.low(0)
            x = arguments.signed(at: 1, rest - 1)
        case .registerTwoImmediates, .registerImmediateOffset:
            a = arguments.low(0)
            readTwo(arguments, arguments.byte(0) >> 4, after: 1, rest)
            if specification.form == .registerImmediateOffset {
                target = pc + Int(Int64(bitPattern: y))
                y = 0
            }
        case .twoRegisters:
            d = arguments.low(0)
            a = arguments.high(0)
        case .twoRegistersImmediate, .twoRegistersOffset, .twoRegistersTwoImmediates:
            a = arguments.low(0)
            b = arguments.high(0)
            switch specification.form {
            case .twoRegistersImmediate: x = arguments.signed(at: 1, rest - 1)
            case .twoRegistersOffset: target = pc + arguments.distance(at: 1, rest - 1)
            default: readTwo(arguments, arguments.byte(1), after: 2, rest)
            }
        case .threeRegisters:
            a = arguments.low(0)
            b = arguments.high(0)
            d = min(12, arguments.byte(1))
        }
    }

    /// Two immediates after `start` bytes of arguments, the first of `size mod 8` bytes.
    private mutating func readTwo(
        _ arguments: Arguments, _ size: UInt8, after start: Int, _ rest: Int
    ) {
        let first = min(4, Int(size & 7))
        x = arguments.signed(at: start, first)
        y = arguments.signed(at: start + first, rest - first - start)
    }
}

/// The bytes after an opcode.
private struct Arguments {
    let code: [UInt8]
    let start: Int

    func byte(_ index: Int) -> UInt8 {
        start + index < code.count ? code[start + index] : 0
    }

    func low(_ index: Int) -> UInt8 { min(12, byte(index) & 15) }
    func high(_ index: Int) -> UInt8 { min(12, byte(index) >> 4) }

    func unsigned(at index: Int, _ count: Int) -> UInt64 {
        (0..<count).reversed().reduce(0) { $0 << 8 | UInt64(byte(index + $1)) }
    }

    /// At most four bytes, sign-extended.
    func signed(at index: Int, _ count: Int) -> UInt64 {
        let width = max(0, min(4, count))
        guard width > 0 else { return 0 }
        let free = Int64(64 - 8 * width)
        let shifted = Int64(bitPattern: unsigned(at: index, width)) << free
        return UInt64(bitPattern: shifted >> free)
    }

    func distance(at index: Int, _ count: Int) -> Int {
        Int(Int64(bitPattern: signed(at: index, count)))
    }
}
