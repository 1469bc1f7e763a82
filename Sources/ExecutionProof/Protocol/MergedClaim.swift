// All claims about the tables as one sum over their rows.
import BinaryFields
import Ligerito

/// How the rows of a table are weighted.
package enum RowWeight: Hashable, Sendable {
    /// By equality with a point.
    case at([GF128])
    /// By equality of the row before with a point; the first row has the weight zero.
    case after([GF128])
    /// By these weights at these rows, else zero.
    case rows([WeightedRow])

    package func value(at point: [GF128]) -> GF128 {
        switch self {
        case .at(let own): Equality.value(own, point)
        case .after(let own): RowPolynomials.next(own, point)
        case .rows(let rows):
            rows.reduce(.zero) { $0 + $1.weight * RowPolynomials.equals(point, $1.row) }
        }
    }
}

package struct WeightedRow: Hashable, Sendable {
    package let row: Int
    package let weight: GF128
}

/// The sum over the rows of a table of the rows' weight times the weighted sum of the row's bits.
package struct PartFunctional: Sendable {
    package let part: Int
    package let rows: RowWeight
    /// Weight of bit i of column c at `64 c + i`.
    package let bits: [GF128]
}

/// What the leaves of the products ended with.
package struct LeafClaim: Sendable {
    /// A point of the rows; a table of 2^n rows takes its first n coordinates.
    package let point: [GF128]
    /// For each flush, pushes first: its selector, if that is committed, and its fingerprint
    /// without gamma.
    package let values: [GF128]

    package init(point: [GF128], values: [GF128]) {
        self.point = point
        self.values = values
    }
}

/// What the zero test ended with.
package struct ZeroClaim: Sendable {
    /// A point of the rows and constraints.
    package let words: [GF128]
    /// A point of the 64 bits.
    package let bits: [GF128]
    /// Left, right and output of the constraints.
    package let values: [GF128]

    package init(words: [GF128], bits: [GF128], values: [GF128]) {
        self.words = words
        self.bits = bits
        self.values = values
    }
}

/// The sum of all `functionals` is `value`.
package struct MergedClaim: Sendable {
    package private(set) var value = GF128.zero
    package private(set) var functionals: [PartFunctional] = []

    /// Claims are weighted by powers of `mixing`, in the order leaves, zero test, boundaries;
    /// `boundaryBits` is the point of the 64 bits at which boundaries are compared; those of run j
    /// are weighted by the power j of `runMixing` besides.
    package init(
        _ problem: ProofProblem, _ layout: ProofLayout, fingerprint: Fingerprint,
        claims: (leaves: LeafClaim, zero: ZeroClaim),
        challenges: MergeChallenges
    ) {
        let mixing = challenges.mixing
        var power = mixing
        func nextPower() -> GF128 {
            defer { power *= mixing }
            return power
        }
        let leaves = leafFunctionals(
            problem, layout, fingerprint, claims.leaves.values, nextPower)
        for (part, functional) in leaves.enumerated() {
            let point = Array(claims.leaves.point[..<problem.parts[part].logRows])
            add(functional, part, at: point, problem)
        }
        let factors = claims.zero.values.map { value in
            let factor = nextPower()
            self.value += factor * value
            return factor
        }
        let zero = Self.zeroFunctionals(problem, layout, claims.zero, factors)
        for (part, functional) in zero.enumerated() {
            let point = Array(claims.zero.words[..<problem.parts[part].logRows])
            add(functional, part, at: point, problem)
        }
        addBoundaries(
            problem, Equality.table(challenges.boundaryBits), challenges.runMixing, nextPower)
    }

    private mutating func add(
        _ functional: RowFunctional, _ part: Int, at point: [GF128], _ problem: ProofProblem
    ) {
        value += functional.publicValue(at: point, of: problem.parts[part].runs)
        functionals.append(
            PartFunctional(part: part, rows: .at(point), bits: functional.columns))
        if functional.usesNext {
            functionals.append(
                PartFunctional(part: part, rows: .after(point), bits: functional.next))
        }
    }

    /// One functional for each part, and the claimed values added to the total.
    private mutating func leafFunctionals(
        _ problem: ProofProblem, _ layout: ProofLayout, _ fingerprint: Fingerprint,
        _ values: [GF128], _ nextPower: () -> GF128
    ) -> [RowFunctional] {
        var functionals = problem.parts.map {
            RowFunctional(columnCount: $0.table.columns.count)
        }
        var place = 0
        for item in layout.flushes.joined() {
            let flush = problem.parts[item.part].table.flushes[item.index]
            if case .bit(let column, let bit) = flush.selector {
                let factor = nextPower()
                functionals[item.part].add(column: column, bit: bit, weight: factor)
                value += factor * values[place]
                place += 1
            }
            let factor = nextPower()
            for (index, element) in flush.elements.enumerated() {
                let weights = fingerprint.weights(element: index, times: factor)
                functionals[item.part].add(element.low, weights: weights[..<64])
                functionals[item.part].add(element.high, weights: weights[64...])
            }
            value += factor * values[place]
            place += 1
        }
        return functionals
    }

    private static func zeroFunctionals(
        _ problem: ProofProblem, _ layout: ProofLayout, _ claim: ZeroClaim, _ factors: [GF128]
    ) -> [RowFunctional] {
        var functionals = problem.parts.map {
            RowFunctional(columnCount: $0.table.columns.count)
        }
        let bits = Equality.table(claim.bits)
        var scaled = bits
        for (place, item) in layout.constraints.enumerated() {
            let constraint = problem.parts[item.part].table.constraints[item.index]
            let weight = layout.constraintStack.weight(of: place, at: claim.words)
            let forms = [constraint.left, constraint.right, constraint.output]
            for (form, factor) in zip(forms, factors) {
                FieldLoops.scale(&scaled, bits, by: weight * factor, count: 64)
                functionals[item.part].add(form, weights: scaled)
            }
        }
        return functionals
    }

    private mutating func addBoundaries(
        _ problem: ProofProblem, _ bits: [GF128], _ runMixing: GF128, _ nextPower: () -> GF128
    ) {
        for (index, part) in problem.parts.enumerated() {
            for place in [Boundary.Place.first, .last] {
                let boundaries = part.table.boundaries.filter { $0.place == place }
                guard !boundaries.isEmpty else { continue }
                var power = GF128.one
                let rows = part.runs.rows(place).map { row in
                    defer { power *= runMixing }
                    return WeightedRow(row: row, weight: power)
                }
                var functional = RowFunctional(columnCount: part.table.columns.count)
                for boundary in boundaries {
                    let factor = nextPower()
                    functional.add(boundary.form, weights: bits.map { $0 * factor })
                    for (run, row) in rows.enumerated() {
                        let word = problem.expected(boundary, run: run)
                        value += factor * row.weight * Self.sum(bits, word)
                    }
                }
                precondition(!functional.usesNext, "a boundary looks at its own row")
                for row in rows {
                    value += row.weight * functional.publicValue(row: row.row, of: part.runs)
                }
                functionals.append(
                    PartFunctional(part: index, rows: .rows(rows), bits: functional.columns))
            }
        }
    }

    private static func sum(_ bits: [GF128], _ word: UInt64) -> GF128 {
        var (sum, rest) = (GF128.zero, word)
        while rest != 0 {
            sum += bits[rest.trailingZeroBitCount]
            rest &= rest - 1
        }
        return sum
    }
}

/// What is drawn before the claims are merged, in this order.
package struct MergeChallenges {
    package let mixing: GF128
    package let boundaryBits: [GF128]
    package let runMixing: GF128

    package init(from transcript: inout Transcript) {
        mixing = transcript.challenge()
        boundaryBits = transcript.challenges(6)
        runMixing = transcript.challenge()
    }
}
