// Forms, selectors and tuples at one row of a witness.

/// A row of a witness, with the row after it.
package struct RowView {
    let words: UnsafePointer<UInt64>
    let logarithm: Int
    let row: Int
    let runs: RowRuns

    func word(_ source: Source) -> UInt64 {
        switch source {
        case .column(let column): words[column << logarithm | row]
        case .next(let column):
            row + 1 < 1 << logarithm ? words[column << logarithm | (row + 1)] : 0
        case .row(let word): word.word(row: row, of: runs)
        }
    }

    package func value(_ form: LinearForm) -> UInt64 {
        var word = form.constant
        for term in form.terms { word ^= term.map(self.word(term.source)) }
        return word
    }

    package func holds(_ constraint: AndConstraint) -> Bool {
        value(constraint.left) & value(constraint.right) == value(constraint.output)
    }

    package func isSelected(_ selector: Selector) -> Bool {
        switch selector {
        case .active: row < runs.active
        case .activeGroupEnd:
            row < runs.active && RowWord.groupEnd.word(row: row, of: runs) != 0
        case .bit(let column, let bit): word(.column(column)) >> UInt64(bit) & 1 == 1
        }
    }

    package func tuple(_ flush: Flush) -> Tuple {
        Tuple(flush.elements.flatMap { [value($0.low), value($0.high)] })
    }
}

extension Witness {
    /// - Parameter body: gets the row, which is valid only while it runs.
    package func withRow<Result>(_ row: Int, _ body: (RowView) -> Result) -> Result {
        precondition((0..<rowCount).contains(row), "a row of the table")
        return words.withUnsafeBufferPointer { words in
            // A table with a row has words.
            body(
                RowView(
                    words: words.baseAddress!, logarithm: logarithm, row: row, runs: runs))
        }
    }
}
