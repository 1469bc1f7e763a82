// The results of instructions that need no state but their operands; none of them can trap.

/// The kernels that the interpreter calls out of line.
package enum Arithmetic {
    /// - Returns: the result of `kernel`, zero for one that is not here.
    @inline(never)
    package static func result(_ kernel: Kernel, _ left: UInt64, _ right: UInt64) -> UInt64 {
        switch kernel {
        case .andInverted: left & ~right
        case .orInverted: left | ~right
        case .xnor: ~(left ^ right)
        case .rotateLeft64: rotated(left, by: right)
        case .rotateRight64: rotated(left, by: 0 &- right)
        case .rotateLeft32: extended(rotated(low(left), by: low(right)))
        case .rotateRight32: extended(rotated(low(left), by: 0 &- low(right)))
        case .maximumSigned: signed(left) > signed(right) ? left : right
        case .maximumUnsigned: max(left, right)
        case .minimumSigned: signed(left) < signed(right) ? left : right
        case .minimumUnsigned: min(left, right)
        case .mulUpperSigned:
            UInt64(bitPattern: signed(left).multipliedFullWidth(by: signed(right)).high)
        case .mulUpperUnsigned: left.multipliedFullWidth(by: right).high
        case .mulUpperSignedUnsigned:
            left.multipliedFullWidth(by: right).high &- (signed(left) < 0 ? right : 0)
        case .countSetBits64: UInt64(right.nonzeroBitCount)
        case .countSetBits32: UInt64(low(right).nonzeroBitCount)
        case .leadingZeros64: UInt64(right.leadingZeroBitCount)
        case .leadingZeros32: UInt64(low(right).leadingZeroBitCount)
        case .trailingZeros64: UInt64(right.trailingZeroBitCount)
        case .trailingZeros32: UInt64(low(right).trailingZeroBitCount)
        case .signExtend8: UInt64(bitPattern: Int64(Int8(truncatingIfNeeded: right)))
        case .signExtend16: UInt64(bitPattern: Int64(Int16(truncatingIfNeeded: right)))
        case .zeroExtend16: right & 0xFFFF
        case .reverseBytes: right.byteSwapped
        default: quotient(kernel, left, right)
        }
    }

    private static func quotient(
        _ kernel: Kernel, _ left: UInt64, _ right: UInt64
    ) -> UInt64 {
        switch kernel {
        case .divideUnsigned64: divided(left, by: right)
        case .divideSigned64: UInt64(bitPattern: divided(signed(left), by: signed(right)))
        case .remainderUnsigned64: remainder(left, by: right)
        case .remainderSigned64: UInt64(bitPattern: remainder(signed(left), by: signed(right)))
        case .divideUnsigned32: extended(divided(low(left), by: low(right)))
        case .divideSigned32:
            extended(UInt32(bitPattern: divided(signed32(left), by: signed32(right))))
        case .remainderUnsigned32: extended(remainder(low(left), by: low(right)))
        case .remainderSigned32:
            extended(UInt32(bitPattern: remainder(signed32(left), by: signed32(right))))
        default: 0
        }
    }

    /// All ones for a division by zero, the dividend where the quotient does not fit.
    private static func divided<Value: FixedWidthInteger>(
        _ left: Value, by right: Value
    ) -> Value {
        right == 0 ? ~0 : left.dividedReportingOverflow(by: right).partialValue
    }

    /// The dividend for a division by zero, zero where the quotient does not fit.
    private static func remainder<Value: FixedWidthInteger>(
        _ left: Value, by right: Value
    ) -> Value {
        right == 0 ? left : left.remainderReportingOverflow(dividingBy: right).partialValue
    }

    private static func rotated<Value: FixedWidthInteger & UnsignedInteger>(
        _ value: Value, by count: Value
    ) -> Value {
        value &<< count | value &>> (0 &- count)
    }

    @inline(__always) static func low(_ value: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: value)
    }

    @inline(__always) static func signed(_ value: UInt64) -> Int64 { Int64(bitPattern: value) }

    /// The low 32 bits of `value`, shifted right with their sign by `count mod 32`.
    @inline(__always)
    package static func shiftedRightSigned32(_ value: UInt64, _ count: UInt64) -> UInt64 {
        UInt64(bitPattern: Int64(signed32(value) &>> signed32(count)))
    }

    @inline(__always) private static func signed32(_ value: UInt64) -> Int32 {
        Int32(truncatingIfNeeded: value)
    }

    /// 32 bits, sign-extended to 64.
    @inline(__always) static func extended(_ value: UInt32) -> UInt64 {
        UInt64(bitPattern: Int64(Int32(bitPattern: value)))
    }
}
