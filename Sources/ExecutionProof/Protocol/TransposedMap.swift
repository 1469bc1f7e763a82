// Maps of words, transposed: from weights of the result's bits to weights of the word's bits.
import BinaryFields

extension WordMap {
    /// Adds to entry i of `sums` the weights of the bits of the result that bit i of the word is
    /// added to. Both have 64 entries.
    func transpose(_ weights: [GF128], adding sums: UnsafeMutableBufferPointer<GF128>) {
        precondition(weights.count == 64 && sums.count == 64, "an entry for each bit")
        switch self {
        case .shifted(let by, let mask):
            // Run by run of the mask; bits that come from outside the word are none.
            var rest = mask & WordMap.shift(.max, by)
            while rest != 0 {
                let low = rest.trailingZeroBitCount
                let count = (~(rest >> UInt64(low))).trailingZeroBitCount
                Self.add(weights, from: low, to: sums, at: low - by, count: count)
                rest &= low + count == 64 ? 0 : .max << UInt64(low + count)
            }
        case .broadcast(let bit, let mask):
            sums[bit] += Self.sum(weights, mask)
        case .bytes(let first):
            for byte in 0..<8 { sums[first + byte] += Self.sum(weights, 0xFF << UInt64(8 * byte)) }
        case .parity(let mask, let to):
            for bit in 0..<64 where mask >> UInt64(bit) & 1 == 1 { sums[bit] += weights[to] }
        case .reversedBits, .reversedBytes:
            forEachPair { sums[$0] += weights[$1] }
        }
    }

    private static func add(
        _ weights: [GF128], from low: Int, to sums: UnsafeMutableBufferPointer<GF128>,
        at place: Int, count: Int
    ) {
        precondition(place >= 0 && place + count <= 64 && low + count <= 64, "inside a word")
        weights.withUnsafeBufferPointer { weights in
            guard let from = weights.baseAddress, let to = sums.baseAddress else { return }
            FieldLoops.add(to + place, from + low, count: count)
        }
    }

    private static func sum(_ weights: [GF128], _ mask: UInt64) -> GF128 {
        weights.withUnsafeBufferPointer { weights in
            var (sum, rest) = (GF128.zero, mask)
            while rest != 0 {
                sum += weights[rest.trailingZeroBitCount]
                rest &= rest - 1
            }
            return sum
        }
    }
}
