// Results of instructions for the recorder: the frequent ones here, the others with the
// interpreter.
import PVM

enum Operation {
    /// The result of a step that touches nothing but registers.
    @inline(__always)
    static func result(
        _ kernel: Kernel, _ left: UInt64, _ right: UInt64, _ old: UInt64
    ) -> UInt64 {
        switch kernel {
        case .move: right
        case .add64: left &+ right
        case .add32: extended32(left &+ right)
        case .sub64: left &- right
        case .sub32: extended32(left &- right)
        case .mul64: left &* right
        case .mul32: extended32(left &* right)
        case .and: left & right
        case .or: left | right
        case .xor: left ^ right
        case .shiftLeft64: left &<< right
        case .shiftLeft32: extended32(left << (right & 31))
        case .shiftRight64: left &>> right
        case .shiftRight32: extended32((left & 0xFFFF_FFFF) >> (right & 31))
        case .shiftRightSigned64: UInt64(bitPattern: Int64(bitPattern: left) &>> Int64(right & 63))
        case .shiftRightSigned32: Arithmetic.shiftedRightSigned32(left, right)
        case .lessUnsigned: left < right ? 1 : 0
        case .lessSigned: Int64(bitPattern: left) < Int64(bitPattern: right) ? 1 : 0
        case .moveIfZero: right == 0 ? left : old
        case .moveIfNotZero: right != 0 ? left : old
        default: Arithmetic.result(kernel, left, right)
        }
    }

    static func isTaken(_ kernel: Kernel, _ left: UInt64, _ right: UInt64) -> Bool {
        let (signedLeft, signedRight) = (Int64(bitPattern: left), Int64(bitPattern: right))
        return switch kernel {
        case .branchEqual: left == right
        case .branchNotEqual: left != right
        case .branchLessUnsigned: left < right
        case .branchLessSigned: signedLeft < signedRight
        case .branchNotLessUnsigned: left >= right
        default: signedLeft >= signedRight
        }
    }

    /// What a load makes of the bytes that it read.
    static func extended(_ kernel: Kernel, _ held: UInt64) -> UInt64 {
        switch kernel {
        case .loadI8: UInt64(bitPattern: Int64(Int8(truncatingIfNeeded: held)))
        case .loadI16: UInt64(bitPattern: Int64(Int16(truncatingIfNeeded: held)))
        case .loadI32: extended32(held)
        default: held
        }
    }

    private static func extended32(_ value: UInt64) -> UInt64 {
        UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
    }
}
