// A table: columns of words, and what ties them to each other and to other tables.

/// The rules of one table. It has as many rows as there is need, rounded up to a power of two; the
/// rows after the active ones flush nothing, and honest provers leave them zero.
package struct Table: Sendable {
    package let kind: TableKind
    /// The names of the committed columns, in order.
    package let columns: [String]
    package let constraints: [AndConstraint]
    package let flushes: [Flush]
    package let boundaries: [Boundary]
}

/// The tables, in the order in which everything that lists them does.
package enum TableKind: Int, CaseIterable, Sendable {
    /// One row a step.
    case steps
    case memory
    case shift
    /// One row a product of 64 by 64 bits.
    case product
    /// Eight rows a product: eight bits of the second factor in each.
    case partial
    case quotient
    case bits
    case jump

    package var name: String {
        switch self {
        case .steps: "steps"
        case .memory: "memory"
        case .shift: "shift"
        case .product: "product"
        case .partial: "partial"
        case .quotient: "quotient"
        case .bits: "bits"
        case .jump: "jump"
        }
    }

    /// The most active rows, so that counters and clocks cannot wrap.
    package var mostRows: Int {
        switch self {
        case .steps, .memory, .shift, .quotient, .bits, .jump: 1 << 16
        // A division needs a product too.
        case .product: 1 << 16
        case .partial: 1 << 19
        }
    }

    /// Rows of a table with so many active ones, as a power of two; at least two, since an element
    /// of the commitment holds two rows of a column.
    package static func logarithm(active: Int) -> Int {
        var logarithm = 1
        while 1 << logarithm < active { logarithm += 1 }
        return logarithm
    }
}

/// The words of one table, column after column.
package struct Witness: Sendable {
    /// Rows that count; none where the table is not used, and then it has no words.
    package let runs: RowRuns
    package let columnCount: Int
    /// Rows as a power of two.
    package let logarithm: Int
    /// Word of column `c` and row `r` at `c << logarithm | r`.
    package var words: [UInt64]

    package init(active: Int, columnCount: Int) {
        self.init(runs: RowRuns(active: active), columnCount: columnCount)
    }

    package init(runs: RowRuns, columnCount: Int) {
        (self.runs, self.columnCount) = (runs, columnCount)
        let active = runs.active
        logarithm = TableKind.logarithm(active: active)
        words = [UInt64](repeating: 0, count: active == 0 ? 0 : columnCount << logarithm)
    }

    package var active: Int { runs.active }
    package var rowCount: Int { active == 0 ? 0 : 1 << logarithm }

    package subscript(column: Int, row: Int) -> UInt64 {
        get { words[column << logarithm | row] }
        set { words[column << logarithm | row] = newValue }
    }
}
