// Random and extreme elements for the tests of this module.
import BinaryFields
import CBinaryFields
import Primitives

extension GF128 {
    static func random(_ generator: inout SeededGenerator) -> GF128 {
        GF128(low: generator.next(), high: generator.next())
    }

    static func random(_ count: Int, _ generator: inout SeededGenerator) -> [GF128] {
        (0..<count).map { _ in random(&generator) }
    }

    /// Where carries and foldings begin and end.
    static let edges: [GF128] = [
        .zero, .one, GF128(bit: 63), GF128(bit: 64), GF128(bit: 127), GF128(0x87),
        GF128(low: .max, high: .max), GF128(low: .max, high: 0), GF128(low: 0, high: .max),
    ]

    /// The product by its definition: shift, add, and x^128 = x^7 + x^2 + x + 1.
    func schoolbook(_ other: GF128) -> GF128 {
        var (sum, shifted) = (GF128.zero, self)
        for index in 0..<128 {
            if other.bit(index) { sum += shifted }
            let carry = shifted.bit(127)
            shifted = GF128(
                low: shifted.low << 1, high: shifted.high << 1 | shifted.low >> 63)
            if carry { shifted += GF128(0x87) }
        }
        return sum
    }
}
