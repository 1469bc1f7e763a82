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
        // Four squares of 64 by 64 bits.
        let corners = [
            BitSquare.transposed(sums[..<64].map(\.low)),
            BitSquare.transposed(sums[64...].map(\.low)),
            BitSquare.transposed(sums[..<64].map(\.high)),
            BitSquare.transposed(sums[64...].map(\.high)),
        ]
        return (0..<128).map { place in
            let side = place < 64 ? 0 : 2
            return GF128(low: corners[side][place & 63], high: corners[side + 1][place & 63])
        }
    }

    /// The value at `point` of the extension of B(w) = L(E(w)), where the linear map L takes x^u
    /// to `images[u]`. With L(y) = sum of c_k y^(2^k), each power of E is a product again.
    package func weight(images: [GF128], at point: [GF128]) -> GF128 {
        let powers = DualBasis.polynomial(images: images)
        let stack = layout.columnStack
        // The columns by their number of rows; those of one size share the product over rows.
        let order = layout.columns.indices.sorted {
            (stack.logSizes[$0], $0) < (stack.logSizes[$1], $1)
        }
        let groups = Self.groups(order.map { stack.logSizes[$0] })
        let prefixes = order.map { stack.weight(of: $0, at: point) }
        // What is squared for each power: the columns' factors, then the rows.
        var squares = order.map { coefficients[$0] } + rows
        var total = GF128.zero
        squares.withUnsafeMutableBufferPointer { squares in
            prefixes.withUnsafeBufferPointer { prefixes in
                guard let base = squares.baseAddress, let weights = prefixes.baseAddress else {
                    return
                }
                let rows = base + order.count
                for power in powers {
                    var sum = GF128.zero
                    // eq over the first coordinates, for each size in turn.
                    var (product, done) = (GF128.one, 0)
                    for group in groups {
                        while done < group.logSize {
                            product *= .one + point[done] + rows[done]
                            done += 1
                        }
                        let place = group.range.lowerBound
                        sum += product * FieldLoops.dot(
                            weights + place, base + place, count: group.range.count)
                    }
                    total += power * sum
                    FieldLoops.products(base, base, base, count: squares.count)
                }
            }
        }
        return total
    }

    /// The ranges of equal values in a list that ascends.
    private static func groups(_ logSizes: [Int]) -> [(logSize: Int, range: Range<Int>)] {
        var groups: [(logSize: Int, range: Range<Int>)] = []
        for (index, size) in logSizes.enumerated() {
            if let last = groups.last, last.logSize == size {
                groups[groups.count - 1].range = last.range.lowerBound..<index + 1
            } else {
                groups.append((size, index..<index + 1))
            }
        }
        return groups
    }
}

/// 64 by 64 bits.
private enum BitSquare {
    /// Bit j of row i becomes bit i of row j: blocks of 32, 16, ... are exchanged.
    static func transposed(_ rows: [UInt64]) -> [UInt64] {
        var rows = rows
        var (width, mask) = (32, 0x0000_0000_FFFF_FFFF as UInt64)
        while width > 0 {
            var row = 0
            while row < 64 {
                let difference = (rows[row] >> UInt64(width) ^ rows[row + width]) & mask
                rows[row] ^= difference << UInt64(width)
                rows[row + width] ^= difference
                row = (row + width + 1) & ~width
            }
            width /= 2
            mask ^= mask << UInt64(width)
        }
        return rows
    }
}
