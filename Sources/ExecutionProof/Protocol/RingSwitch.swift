// From a claim about bits of the committed elements to one about the elements themselves.
import BinaryFields

/// The committed elements are weighted by E, which is supported on the columns: in column C, at
/// element j, E = `coefficients[C]` eq(`rows`, j), where a table of 2^n rows takes the first n - 1
/// coordinates of `rows` (Diamond and Posen 2024, "ring switching").
package struct RingSwitch: Sendable {
    package let layout: ProofLayout
    package let coefficients: [GF128]
    package let rows: [GF128]

    package init(layout: ProofLayout, coefficients: [GF128], rows: [GF128]) {
        self.layout = layout
        self.coefficients = coefficients
        self.rows = rows
    }

    /// The element whose coefficient of x^v is the coefficient of x^j of `sums[v]`, for each j.
    package static func transposed(_ sums: [GF128]) -> [GF128] {
        precondition(sums.count == 128, "a sum for each bit")
        return (0..<128).map { place in
            var element = GF128.zero
            for (index, sum) in sums.enumerated() where sum.bit(place) {
                if index < 64 {
                    element.low |= 1 << UInt64(index)
                } else {
                    element.high |= 1 << UInt64(index - 64)
                }
            }
            return element
        }
    }

    /// The value at `point` of the extension of B(w) = L(E(w)), where the linear map L takes x^u
    /// to `images[u]`. With L(y) = sum of c_k y^(2^k), each power of E is a product again.
    package func weight(images: [GF128], at point: [GF128]) -> GF128 {
        let powers = DualBasis.polynomial(images: images)
        let stack = layout.columnStack
        // The columns by their number of rows; those of one size share the product over rows.
        let prefixes = layout.columns.indices.map { stack.weight(of: $0, at: point) }
        let sizes = Set(stack.logSizes).sorted()
        let groups = sizes.map { size in
            layout.columns.indices.filter { stack.logSizes[$0] == size }
        }
        var weights = groups.map { $0.map { prefixes[$0] } }
        var factors = groups.map { $0.map { coefficients[$0] } }
        var rows = self.rows
        var total = GF128.zero
        for power in powers {
            var sum = GF128.zero
            // eq over the first coordinates, for each size in turn.
            var (product, done) = (GF128.one, 0)
            for (index, size) in sizes.enumerated() {
                while done < size {
                    product *= .one + point[done] + rows[done]
                    done += 1
                }
                let count = factors[index].count
                sum += product * FieldLoops.dot(&weights[index], &factors[index], count: count)
                FieldLoops.products(&factors[index], factors[index], factors[index], count: count)
            }
            total += power * sum
            FieldLoops.products(&rows, rows, rows, count: rows.count)
        }
        return total
    }
}
