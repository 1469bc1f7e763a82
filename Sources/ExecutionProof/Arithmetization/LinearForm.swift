// Words that are sums of mapped words of a row, of the next row, of public words and a constant.

/// Where a term of a form takes its word from.
package enum Source: Hashable, Sendable {
    /// A committed column in this row.
    case column(Int)
    /// A committed column in the next row; zero in the last row of the table.
    case next(Int)
    /// A word that the row's place decides, known to everybody.
    case row(RowWord)
}

/// Words that follow from the place of a row and from the runs of active rows.
package enum RowWord: Hashable, Sendable {
    /// All ones in active rows, else zero. Rows are active up to a number, and not after it.
    case active
    /// All ones in active rows but the last of each run, else zero.
    case followed
    /// The row's number, from 0.
    case index
    /// All ones in each eighth row, the last of a group of eight, else zero.
    case groupEnd

    /// Rows of a group, as a power of two.
    package static let groupLogarithm = 3

    /// - Parameters:
    ///   - row: 0 or more.
    ///   - runs: the active rows.
    package func word(row: Int, of runs: RowRuns) -> UInt64 {
        switch self {
        case .active: row < runs.active ? .max : 0
        case .followed: runs.isFollowed(row) ? .max : 0
        case .index: UInt64(row)
        case .groupEnd: (row + 1) % (1 << Self.groupLogarithm) == 0 ? .max : 0
        }
    }
}

/// One term of a form.
package struct Term: Hashable, Sendable {
    package var source: Source
    package var map: WordMap
}

/// The sum, bit by bit, of terms and a constant.
package struct LinearForm: Sendable {
    package var terms: [Term]
    package var constant: UInt64

    package init(terms: [Term], constant: UInt64) {
        (self.terms, self.constant) = (terms, constant)
    }

    /// The same word in every row.
    static func constant(_ word: UInt64) -> LinearForm {
        LinearForm(terms: [], constant: word)
    }

    static let zero = LinearForm.constant(0)
    static let ones = LinearForm.constant(.max)

    /// A committed word of this row.
    static func column(_ index: Int) -> LinearForm {
        LinearForm(terms: [Term(source: .column(index), map: .identity)], constant: 0)
    }

    /// A committed word of the next row.
    static func next(_ index: Int) -> LinearForm {
        LinearForm(terms: [Term(source: .next(index), map: .identity)], constant: 0)
    }

    static func row(_ word: RowWord) -> LinearForm {
        LinearForm(terms: [Term(source: .row(word), map: .identity)], constant: 0)
    }

    /// One of a column by a map.
    static func mapped(_ index: Int, _ map: WordMap) -> LinearForm {
        LinearForm(terms: [Term(source: .column(index), map: map)], constant: 0)
    }
}

extension LinearForm {
    static func ^ (left: LinearForm, right: LinearForm) -> LinearForm {
        LinearForm(terms: left.terms + right.terms, constant: left.constant ^ right.constant)
    }

    static func ^= (left: inout LinearForm, right: LinearForm) { left = left ^ right }

    static prefix func ~ (form: LinearForm) -> LinearForm { form ^ .ones }

    /// The bits of `mask` only.
    static func & (form: LinearForm, mask: UInt64) -> LinearForm {
        form.shifted(by: 0, mask: mask)
    }

    static func << (form: LinearForm, count: Int) -> LinearForm {
        form.shifted(by: count, mask: .max)
    }

    static func >> (form: LinearForm, count: Int) -> LinearForm {
        form.shifted(by: -count, mask: .max)
    }

    /// Shifted left, then masked; terms of which nothing is left are dropped.
    func shifted(by count: Int, mask: UInt64) -> LinearForm {
        let mapped = terms.map { term in
            guard let map = term.map.shifted(by: count, mask: mask) else {
                preconditionFailure("a form is built of maps that can be shifted")
            }
            return Term(source: term.source, map: map)
        }
        return LinearForm(
            terms: mapped.filter { $0.map.reach != 0 },
            constant: WordMap.shift(constant, count) & mask)
    }

    /// Turned right by `count`, 1 to 63.
    func rotatedRight(_ count: Int) -> LinearForm { self >> count ^ self << (64 - count) }

    /// The bits in reverse order.
    var reversedBits: LinearForm {
        let mapped = terms.map { term in
            guard let map = term.map.reversed else {
                preconditionFailure("a form is built of maps that can be reversed")
            }
            return Term(source: term.source, map: map)
        }
        return LinearForm(terms: mapped, constant: WordMap.reverse(constant))
    }

    /// The field of `count` bits from `low` on, moved to `place`.
    func field(_ low: Int, _ count: Int, to place: Int = 0) -> LinearForm {
        shifted(by: place - low, mask: Self.mask(place, count))
    }

    /// Bit `bit` at all places of `mask`.
    func broadcast(_ bit: Int, _ mask: UInt64 = .max) -> LinearForm {
        var result = LinearForm.constant(constant >> UInt64(bit) & 1 == 1 ? mask : 0)
        for term in terms {
            if case .parity(let bits, let to) = term.map {
                guard to == bit else { continue }
                precondition(mask.nonzeroBitCount == 1, "a parity goes to one place")
                let map = WordMap.parity(mask: bits, to: mask.trailingZeroBitCount)
                result.terms.append(Term(source: term.source, map: map))
            } else if let source = term.map.source(of: bit) {
                let map = WordMap.broadcast(bit: source, mask: mask)
                result.terms.append(Term(source: term.source, map: map))
            }
        }
        return result
    }

    /// The low `count` bits, extended by the highest of them.
    func signExtended(_ count: Int) -> LinearForm {
        let low = Self.mask(0, count)
        return self & low ^ broadcast(count - 1, ~low)
    }

    /// `count` ones from `low` on.
    static func mask(_ low: Int, _ count: Int) -> UInt64 {
        (count == 64 ? .max : (1 << UInt64(count)) - 1) << UInt64(low)
    }

    /// The bits that can differ from zero.
    package var reach: UInt64 { terms.reduce(constant) { $0 | $1.map.reach } }
}
