// The loops over many elements, by the best kernel of the processor.
import CBinaryFields

/// Each takes pointers to contiguous elements. An output may be one of the inputs; apart from
/// that memory must not overlap.
public enum FieldLoops {
    public typealias Input = UnsafePointer<GF128>
    public typealias Output = UnsafeMutablePointer<GF128>

    /// "portable", "pmull", "pclmul", "vpclmul256" or "vpclmul512".
    public static var kernelName: String { String(cString: cbf_kernel_name(cbf_chosen_kernel())) }

    /// `out[i] = a[i] b[i]`.
    @inlinable public static func products(
        _ out: Output, _ left: Input, _ right: Input, count: Int
    ) {
        cbf_products(out, left, right, count)
    }

    /// `out[i] = factor a[i]`.
    @inlinable public static func scale(_ out: Output, _ a: Input, by factor: GF128, count: Int) {
        cbf_scale(out, a, factor.element, count)
    }

    /// `out[i] += factor a[i]`.
    @inlinable public static func add(
        _ out: Output, _ a: Input, times factor: GF128, count: Int
    ) {
        cbf_scale_add(out, a, factor.element, count)
    }

    /// `out[i] = a[i] + r (a[i] + b[i])`: the highest variable of a multilinear, set to `r`.
    @inlinable public static func blend(
        _ out: Output, _ a: Input, _ b: Input, at r: GF128, count: Int
    ) {
        cbf_blend(out, a, b, r.element, count)
    }

    /// `out[i] = a[2i] + r (a[2i] + a[2i + 1])` for i < `count`: the lowest variable, set to `r`.
    @inlinable public static func fold(_ out: Output, _ a: Input, at r: GF128, count: Int) {
        cbf_fold(out, a, r.element, count)
    }

    /// `table[i + count] = z table[i]`, then `table[i] += table[i + count]`; `count` is a power
    /// of two.
    @inlinable public static func extend(_ table: Output, by z: GF128, count: Int) {
        cbf_extend(table, z.element, count)
    }

    /// The sum of `a[i] b[i]`.
    @inlinable public static func dot(_ a: Input, _ b: Input, count: Int) -> GF128 {
        GF128(cbf_dot(a, b, count))
    }

    /// Adds the sum of `a[2i] b[2i]` to `sums.0`, and that of
    /// `(a[2i] + a[2i+1]) (b[2i] + b[2i+1])` to `sums.1`, for i < `count`.
    @inlinable public static func pairSums(
        _ sums: inout (GF128, GF128), _ a: Input, _ b: Input, count: Int
    ) {
        cbf_pair_sums(&sums, a, b, count)
    }

    /// Adds the sum of `e[i] (a[2i+1] b[2i+1] + c[2i+1])` to `sums.0`, and that of
    /// `e[i] (a[2i] + a[2i+1]) (b[2i] + b[2i+1])` to `sums.1`, for i < `count`.
    @inlinable public static func tripleSums(
        _ sums: inout (GF128, GF128), weights e: Input, _ a: Input, _ b: Input, _ c: Input?,
        count: Int
    ) {
        cbf_triple_sums(&sums, e, a, b, c, count)
    }

    /// Adds to `sums[v]`, v < 128, the sum of the weights of the values whose bit v is set.
    @inlinable public static func bitSums(
        _ sums: Output, of values: Input, weights: Input, count: Int
    ) {
        cbf_bit_sums(sums, values, weights, count)
    }
}
