// Words that the tables hold beside operands: carries of sums, and runs of ones.

enum Carries {
    /// Bit `i` is the carry out of bit `i` of `left + right + carry`.
    @inline(__always)
    static func of(_ left: UInt64, _ right: UInt64, _ carry: UInt64 = 0) -> UInt64 {
        let sum = left &+ right &+ carry
        return left & right | (left | right) & ~sum
    }

    /// The carries of taking `sign`, 0 or 1, from the complement of `value` if that is 1.
    @inline(__always)
    static func ofNegation(_ value: UInt64, sign: UInt64) -> UInt64 {
        let flipped = value ^ (0 &- sign)
        return flipped & ~(flipped &+ sign)
    }

    /// The carries that show `earlier < later`, in 19 bits.
    @inline(__always)
    static func ofClocks(earlier: UInt64, later: UInt64) -> UInt64 {
        let mask: UInt64 = (1 << UInt64(Layout.clockBits)) - 1
        return of(later, ~earlier & mask) & (mask >> 1)
    }

    /// The carries of adding one to a counter.
    @inline(__always)
    static func ofCounter(_ counter: UInt64) -> UInt64 { counter & ~(counter &+ 1) }

    /// Ones from the lowest one of `word` upward.
    @inline(__always)
    static func upward(_ word: UInt64) -> UInt64 { word | (0 &- word) }
}
