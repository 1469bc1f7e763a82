// GF(2^255 - 19) in four full words, always reduced, for comparison with the limbs of CEd25519.

/// Four words, little-endian, below the prime.
struct SlowField: Equatable {
    private var words: [UInt64]

    private static let prime: [UInt64] = [
        0xffff_ffff_ffff_ffed, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff,
        0x7fff_ffff_ffff_ffff,
    ]

    init(_ value: UInt64) { words = [value, 0, 0, 0] }

    /// 32 bytes, little-endian; the top bit is ignored.
    init(_ bytes: [UInt8]) {
        words = (0..<4).map { word in
            (0..<8).reduce(0) { $0 | UInt64(bytes[8 * word + $1]) << UInt64(8 * $1) }
        }
        words[3] &= .max >> 1
        reduceOnce()
    }

    var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64($0 % 8 * 8)) }
    }

    /// Below twice the prime before, below it after.
    private mutating func reduceOnce() {
        if let smaller = Self.difference(words, Self.prime) { words = smaller }
    }

    /// Nil where `right` is more than `left`.
    private static func difference(_ left: [UInt64], _ right: [UInt64]) -> [UInt64]? {
        var result = left, isBorrowing = false
        for index in 0..<4 {
            let (once, first) = left[index].subtractingReportingOverflow(right[index])
            let (twice, second) = once.subtractingReportingOverflow(isBorrowing ? 1 : 0)
            result[index] = twice
            isBorrowing = first || second
        }
        return isBorrowing ? nil : result
    }

    static func + (left: Self, right: Self) -> Self {
        var sum = left, isCarrying = false
        for index in 0..<4 {
            let (once, first) = left.words[index].addingReportingOverflow(right.words[index])
            let (twice, second) = once.addingReportingOverflow(isCarrying ? 1 : 0)
            sum.words[index] = twice
            isCarrying = first || second
        }
        sum.reduceOnce()
        return sum
    }

    static func - (left: Self, right: Self) -> Self {
        var negative = SlowField(0)
        negative.words = difference(prime, right.words) ?? negative.words
        negative.reduceOnce()
        return left + negative
    }

    /// Eight words by the school's way; the upper four are worth 38 each at the bottom.
    static func * (left: Self, right: Self) -> Self {
        var words = [UInt64](repeating: 0, count: 8)
        for row in 0..<4 {
            var carry: UInt64 = 0
            for column in 0..<4 {
                let term = left.words[row].multipliedFullWidth(by: right.words[column])
                carry = add(term, carry, to: &words[row + column])
            }
            words[row + 4] = carry
        }
        while words[4...] != [0, 0, 0, 0] {
            var carry: UInt64 = 0
            let high = Array(words[4...])
            for column in 0..<4 {
                let term = high[column].multipliedFullWidth(by: 38)
                carry = add(term, carry, to: &words[column])
            }
            words.replaceSubrange(4..., with: [carry, 0, 0, 0])
        }
        var product = SlowField(0)
        product.words = Array(words[..<4])
        // Below 2^256, which is less than three times the prime.
        for _ in 0..<2 { product.reduceOnce() }
        return product
    }

    /// Adds `term` and `carry` to a word; returns what goes to the next.
    private static func add(
        _ term: (high: UInt64, low: UInt64), _ carry: UInt64, to word: inout UInt64
    ) -> UInt64 {
        let (once, first) = word.addingReportingOverflow(term.low)
        let (twice, second) = once.addingReportingOverflow(carry)
        word = twice
        return term.high + (first ? 1 : 0) + (second ? 1 : 0)
    }

    /// To the power p - `less`, or half of it.
    private func power(less: UInt64, halved: Bool) -> Self {
        var exponent = Self.prime
        exponent[0] -= less
        var result = SlowField(1)
        for bit in ((halved ? 1 : 0)..<255).reversed() {
            result = result * result
            if exponent[bit / 64] >> UInt64(bit % 64) & 1 == 1 { result = result * self }
        }
        return result
    }

    /// Fermat; zero for zero.
    var inverse: Self { power(less: 2, halved: false) }

    /// Euler's criterion; true for zero.
    var isSquare: Bool {
        let power = power(less: 1, halved: true)
        return power == SlowField(1) || power == SlowField(0)
    }
}
