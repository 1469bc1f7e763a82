// Money in attributes: decimals and binary doubles to nano-credits, by integer arithmetic only.
import Primitives

enum Cost {
    /// 10^9 times `dollars`, rounded to the nearest integer, half to even; exact for the binary
    /// value. Nil for negative numbers, infinities, NaN, and results of 2^96 or more.
    static func nanoCredits(_ dollars: Double) -> UInt128? {
        scaled(dollars, by: Nanoseconds.perSecond)
    }

    /// `factor` times `value`, rounded half to even; nil as for `nanoCredits`. `factor` < 2^32.
    static func scaled(_ value: Double, by factor: UInt64) -> UInt128? {
        guard value.isFinite, value >= 0 else { return nil }
        guard value > 0 else { return 0 }
        let hidden: UInt64 = value.isNormal ? 1 << 52 : 0
        let exponent = Int(max(value.exponentBitPattern, 1)) - 1075
        let product = UInt128(value.significandBitPattern | hidden) * UInt128(factor)
        if exponent >= 0 {
            guard exponent < 96, product <= (UInt128(1) << 96 - 1) >> UInt128(exponent) else {
                return nil
            }
            return product << UInt128(exponent)
        }
        let shift = -exponent
        guard shift < 128 else { return 0 }
        return roundedShift(product, by: UInt128(shift))
    }

    private static func roundedShift(_ value: UInt128, by shift: UInt128) -> UInt128 {
        let quotient = value >> shift
        let remainder = value & (UInt128(1) << shift - 1)
        let half = UInt128(1) << (shift - 1)
        let up = remainder > half || (remainder == half && quotient & 1 == 1)
        return up ? quotient + 1 : quotient
    }

    /// A decimal such as `0.00012` or `1.2e-4`; digits past the ninth place are rounded half to
    /// even. Nil where the text is anything else, negative, or 2^96 nano-credits or more.
    static func nanoCredits(decimal text: UnsafeRawBufferPointer) -> UInt128? {
        var digits: UInt128 = 0
        var point = 0
        var seenPoint = false
        var count = 0
        var rest = text[...]
        while let byte = rest.first, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "."), !seenPoint {
                seenPoint = true
                continue
            }
            guard byte &- 0x30 < 10, count < 28 else { return nil }
            digits = digits * 10 + UInt128(byte - 0x30)
            count += 1
            if seenPoint { point -= 1 }
        }
        guard count > 0, let exponent = exponent(rest) else { return nil }
        return shifted(digits, places: point + exponent + 9)
    }

    /// The number after `e`, between -99 and 99; 0 where nothing is left.
    private static func exponent(_ text: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard !text.isEmpty else { return 0 }
        var digits = text.dropFirst()
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        guard (1...2).contains(digits.count) else { return nil }
        var value = 0
        for byte in digits {
            guard byte &- 0x30 < 10 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return isNegative ? -value : value
    }

    /// `digits` times 10^`places`, rounded half to even; nil from 2^96 on.
    private static func shifted(_ digits: UInt128, places: Int) -> UInt128? {
        guard digits != 0 else { return 0 }
        var power: UInt128 = 1
        for _ in 0..<min(abs(places), 29) { power *= 10 }
        if places >= 0 {
            let (product, overflow) = digits.multipliedReportingOverflow(by: power)
            return overflow || places > 29 || product >> 96 != 0 ? nil : product
        }
        let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: power)
        let up = remainder * 2 > power || (remainder * 2 == power && quotient & 1 == 1)
        let rounded = up ? quotient + 1 : quotient
        return rounded >> 96 != 0 ? nil : rounded
    }
}
