// What the interpreter does for an instruction, once immediates and registers look alike.

/// The operation of a decoded instruction on `left = a + x`, `right = b + y` and the cell `d`.
///
/// Several instructions share a kernel: an immediate is added to the cell that is always zero, and
/// where an instruction is defined with its operands exchanged they are exchanged while decoding.
package enum Kernel: UInt8, CaseIterable, Sendable {
    // Control: all but `call` and `grow` end a basic block.
    case trap, pass, jump, jumpIndirect
    case branchEqual, branchNotEqual, branchLessUnsigned, branchLessSigned
    case branchNotLessUnsigned, branchNotLessSigned
    case call, grow

    // Memory at the address `left`; a store writes `right`.
    case loadU8, loadI8, loadU16, loadI16, loadU32, loadI32, loadU64
    case store8, store16, store32, store64

    // Results of `left` and `right`; those of one argument take `right`.
    case move, add64, add32, sub64, sub32, mul64, mul32, and, or, xor
    case shiftLeft64, shiftLeft32, shiftRight64, shiftRight32
    case shiftRightSigned64, shiftRightSigned32
    case lessUnsigned, lessSigned
    /// `left` where `right` is zero (is not), else `d` as it was.
    case moveIfZero, moveIfNotZero

    // The same, seldom enough to be called out of line.
    case andInverted, orInverted, xnor
    case rotateLeft64, rotateLeft32, rotateRight64, rotateRight32
    case maximumSigned, maximumUnsigned, minimumSigned, minimumUnsigned
    case mulUpperSigned, mulUpperUnsigned, mulUpperSignedUnsigned
    case divideUnsigned64, divideSigned64, remainderUnsigned64, remainderSigned64
    case divideUnsigned32, divideSigned32, remainderUnsigned32, remainderSigned32
    case countSetBits64, countSetBits32, leadingZeros64, leadingZeros32
    case trailingZeros64, trailingZeros32
    case signExtend8, signExtend16, zeroExtend16, reverseBytes
}

extension Kernel {
    package var isLoad: Bool {
        (Kernel.loadU8.rawValue...Kernel.loadU64.rawValue).contains(rawValue)
    }
    package var isStore: Bool {
        (Kernel.store8.rawValue...Kernel.store64.rawValue).contains(rawValue)
    }
    package var isBranch: Bool {
        (Kernel.branchEqual.rawValue...Kernel.branchNotLessSigned.rawValue).contains(rawValue)
    }
    /// Whether a basic block ends with it.
    package var endsBlock: Bool { rawValue <= Kernel.branchNotLessSigned.rawValue }
    /// Bytes of memory it touches; 0 where it touches none.
    package var accessWidth: Int {
        switch self {
        case .loadU8, .loadI8, .store8: 1
        case .loadU16, .loadI16, .store16: 2
        case .loadU32, .loadI32, .store32: 4
        case .loadU64, .store64: 8
        default: 0
        }
    }
}
