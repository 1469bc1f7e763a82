// The loops over words of bits with which the zero test of ANDs begins.
import CBinaryFields

public enum WordLoops {
    /// Words of a block: the corners of a cube of four variables.
    public static let block = Int(CBF_AND_BLOCK)
    /// Points of {0, 1, infinity}^4.
    public static let points = Int(CBF_AND_POINTS)

    /// For each block y and each point p of {0, 1, infinity}^4 with an infinity (p has base-3 digit
    /// k for variable k, 2 standing for infinity): adds `weights[y]` times the image under `map` of
    /// the AND of both blocks, extended to p, to `sums[p]`.
    public static func andSums(
        _ sums: UnsafeMutablePointer<GF128>, _ left: UnsafePointer<UInt64>,
        _ right: UnsafePointer<UInt64>, weights: UnsafePointer<GF128>, map: LinearMap, blocks: Int
    ) {
        precondition(map.width == 64, "a map of words")
        map.tables.withUnsafeBytes {
            cbf_and_sums(sums, left, right, weights, $0.baseAddress, blocks)
        }
    }

    /// `out[64 y + i]` is the sum of the weights of the words j of block y whose bit i is set.
    public static func fold(
        _ out: UnsafeMutablePointer<GF128>, _ words: UnsafePointer<UInt64>, weights: BlockWeights,
        blocks: Int
    ) {
        weights.tables.withUnsafeBytes { cbf_fold_words(out, words, $0.baseAddress, blocks) }
    }
}

/// A weight for each word of a block, as sums of them for each byte.
public struct BlockWeights: Sendable {
    fileprivate let tables: [GF128]

    /// `weights` are 16.
    public init(_ weights: [GF128]) {
        precondition(weights.count == WordLoops.block, "a weight for each word of a block")
        tables = [GF128](unsafeUninitializedCapacity: 512) { tables, count in
            weights.withUnsafeBytes { cbf_map_tables(tables.baseAddress, $0.baseAddress, 2) }
            count = 512
        }
    }
}

extension FieldLoops {
    /// `out[i] += a[i]`.
    @inlinable public static func add(_ out: Output, _ a: Input, count: Int) {
        cbf_add(out, a, count)
    }

    /// `out[i] = a[2i] + a[2i + 1]`; `out` may be `a`.
    @inlinable public static func addPairs(_ out: Output, _ a: Input, count: Int) {
        cbf_add_pairs(out, a, count)
    }
}
