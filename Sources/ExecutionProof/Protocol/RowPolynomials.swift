// Public polynomials in the coordinates of a row, with few products.
import BinaryFields

package enum RowPolynomials {
    /// The extension of [row < bound]; `bound` is at least 0.
    package static func less(_ point: some BidirectionalCollection<GF128>, than bound: Int)
        -> GF128
    {
        guard bound < 1 << point.count else { return .one }
        var (sum, equal) = (GF128.zero, GF128.one)
        for (place, coordinate) in point.enumerated().reversed() {
            if bound >> place & 1 == 1 {
                sum += equal * (.one + coordinate)
                equal *= coordinate
            } else {
                equal *= .one + coordinate
            }
        }
        return sum
    }

    /// The extension of [row = one row].
    package static func equals(_ point: some Collection<GF128>, _ row: Int) -> GF128 {
        point.enumerated().reduce(.one) { product, next in
            product * (row >> next.offset & 1 == 1 ? next.element : .one + next.element)
        }
    }

    /// The extension of [y = x + 1], without wrapping around: below the lowest zero of x, where y
    /// has a one, x has ones and y zeros; above it they are equal.
    package static func next(_ x: some Collection<GF128>, _ y: some Collection<GF128>) -> GF128 {
        precondition(x.count == y.count, "two points of one space")
        // From the highest coordinate down: equal so far, or the lowest zero is behind us.
        var (equal, found) = (GF128.one, GF128.zero)
        for (x, y) in zip(x, y).reversed() {
            found = found * x * (.one + y) + equal * (.one + x) * y
            equal *= .one + x + y
        }
        return found
    }

    /// The coordinates of a row: its bits, the lowest first.
    package static func corner(_ row: Int, count: Int) -> [GF128] {
        (0..<count).map { row >> $0 & 1 == 1 ? .one : .zero }
    }
}
