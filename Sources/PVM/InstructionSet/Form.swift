// The thirteen shapes an instruction's arguments come in, and the operands of each in order.

/// How the arguments of an instruction are laid out in its bytes (Gray Paper, A.5.1 to A.5.13).
public enum Form: UInt8, CaseIterable, Sendable {
    case bare
    case immediate
    case registerWide
    case twoImmediates
    case offset
    case registerImmediate
    case registerTwoImmediates
    case registerImmediateOffset
    case twoRegisters
    case twoRegistersImmediate
    case twoRegistersOffset
    case twoRegistersTwoImmediates
    case threeRegisters
}

/// One argument of an instruction, by the name it has in the Gray Paper.
public enum Operand: Hashable, Sendable {
    /// Register r_A, r_B or r_D.
    case a, b, d
    /// Immediate v_X or v_Y: at most four bytes, sign-extended to 64 bits.
    case x, y
    /// Immediate v_X of eight bytes.
    case wide
    /// A jump target, stored as a distance from the instruction.
    case target
}

extension Form {
    /// The operands in the order in which assembly text gives them.
    public var operands: [Operand] {
        switch self {
        case .bare: []
        case .immediate: [.x]
        case .registerWide: [.a, .wide]
        case .twoImmediates: [.x, .y]
        case .offset: [.target]
        case .registerImmediate: [.a, .x]
        case .registerTwoImmediates: [.a, .x, .y]
        case .registerImmediateOffset: [.a, .x, .target]
        case .twoRegisters: [.d, .a]
        case .twoRegistersImmediate: [.a, .b, .x]
        case .twoRegistersOffset: [.a, .b, .target]
        case .twoRegistersTwoImmediates: [.a, .b, .x, .y]
        case .threeRegisters: [.d, .a, .b]
        }
    }
}
