// Which bits of a table follow from others by its constraints: what does not follow, a forger could
// choose.
@testable import ExecutionProof

/// Follows constraints bit by bit: a bit is decided once an equation has no other undecided one.
struct Propagation {
    private struct Place: Hashable {
        var column: Int
        var isNext: Bool
        var bit: Int
    }

    /// One bit of a form: its places, and what public words and the constant add.
    private struct Lane {
        var places: [Place]
        var rows: [(word: RowWord, bit: Int)]
        var constant: Bool
    }

    private let table: Table
    private let witness: Witness
    private let lanes: [(left: Lane, right: Lane, output: Lane)]
    /// By column and row, as the words.
    private var decided: [UInt64]

    init(_ table: Table, _ witness: Witness) {
        (self.table, self.witness) = (table, witness)
        decided = [UInt64](repeating: 0, count: witness.words.count)
        lanes = Self.lanes[table.kind.rawValue]
    }

    /// The lanes of all tables.
    private static let lanes = ConstraintSystem.tables.map { table in
        table.constraints.flatMap { constraint in
            (0..<64).map {
                (
                    left: lane(constraint.left, $0), right: lane(constraint.right, $0),
                    output: lane(constraint.output, $0)
                )
            }
        }
    }

    private static func lane(_ form: LinearForm, _ bit: Int) -> Lane {
        var lane = Lane(places: [], rows: [], constant: form.constant >> UInt64(bit) & 1 == 1)
        for term in form.terms {
            var sources: [Int] = []
            if case .parity(let mask, let to) = term.map {
                if to == bit { sources = (0..<64).filter { mask >> UInt64($0) & 1 == 1 } }
            } else if let source = term.map.source(of: bit) {
                sources = [source]
            }
            for source in sources {
                switch term.source {
                case .column(let column):
                    lane.places.append(Place(column: column, isNext: false, bit: source))
                case .next(let column):
                    lane.places.append(Place(column: column, isNext: true, bit: source))
                case .row(let word): lane.rows.append((word, source))
                }
            }
        }
        return lane
    }

    /// Takes bits as given.
    mutating func give(_ column: Int, row: Int, _ mask: UInt64 = .max) {
        decided[column << witness.logarithm | row] |= mask
    }

    /// Follows the constraints of rows until nothing new is decided.
    mutating func run(rows: Range<Int>) {
        var before = -1
        while before != count {
            before = count
            for row in rows {
                for lane in lanes { follow(lane.left, lane.right, lane.output, row) }
            }
        }
    }

    private var count: Int { decided.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// The bits of a word that do not follow.
    func open(_ column: Int, row: Int) -> UInt64 { ~decided[column << witness.logarithm | row] }

    private func index(_ place: Place, _ row: Int) -> Int? {
        let row = place.isNext ? row + 1 : row
        return row < witness.rowCount ? place.column << witness.logarithm | row : nil
    }

    /// The sum of what is decided, and the places that are not.
    private func state(_ lane: Lane, _ row: Int) -> (value: Bool, open: [Place]) {
        var value = lane.constant
        var open: [Place] = []
        for (word, bit) in lane.rows {
            value = value != (word.word(row: row, of: witness.runs) >> UInt64(bit) & 1 == 1)
        }
        for place in lane.places {
            guard let index = index(place, row) else { continue }
            if decided[index] >> UInt64(place.bit) & 1 == 1 {
                value = value != (witness.words[index] >> UInt64(place.bit) & 1 == 1)
            } else {
                Self.toggle(place, in: &open)
            }
        }
        return (value, open)
    }

    /// Two of a kind cancel.
    private static func toggle(_ place: Place, in open: inout [Place]) {
        if let index = open.firstIndex(of: place) {
            open.remove(at: index)
        } else {
            open.append(place)
        }
    }

    private mutating func follow(_ left: Lane, _ right: Lane, _ output: Lane, _ row: Int) {
        let (first, second, third) = (state(left, row), state(right, row), state(output, row))
        decide(first, second, third, row)
        decide(second, first, third, row)
        if third.open.isEmpty, third.value {
            decide(first.open, row)
            decide(second.open, row)
        }
    }

    /// Where one factor is decided the constraint is an equation.
    private mutating func decide(
        _ factor: (value: Bool, open: [Place]), _ other: (value: Bool, open: [Place]),
        _ output: (value: Bool, open: [Place]), _ row: Int
    ) {
        guard factor.open.isEmpty, !other.open.isEmpty || !output.open.isEmpty else { return }
        var open = output.open
        if factor.value { for place in other.open { Self.toggle(place, in: &open) } }
        decide(open, row)
    }

    private mutating func decide(_ open: [Place], _ row: Int) {
        guard open.count == 1, let place = open.first, let index = index(place, row) else { return }
        decided[index] |= 1 << UInt64(place.bit)
    }
}
