// A weighted sum of bits of forms at each row, as a weighted sum of bits of columns.
import BinaryFields

/// Collects claims about forms of one table at one point of its rows. A claim about a form's bits,
/// with a weight for each, becomes one about the bits of the words it is made of.
package struct RowFunctional: Sendable {
    /// Weight of bit i of column c at `64 c + i`.
    package private(set) var columns: [GF128]
    /// The same of the next row's columns; empty where no form refers to them.
    package private(set) var next: [GF128] = []
    package var usesNext: Bool { !next.isEmpty }
    private var constant = GF128.zero
    private var (active, followed, groupEnd) = (GF128.zero, GF128.zero, GF128.zero)
    private var index = [GF128](repeating: .zero, count: 64)

    package init(columnCount: Int) {
        columns = [GF128](repeating: .zero, count: 64 * columnCount)
    }

    /// Adds the sum over i of `weights[i]` times bit i of the form; there are 64 weights.
    package mutating func add(_ form: LinearForm, weights: some RandomAccessCollection<GF128>) {
        precondition(weights.count == 64, "a weight for each bit")
        guard form.constant != 0 || !form.terms.isEmpty else { return }
        let weights = Array(weights)
        var rest = form.constant
        while rest != 0 {
            constant += weights[rest.trailingZeroBitCount]
            rest &= rest - 1
        }
        for term in form.terms { add(term, weights) }
    }

    /// Adds `weight` times one bit of a column.
    package mutating func add(column: Int, bit: Int, weight: GF128) {
        columns[64 * column + bit] += weight
    }

    private mutating func add(_ term: Term, _ weights: [GF128]) {
        switch term.source {
        case .column(let column):
            columns.withUnsafeMutableBufferPointer {
                term.map.transpose(weights, adding: UnsafeMutableBufferPointer(
                    rebasing: $0[64 * column..<64 * column + 64]))
            }
        case .next(let column):
            if next.isEmpty { next = [GF128](repeating: .zero, count: columns.count) }
            next.withUnsafeMutableBufferPointer {
                term.map.transpose(weights, adding: UnsafeMutableBufferPointer(
                    rebasing: $0[64 * column..<64 * column + 64]))
            }
        case .row(.index):
            index.withUnsafeMutableBufferPointer { term.map.transpose(weights, adding: $0) }
        case .row(let word):
            // All bits of such a word are equal.
            var bits = [GF128](repeating: .zero, count: 64)
            bits.withUnsafeMutableBufferPointer { term.map.transpose(weights, adding: $0) }
            let sum = bits.reduce(.zero, +)
            switch word {
            case .active: active += sum
            case .followed: followed += sum
            default: groupEnd += sum
            }
        }
    }

    /// The part of the sum that does not depend on columns, at a point of the rows.
    package func publicValue(at point: [GF128], of runs: RowRuns) -> GF128 {
        var sum = constant
        let inside = RowPolynomials.less(point, than: runs.active)
        sum += active * inside
        if !followed.isZero {
            sum += followed * runs.lasts.reduce(inside) { sum, row in
                sum + RowPolynomials.equals(point, row)
            }
        }
        sum += groupEnd * RowPolynomials.groupEnd(point)
        for (bit, coordinate) in point.enumerated() { sum += index[bit] * coordinate }
        return sum
    }

    /// That part at one row of a table.
    package func publicValue(row: Int, of runs: RowRuns) -> GF128 {
        var sum = constant
        if row < runs.active { sum += active }
        if !followed.isZero, runs.isFollowed(row) { sum += followed }
        if RowWord.groupEnd.word(row: row, of: runs) != 0 { sum += groupEnd }
        var rest = row
        while rest != 0 {
            sum += index[rest.trailingZeroBitCount]
            rest &= rest - 1
        }
        return sum
    }
}

extension RowPolynomials {
    /// The extension of "the last row of its group"; tables shorter than a group have none.
    package static func groupEnd(_ point: [GF128]) -> GF128 {
        let count = RowWord.groupLogarithm
        guard point.count >= count else { return .zero }
        return point[..<count].reduce(.one, *)
    }

    /// The extension of a selector that is public, nil where it is a committed bit.
    package static func selector(
        _ selector: Selector, at point: [GF128], active: Int
    ) -> GF128? {
        let group = RowWord.groupLogarithm
        switch selector {
        case .active: return less(point, than: active)
        case .activeGroupEnd:
            guard point.count >= group else { return .zero }
            return groupEnd(point) * less(point[group...], than: active >> group)
        case .bit: return nil
        }
    }
}
