// All functionals as one vector of weights, for each column and bit.
import BinaryFields

/// Functional p, times mixing^p, added up: entry `64 C + i` is the weight of bit i of column C of
/// the layout, the rest up to a power of two is zero.
package struct ColumnWeights: Sendable {
    package let values: [GF128]
    /// The binary logarithm of the number of weights.
    package let variables: Int

    package init(
        _ merged: MergedClaim, _ layout: ProofLayout, _ problem: ProofProblem, mixing: GF128
    ) {
        var columns = 1
        while 1 << columns < layout.columns.count { columns += 1 }
        variables = columns + 6
        var starts: [Int] = []
        var next = 0
        for part in problem.parts {
            starts.append(64 * next)
            next += part.table.columns.count
        }
        var values = [GF128](repeating: .zero, count: 1 << variables)
        var power = GF128.one
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for functional in merged.functionals {
                FieldLoops.add(
                    base + starts[functional.part], functional.bits, times: power,
                    count: functional.bits.count)
                power *= mixing
            }
        }
        self.values = values
    }
}
