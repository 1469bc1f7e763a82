// The slow judge: every constraint on every row, and every channel counted. It is what proofs are
// measured against, and needs no field.

/// What was found first.
package enum CheckFailure: Error, Hashable, Sendable {
    /// Words of a table are not as many as its active rows ask for, or the rows not as claimed.
    case shape(table: String)
    case constraint(table: String, name: String, row: Int)
    case boundary(table: String, name: String)
    /// A channel where `tuple` was pushed `excess` times more than it was pulled.
    case channel(Channel?, tuple: Tuple, excess: Int)
}

/// Judges tables against a claim. Takes time and memory in proportion to the rows.
package struct Checker {
    let claim: Claim

    package init(_ claim: Claim) { self.claim = claim }

    /// - Parameter witnesses: in the order of `TableKind`.
    /// - Throws: what is wrong, the first in the order of tables, rows and constraints.
    package func check(_ witnesses: [Witness]) throws(CheckFailure) {
        var balance = ChannelBalance()
        for (table, witness) in zip(ConstraintSystem.tables, witnesses) {
            try checkShape(table, witness)
            for row in 0..<witness.rowCount {
                if let failure = Self.failure(table, witness, row: row) { throw failure }
                Self.add(table, witness, row: row, to: &balance)
            }
            try checkBoundaries(table, witness)
        }
        for tuple in claim.pushes { balance.add(tuple, 1) }
        for tuple in claim.pulls { balance.add(tuple, -1) }
        if let (tuple, excess) = balance.first {
            throw .channel(tuple.channel, tuple: tuple, excess: excess)
        }
    }

    private func checkShape(_ table: Table, _ witness: Witness) throws(CheckFailure) {
        let count = witness.active == 0 ? 0 : table.columns.count << witness.logarithm
        guard witness.runs == claim.runs(table.kind), witness.words.count == count,
            witness.columnCount == table.columns.count,
            witness.logarithm == TableKind.logarithm(active: witness.active)
        else { throw .shape(table: table.kind.name) }
    }

    /// The first constraint that does not hold in a row.
    static func failure(_ table: Table, _ witness: Witness, row: Int) -> CheckFailure? {
        witness.withRow(row) { view in
            table.constraints.first { !view.holds($0) }.map {
                .constraint(table: table.kind.name, name: $0.name, row: row)
            }
        }
    }

    /// Adds what a row pushes, and takes off what it pulls.
    static func add(
        _ table: Table, _ witness: Witness, row: Int, to balance: inout ChannelBalance
    ) {
        witness.withRow(row) { view in
            for flush in table.flushes where view.isSelected(flush.selector) {
                balance.add(view.tuple(flush), flush.direction == .push ? 1 : -1)
            }
        }
    }

    func checkBoundaries(_ table: Table, _ witness: Witness) throws(CheckFailure) {
        guard witness.active > 0 else { return }
        for boundary in table.boundaries {
            for (run, row) in witness.runs.rows(boundary.place).enumerated() {
                let word = witness.withRow(row) { $0.value(boundary.form) }
                guard word == claim.expected(boundary, run: run) else {
                    throw .boundary(table: table.kind.name, name: boundary.name)
                }
            }
        }
    }
}

/// How often each tuple was pushed, less how often it was pulled.
struct ChannelBalance {
    private var counts: [Tuple: Int] = [:]

    mutating func add(_ tuple: Tuple, _ change: Int) {
        let count = counts[tuple, default: 0] + change
        counts[tuple] = count == 0 ? nil : count
    }

    var isEven: Bool { counts.isEmpty }

    /// The least tuple that is left, by its words.
    var first: (tuple: Tuple, excess: Int)? {
        counts.min { $0.key.words.lexicographicallyPrecedes($1.key.words) }
            .map { ($0.key, $0.value) }
    }
}
