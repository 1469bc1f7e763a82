// The basis that reads coefficients: the trace of an element times d_i is its coefficient of x^i.

/// The trace-dual basis of 1, x, ..., x^127 over GF(2).
public enum DualBasis {
    /// d_0, ..., d_127: the trace of x^i d_j is one where i = j, and zero elsewhere.
    ///
    /// With f(X) = (X - x) (b_0 + b_1 X + ... + b_127 X^127) for the field's polynomial f, d_i is
    /// b_i / f'(x) (Lidl and Niederreiter, Finite Fields, exercise 2.40); f' = X^6 + 1.
    public static let elements: [GF128] = {
        var quotient = [GF128](repeating: .one, count: 128)
        for index in (0..<127).reversed() {
            quotient[index] = quotient[index + 1] * GF128(bit: 1)
            if [1, 2, 7].contains(index + 1) { quotient[index] += .one }
        }
        let scale = (GF128(bit: 6) + .one).inverted()
        return quotient.map { $0 * scale }
    }()

    /// `conjugates[128 k + i]` is d_i^(2^k).
    public static let conjugates: [GF128] = {
        var table = elements
        table.reserveCapacity(128 * 128)
        for index in 0..<127 * 128 { table.append(table[index].squared()) }
        return table
    }()

    /// The coefficients c_0, ..., c_127 of the linear map L(y) = sum of c_k y^(2^k) for which
    /// L(x^i) = `images[i]`; there are 128 images.
    public static func polynomial(images: [GF128]) -> [GF128] {
        precondition(images.count == 128, "a map has 128 images")
        return (0..<128).map { power in
            images.withUnsafeBufferPointer { images in
                conjugates.withUnsafeBufferPointer {
                    FieldLoops.dot($0.baseAddress! + 128 * power, images.baseAddress!, count: 128)
                }
            }
        }
    }
}
