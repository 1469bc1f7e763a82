// The additive transform: from coefficients in the basis of subspace polynomials to values.
import CBinaryFields

/// Transforms `2^rows` rows of `2^columns` elements, each column for itself. Row i of the input
/// is the coefficient of the product of h_k over the bits k of i; row q of the output is the value
/// at the point of index `offset + q` (Lin, Chung, Han 2014). Takes
/// `rows * 2^(rows + columns - 1)` products.
public struct AdditiveTransform: Sendable {
    /// The binary logarithm of the number of rows, in 0...32.
    public let rows: Int
    /// The binary logarithm of the number of columns.
    public let columns: Int
    private let twiddles: [GF128]

    /// `offset` is a multiple of `2^rows` below 2^32: the coset of the points.
    public init(rows: Int, columns: Int, offset: Int) {
        precondition(rows >= 0 && columns >= 0, "dimensions are not negative")
        precondition(offset & ((1 << rows) - 1) == 0, "a coset starts at a multiple of its size")
        self.rows = rows
        self.columns = columns
        twiddles = SubspacePolynomials.at(offset, count: rows)
    }

    /// Coefficients to values, in place.
    public func forward(_ elements: UnsafeMutablePointer<GF128>) {
        run(elements, cbf_forward)
    }

    /// Values to coefficients, in place.
    public func inverse(_ elements: UnsafeMutablePointer<GF128>) {
        run(elements, cbf_inverse)
    }

    /// The transpose of the matrix of `forward`, in place.
    public func transposed(_ elements: UnsafeMutablePointer<GF128>) {
        run(elements, cbf_transposed)
    }

    private func run(
        _ elements: UnsafeMutablePointer<GF128>,
        _ loop: (
            UnsafeMutableRawPointer?, UInt32, UInt32, UnsafeMutableRawPointer?, UnsafeRawPointer?,
            Int
        ) -> Void
    ) {
        var work = twiddles
        SubspacePolynomials.values.withUnsafeBytes { basis in
            work.withUnsafeMutableBytes {
                loop(
                    elements, UInt32(rows), UInt32(columns), $0.baseAddress, basis.baseAddress,
                    SubspacePolynomials.dimensions)
            }
        }
    }
}
