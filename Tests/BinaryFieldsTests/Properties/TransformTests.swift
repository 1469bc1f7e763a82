// The additive transform against its definition, its inverse and its transpose.
import BinaryFields
import Primitives
import TestSupport
import Testing

@Suite struct TransformTests {
    /// The value at the point of `index`: the sum of the coefficients times products of h_k.
    static func value(_ coefficients: [GF128], at index: Int) -> GF128 {
        let dimensions = coefficients.count.trailingZeroBitCount
        let factors = SubspacePolynomials.at(index, count: dimensions)
        return coefficients.indices.reduce(GF128.zero) { sum, row in
            let product = factors.indices.reduce(GF128.one) {
                row >> $1 & 1 == 1 ? $0 * factors[$1] : $0
            }
            return sum + coefficients[row] * product
        }
    }

    @Test func subspacePolynomialsAreNormalised() {
        let size = SubspacePolynomials.dimensions
        for level in 0..<size {
            for index in 0..<level {
                #expect(SubspacePolynomials.values[size * level + index] == .zero)
            }
            #expect(SubspacePolynomials.values[size * level + level] == .one)
        }
        // h_1(X) = (X^2 + X) / (x^2 + x) at X = x^2.
        let (x, square) = (GF128(bit: 1), GF128(bit: 2))
        let expected = (square.squared() + square) * (x.squared() + x).inverted()
        #expect(SubspacePolynomials.values[size + 2] == expected)
    }

    @Test(arguments: [(0, 0), (1, 0), (3, 0), (5, 0), (2, 1), (3, 2), (4, 4)], [0, 1, 3])
    func forwardEvaluates(size: (rows: Int, columns: Int), coset: Int) {
        var generator = SeededGenerator(seed: UInt64(size.rows * 10 + size.columns))
        let count = 1 << (size.rows + size.columns)
        let message = GF128.random(count, &generator)
        let offset = coset << size.rows
        let transform = AdditiveTransform(rows: size.rows, columns: size.columns, offset: offset)
        var word = message
        transform.forward(&word)
        for column in 0..<1 << size.columns {
            let own = stride(from: column, to: count, by: 1 << size.columns).map { message[$0] }
            for row in 0..<1 << size.rows {
                let expected = Self.value(own, at: offset + row)
                #expect(word[row << size.columns + column] == expected)
            }
        }
        transform.inverse(&word)
        #expect(word == message)
    }

    /// <T a, b> = <a, T^t b>.
    @Test(arguments: propertySeeds.prefix(8)) func transposeIsTheTranspose(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let transform = AdditiveTransform(rows: 6, columns: 1, offset: 192)
        let (left, right) = (GF128.random(128, &generator), GF128.random(128, &generator))
        var (forward, transposed) = (left, right)
        transform.forward(&forward)
        transform.transposed(&transposed)
        let first = FieldLoops.dot(forward, right, count: 128)
        #expect(first == FieldLoops.dot(left, transposed, count: 128), "seed \(seed)")
    }
}
