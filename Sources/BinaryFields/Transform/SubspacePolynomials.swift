// The basis of the additive transform: normalised subspace polynomials at the points of the code.

/// With v_i = x^i, s_0(X) = X and s_(k+1) = s_k^2 + s_k(v_k) s_k, the polynomial s_k vanishes on
/// the span of v_0, ..., v_(k-1), and h_k = s_k / s_k(v_k) is linear over GF(2)
/// (Lin, Chung, Han 2014, section III). The point of index q is the sum of the v_i for its bits i.
public enum SubspacePolynomials {
    /// Bits of an index, at most.
    public static let dimensions = 32

    /// `values[32 k + i]` is h_k(v_i): zero for i < k, one for i = k.
    public static let values: [GF128] = {
        var table = [GF128](repeating: .zero, count: dimensions * dimensions)
        var current = (0..<dimensions).map { GF128(bit: $0) }
        for level in 0..<dimensions {
            let pivot = current[level]
            let scale = pivot.inverted()
            for index in level..<dimensions {
                table[dimensions * level + index] = current[index] * scale
                current[index] = current[index].squared() + pivot * current[index]
            }
        }
        return table
    }()

    /// `factor` times h_level at the points of `indices`, all below 2^32; `level` is below 32.
    public static func values(
        of level: Int, at indices: [Int], times factor: GF128
    ) -> [GF128] {
        precondition(level >= 0 && level < dimensions, "inside the table")
        let row = values[dimensions * level + level..<dimensions * (level + 1)]
            .map { $0 * factor }
        return indices.map { index in
            precondition(index >> dimensions == 0, "inside the table")
            var (sum, rest) = (GF128.zero, UInt64(index) >> UInt64(level))
            while rest != 0 {
                sum += row[rest.trailingZeroBitCount]
                rest &= rest - 1
            }
            return sum
        }
    }

    /// h_0, ..., h_(count-1) at the point of `index`; both `index` < 2^32 and `count` <= 32.
    public static func at(_ index: Int, count: Int) -> [GF128] {
        precondition(count <= dimensions && index >> dimensions == 0, "inside the table")
        return (0..<count).map { level in
            var (sum, rest, place) = (GF128.zero, index >> level, level)
            while rest != 0 {
                if rest & 1 == 1 { sum += values[dimensions * level + place] }
                (rest, place) = (rest >> 1, place + 1)
            }
            return sum
        }
    }
}
