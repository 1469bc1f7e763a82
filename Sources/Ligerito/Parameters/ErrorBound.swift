// Upper bounds on probabilities, in integers and rounded up, so that no bound is ever too small.

/// `mantissa * 2^exponent`, at least the probability meant; `mantissa` is at least 2^63.
public struct ErrorBound: Hashable, Sendable {
    private var mantissa: UInt64
    private var exponent: Int

    /// `numerator / 2^shift`, exactly; `numerator` is at least 1.
    public init(_ numerator: UInt64, over shift: Int) {
        precondition(numerator > 0, "bounds are positive")
        let zeros = numerator.leadingZeroBitCount
        mantissa = numerator << UInt64(zeros)
        exponent = -shift - zeros
    }

    /// The bound of both: the product of the two numbers, for independent events.
    public static func * (left: ErrorBound, right: ErrorBound) -> ErrorBound {
        let (high, low) = left.mantissa.multipliedFullWidth(by: right.mantissa)
        let isNormal = high >> 63 == 1
        let top = isNormal ? high : high << 1 | low >> 63
        let rest = isNormal ? low : low << 1
        return rounded(top, up: rest != 0, left.exponent + right.exponent + (isNormal ? 64 : 63))
    }

    /// The bound of either: the sum of the two numbers.
    public static func + (left: ErrorBound, right: ErrorBound) -> ErrorBound {
        let (large, small) =
            left.exponent >= right.exponent ? (left, right) : (right, left)
        let shift = UInt64(large.exponent - small.exponent)
        let part = shift > 63 ? 0 : small.mantissa >> shift
        let loses = shift > 63 || part << shift != small.mantissa
        let (sum, carries) = large.mantissa.addingReportingOverflow(part)
        if !carries { return rounded(sum, up: loses, large.exponent) }
        return rounded(1 << 63 | sum >> 1, up: loses || sum & 1 == 1, large.exponent + 1)
    }

    public func power(_ count: Int) -> ErrorBound {
        precondition(count > 0, "at least one factor")
        return (1..<count).reduce(self) { product, _ in product * self }
    }

    /// The largest n for which the bound is at most 2^-n.
    public var bits: Int { -(exponent + 63) - (mantissa == 1 << 63 ? 0 : 1) }

    private static func rounded(_ mantissa: UInt64, up: Bool, _ exponent: Int) -> ErrorBound {
        var bound = ErrorBound(1, over: 0)
        let (next, carries) = mantissa.addingReportingOverflow(up ? 1 : 0)
        bound.mantissa = carries ? 1 << 63 : next
        bound.exponent = carries ? exponent + 1 : exponent
        return bound
    }
}
