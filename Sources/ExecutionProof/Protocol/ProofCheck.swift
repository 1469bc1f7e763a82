// The verifier of the protocol: each step turns a claim into a smaller one.
import BinaryFields
import Ligerito
import Primitives

/// Checks that tables exist which satisfy all constraints, whose channels are empty together with
/// the public tuples, and whose boundaries are as expected. Normative:
/// `docs/spec/proof-protocol.md`.
package struct ProofCheck {
    private let problem: ProofProblem
    private let layout: ProofLayout
    private var transcript = Transcript()
    private var reader: ProofReader

    /// Throws unless `proof` shows what `problem` says.
    package static func verify(
        _ proof: [UInt8], of problem: ProofProblem
    ) throws(ProofFailure) {
        guard let layout = ProofLayout(problem) else { throw .impossibleSize }
        var check = ProofCheck(problem: problem, layout: layout, reader: ProofReader(proof))
        try check.run()
    }

    private init(problem: ProofProblem, layout: ProofLayout, reader: ProofReader) {
        (self.problem, self.layout, self.reader) = (problem, layout, reader)
    }

    private mutating func run() throws(ProofFailure) {
        transcript.absorb(.statement, problem.statement)
        transcript.absorb(.statement, problem.shape)
        transcript.absorb(.parameters, layout.parameters.encoded)
        let root = try reader.digest()
        transcript.absorb(.root, root)
        let fingerprint = Fingerprint(
            gamma: transcript.challenge(), beta: transcript.challenge())
        let products = try checkProducts(fingerprint)
        let leaves = try checkLeaves(products, fingerprint)
        let zero = try checkConstraints()
        let merged = MergedClaim(
            problem, layout, fingerprint: fingerprint, claims: (leaves, zero),
            challenges: MergeChallenges(from: &transcript))
        let rows = try checkRows(merged)
        let (bits, coefficients) = try checkColumns(merged, rows)
        try checkElements(root, bits, coefficients, rows.point)
        try reader.finish()
    }

    /// A claim about both trees' leaves: their values at one point.
    private struct LeafValues {
        var point: [GF128] = []
        var push: GF128
        var pull: GF128
    }

    /// The two products, each by a tree of layers that share their challenges (Goldwasser, Kalai,
    /// Rothblum 2008; Thaler 2013). V_k(x) = V_(k+1)(x, 0) V_(k+1)(x, 1).
    private mutating func checkProducts(
        _ fingerprint: Fingerprint
    ) throws(ProofFailure) -> LeafValues {
        let roots = try reader.values(2, &transcript)
        let pushed = roots[0] * fingerprint.product(problem.pushes)
        let pulled = roots[1] * fingerprint.product(problem.pulls)
        guard pushed == pulled, !pushed.isZero else { throw .stepRefused(.products) }
        var claim = LeafValues(push: roots[0], pull: roots[1])
        for _ in 0..<layout.leafVariables {
            let mixing = transcript.challenge()
            var sum = claim.push + mixing * claim.pull
            let point = try reader.equalityRounds(&sum, at: claim.point, &transcript)
            let halves = try reader.values(4, &transcript)
            guard sum == halves[0] * halves[1] + mixing * halves[2] * halves[3] else {
                throw .stepRefused(.products)
            }
            let last = transcript.challenge()
            claim.point = point + [last]
            claim.push = halves[0] + last * (halves[0] + halves[1])
            claim.pull = halves[2] + last * (halves[2] + halves[3])
        }
        return claim
    }

    /// A leaf is 1 + selector (1 + gamma + fingerprint); the sum over the leaves of a flush is a
    /// sum over the rows of its table.
    private mutating func checkLeaves(
        _ products: LeafValues, _ fingerprint: Fingerprint
    ) throws(ProofFailure) -> LeafClaim {
        let mixing = transcript.challenge()
        var claim = products.push + .one + mixing * (products.pull + .one)
        let point = try reader.equalityRounds(
            &claim, at: products.point[..<layout.logRows], &transcript)
        let count = layout.flushes.joined().reduce(0) { count, item in
            if case .bit = flush(item).selector { count + 2 } else { count + 1 }
        }
        let values = try reader.values(count, &transcript)
        var (sum, place) = (GF128.zero, 0)
        for (side, items) in layout.flushes.enumerated() {
            for (number, item) in items.enumerated() {
                let part = problem.parts[item.part]
                var selector = RowPolynomials.selector(
                    flush(item).selector, at: Array(point[..<part.logRows]), active: part.active)
                if selector == nil {
                    selector = values[place]
                    place += 1
                }
                let share = layout.leafStacks[side].weight(of: number, at: products.point)
                let leaf = (selector ?? .zero) * (.one + fingerprint.gamma + values[place])
                sum += (side == 0 ? share : mixing * share) * leaf
                place += 1
            }
        }
        guard sum == claim else { throw .stepRefused(.leaves) }
        return LeafClaim(point: point, values: values)
    }

    private func flush(_ item: ProofLayout.Item) -> Flush {
        problem.parts[item.part].table.flushes[item.index]
    }

    /// left right + output is zero at every bit of every row of every constraint. The first four
    /// variables are those of words, then come the bits, then the rest.
    private mutating func checkConstraints() throws(ProofFailure) -> ZeroClaim {
        let variables = layout.constraintStack.logSize
        let target = transcript.challenges(variables + 6)
        var claim = GF128.zero
        let point = try reader.equalityRounds(&claim, at: target, &transcript)
        let values = try reader.values(3, &transcript)
        guard claim == values[0] * values[1] + values[2] else {
            throw .stepRefused(.constraints)
        }
        return ZeroClaim(
            words: Array(point[..<4] + point[10...]), bits: Array(point[4..<10]), values: values)
    }

    /// The point that all tables share, and the value of each functional there.
    private struct RowValues {
        var point: [GF128]
        var values: [GF128]
    }

    private mutating func checkRows(_ merged: MergedClaim) throws(ProofFailure) -> RowValues {
        var claim = merged.value
        var point: [GF128] = []
        for _ in 0..<layout.logRows { point.append(try reader.round(&claim, &transcript)) }
        let values = try reader.values(merged.functionals.count, &transcript)
        var sum = GF128.zero
        for (functional, value) in zip(merged.functionals, values) {
            let logRows = problem.parts[functional.part].logRows
            // A shorter table stands at the zeros of the other coordinates.
            let rest = point[logRows...].reduce(GF128.one) { $0 * (.one + $1) }
            sum += functional.rows.value(at: Array(point[..<logRows])) * rest * value
        }
        guard sum == claim else { throw .stepRefused(.merge) }
        return RowValues(point: point, values: values)
    }

    /// One claim about all columns, at a point of the 64 bits, and the columns' coefficients in it.
    private mutating func checkColumns(
        _ merged: MergedClaim, _ rows: RowValues
    ) throws(ProofFailure) -> (bits: BitClaim, coefficients: [GF128]) {
        let mixing = transcript.challenge()
        let weights = ColumnWeights(merged, layout, problem, mixing: mixing)
        var claim = rows.values.reversed().reduce(GF128.zero) { $0 * mixing + $1 }
        var point: [GF128] = []
        for _ in 0..<weights.variables { point.append(try reader.round(&claim, &transcript)) }
        let value = try reader.values(1, &transcript)[0]
        guard claim == Equality.evaluate(weights.values, at: point) * value else {
            throw .stepRefused(.columns)
        }
        let coefficients = Equality.table(point[6...])
        return (
            BitClaim(point: Array(point[..<6]), value: value),
            Array(coefficients[..<layout.columns.count])
        )
    }

    /// The weighted sum of all columns at a point of their bits.
    private struct BitClaim {
        var point: [GF128]
        var value: GF128
    }

    /// The bits of the elements, and then the elements.
    private mutating func checkElements(
        _ root: Digest, _ bits: BitClaim, _ coefficients: [GF128], _ rows: [GF128]
    ) throws(ProofFailure) {
        let sums = try reader.values(128, &transcript)
        guard Equality.evaluate(sums, at: bits.point + [rows[0]]) == bits.value else {
            throw .stepRefused(.ringSwitch)
        }
        let images = Equality.table(transcript.challenges(7))
        let claim = FieldLoops.dot(images, RingSwitch.transposed(sums), count: 128)
        let ring = RingSwitch(
            layout: layout, coefficients: coefficients, rows: Array(rows[1...]))
        try LigeritoVerifier(layout.parameters).verify(
            root: root, claim: claim, proof: &reader, transcript: &transcript
        ) { ring.weight(images: images, at: $0) }
    }
}
