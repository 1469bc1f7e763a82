// Weighted sums of the bits of each row, by tables for each byte of a word.
import BinaryFields
import ExecutionProof

extension PartColumns {
    /// Adds to `out[row]` the weighted bits of the columns in that row; bit i of column c has the
    /// weight at `64 c + i`.
    func addWeighted(
        _ weights: [GF128], to out: UnsafeMutablePointer<GF128>, rows: Range<Int>
    ) {
        for index in 0..<weights.count / 64 {
            let own = weights[64 * index..<64 * index + 64]
            guard own.contains(where: { !$0.isZero }) else { continue }
            LinearMap(images: Array(own)).map(
                column(index) + rows.lowerBound, into: out + rows.lowerBound, count: rows.count,
                adding: true)
        }
    }

    /// The value of a functional at each row, with its public part and without the next row's.
    func values(
        _ functional: RowFunctional, into out: UnsafeMutablePointer<GF128>, rows: Range<Int>
    ) {
        for row in rows { out[row] = functional.publicValue(row: row, of: runs) }
        addWeighted(functional.columns, to: out, rows: rows)
    }

    /// Whether a row is selected.
    func isSelected(_ selector: Selector, row: Int) -> Bool {
        switch selector {
        case .active: row < runs.active
        case .activeGroupEnd:
            row < runs.active && RowWord.groupEnd.word(row: row, of: runs) != 0
        case .bit(let column, let bit): self.column(column)[row] >> UInt64(bit) & 1 == 1
        }
    }
}
