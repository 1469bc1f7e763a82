// The ways in which bits of one word become bits of another: what linear forms are made of.

/// A map of 64-bit words, linear over GF(2).
///
/// All but `parity` copy: each bit of the result is one bit of the word or zero. A claim about the
/// bits of the result, with a weight for each, becomes one about the bits of the word by adding to
/// each bit the weights of the places it goes to: `transpose`.
package enum WordMap: Hashable, Sendable {
    /// `(word << by) & mask`; to the right where `by`, -63 to 63, is negative.
    case shifted(by: Int, mask: UInt64)
    /// The same of the word with its bits in reverse order.
    case reversedBits(by: Int, mask: UInt64)
    /// The bytes in reverse order.
    case reversedBytes
    /// One bit, 0 to 63, at all places of the mask.
    case broadcast(bit: Int, mask: UInt64)
    /// Bit `first + j` at all eight places of byte `j`; `first` is 0 to 56.
    case bytes(first: Int)
    /// The sum of the bits of the mask, at place `to`, 0 to 63.
    case parity(mask: UInt64, to: Int)

    /// The word itself.
    package static let identity = WordMap.shifted(by: 0, mask: .max)
}

extension WordMap {
    /// The result for one word.
    package func callAsFunction(_ word: UInt64) -> UInt64 {
        switch self {
        case .shifted(let by, let mask): Self.shift(word, by) & mask
        case .reversedBits(let by, let mask): Self.shift(Self.reverse(word), by) & mask
        case .reversedBytes: word.byteSwapped
        case .broadcast(let bit, let mask): (0 &- (word >> UInt64(bit) & 1)) & mask
        case .bytes(let first): Self.spread(word >> UInt64(first) & 0xFF)
        case .parity(let mask, let to): UInt64((word & mask).nonzeroBitCount & 1) << UInt64(to)
        }
    }

    /// The bit of the word that bit `target` of the result copies, nil where it is zero.
    ///
    /// - Precondition: the map is not `parity`.
    package func source(of target: Int) -> Int? {
        let place: Int
        switch self {
        case .shifted(let by, let mask):
            guard mask >> UInt64(target) & 1 == 1 else { return nil }
            place = target - by
        case .reversedBits(let by, let mask):
            guard mask >> UInt64(target) & 1 == 1 else { return nil }
            place = 63 - (target - by)
        case .reversedBytes: place = (7 - target / 8) * 8 + target % 8
        case .broadcast(let bit, let mask): return mask >> UInt64(target) & 1 == 1 ? bit : nil
        case .bytes(let first): return first + target / 8
        case .parity: preconditionFailure("a parity copies no single bit")
        }
        return (0..<64).contains(place) ? place : nil
    }

    /// Calls `body` for each pair of a bit of the word and a bit of the result it is added to, in
    /// order of the latter: the map as a matrix.
    package func forEachPair(_ body: (_ source: Int, _ target: Int) -> Void) {
        if case .parity(let mask, let to) = self {
            for bit in 0..<64 where mask >> UInt64(bit) & 1 == 1 { body(bit, to) }
            return
        }
        for target in 0..<64 {
            if let bit = source(of: target) { body(bit, target) }
        }
    }

    /// The bits of the result that are not always zero.
    package var reach: UInt64 {
        switch self {
        case .parity(_, let to): 1 << UInt64(to)
        default: (0..<64).reduce(0) { source(of: $1) == nil ? $0 : $0 | 1 << UInt64($1) }
        }
    }

    /// Left for positive counts; all bits leave at 64.
    package static func shift(_ word: UInt64, _ by: Int) -> UInt64 {
        by >= 0 ? word << UInt64(by) : word >> UInt64(-by)
    }

    /// The bits in reverse order.
    package static func reverse(_ word: UInt64) -> UInt64 {
        var word = word.byteSwapped
        word = (word >> 4) & 0x0F0F_0F0F_0F0F_0F0F | (word & 0x0F0F_0F0F_0F0F_0F0F) << 4
        word = (word >> 2) & 0x3333_3333_3333_3333 | (word & 0x3333_3333_3333_3333) << 2
        return (word >> 1) & 0x5555_5555_5555_5555 | (word & 0x5555_5555_5555_5555) << 1
    }

    /// Each of eight bits as a whole byte.
    package static func spread(_ byte: UInt64) -> UInt64 {
        let placed = (byte &* 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201
        let low = 0x7F7F_7F7F_7F7F_7F7F as UInt64
        // Adding 0x7F carries into the top bit of each byte that has a bit.
        let marked = ((placed & low) &+ low | placed) & ~low
        return (marked >> 7) &* 0xFF
    }
}

extension WordMap {
    /// This map followed by a shift and a mask, nil where no map of these kinds is that.
    func shifted(by count: Int, mask: UInt64) -> WordMap? {
        switch self {
        case .shifted(let by, let old):
            Self.move(by, old, count, mask).map { .shifted(by: $0, mask: $1) }
        case .reversedBits(let by, let old):
            Self.move(by, old, count, mask).map { .reversedBits(by: $0, mask: $1) }
        case .broadcast(let bit, let old):
            .broadcast(bit: bit, mask: Self.shift(old, count) & mask)
        case .parity(let old, let to):
            (0..<64).contains(to + count) && mask >> UInt64(to + count) & 1 == 1
                ? .parity(mask: old, to: to + count) : .shifted(by: 0, mask: 0)
        case .reversedBytes, .bytes: count == 0 && mask == .max ? self : nil
        }
    }

    private static func move(
        _ by: Int, _ old: UInt64, _ count: Int, _ mask: UInt64
    ) -> (Int, UInt64)? {
        let mask = shift(old, count) & mask
        let total = by + count
        return abs(total) < 64 ? (total, mask) : mask == 0 ? (0, 0) : nil
    }

    /// This map followed by the reversal of all bits, nil where no map of these kinds is that.
    var reversed: WordMap? {
        switch self {
        case .shifted(let by, let mask): .reversedBits(by: -by, mask: Self.reverse(mask))
        case .reversedBits(let by, let mask): .shifted(by: -by, mask: Self.reverse(mask))
        case .broadcast(let bit, let mask): .broadcast(bit: bit, mask: Self.reverse(mask))
        case .parity(let mask, let to): .parity(mask: mask, to: 63 - to)
        case .reversedBytes, .bytes: nil
        }
    }
}
