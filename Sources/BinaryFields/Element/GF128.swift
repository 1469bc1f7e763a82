// The field of all proofs: GF(2^128), its sums, products and inverses.
import CBinaryFields

/// An element of GF(2)[x] / (x^128 + x^7 + x^2 + x + 1). Bit i of the 128-bit number
/// `high * 2^64 + low` is the coefficient of x^i; in memory and on the wire it is little-endian.
@frozen public struct GF128: Hashable, Sendable {
    /// The coefficients of x^0 to x^63.
    public var low: UInt64
    /// The coefficients of x^64 to x^127.
    public var high: UInt64

    @inlinable public init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// The element whose coefficients are the bits of `low`.
    @inlinable public init(_ low: UInt64) { self.init(low: low, high: 0) }

    /// x^`exponent`, the element with one coefficient set; `exponent` is in 0..<128.
    @inlinable public init(bit exponent: Int) {
        precondition(exponent >= 0 && exponent < 128, "an element has 128 coefficients")
        let bit: UInt64 = 1 << UInt64(exponent & 63)
        self.init(low: exponent < 64 ? bit : 0, high: exponent < 64 ? 0 : bit)
    }

    @inlinable public static var zero: GF128 { GF128(0) }
    @inlinable public static var one: GF128 { GF128(1) }

    /// The coefficient of x^`exponent`, in 0..<128.
    @inlinable public func bit(_ exponent: Int) -> Bool {
        (exponent < 64 ? low : high) >> UInt64(exponent & 63) & 1 == 1
    }

    @inlinable public var isZero: Bool { low | high == 0 }

    /// The sum, which is also the difference: addition is exclusive or.
    @inlinable public static func + (left: GF128, right: GF128) -> GF128 {
        GF128(low: left.low ^ right.low, high: left.high ^ right.high)
    }

    @inlinable public static func += (left: inout GF128, right: GF128) {
        left.low ^= right.low
        left.high ^= right.high
    }

    @inlinable public static func * (left: GF128, right: GF128) -> GF128 {
        GF128(cbf_multiply(left.element, right.element))
    }

    @inlinable public static func *= (left: inout GF128, right: GF128) { left = left * right }

    /// The product with x: a shift, and x^128 = x^7 + x^2 + x + 1 for what leaves.
    @inlinable public func timesX() -> GF128 {
        GF128(
            low: low << 1 ^ (0 &- (high >> 63)) & 0x87,
            high: high << 1 | low >> 63)
    }

    /// The square: the Frobenius map, which is linear over GF(2).
    @inlinable public func squared() -> GF128 { self * self }

    /// self^(2^`count`).
    public func squared(times count: Int) -> GF128 {
        var power = self
        for _ in 0..<count { power = power.squared() }
        return power
    }

    /// The inverse, self^(2^128 - 2); that of zero is zero. 254 products.
    public func inverted() -> GF128 {
        var (result, power) = (GF128.one, self)
        for _ in 1..<128 {
            power = power.squared()
            result *= power
        }
        return result
    }

    /// The absolute trace, the sum of all 128 conjugates: zero or one.
    public func trace() -> GF128 {
        var (sum, power) = (self, self)
        for _ in 1..<128 {
            power = power.squared()
            sum += power
        }
        return sum
    }

    @inlinable init(_ element: cbf_element) {
        low = element.low
        high = element.high
    }

    @inlinable var element: cbf_element { cbf_element(low: low, high: high) }
}

extension GF128: CustomStringConvertible {
    /// 32 hexadecimal digits, the coefficient of x^127 first.
    public var description: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
