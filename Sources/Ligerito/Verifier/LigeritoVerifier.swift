// The verifier: an opening of a committed polynomial is what it claims to be, or is refused.
import BinaryFields
import Primitives

/// Checks openings of commitments of one shape (Ligerito, §4, as one running sumcheck).
///
/// The claim is <P, B> = sigma: P is the committed vector of `2^logElements` elements, B a public
/// vector whose multilinear extension the caller can evaluate.
public struct LigeritoVerifier: Sendable {
    public let parameters: LigeritoParameters

    public init(_ parameters: LigeritoParameters) { self.parameters = parameters }

    /// Rows of one level that the opening claims, as a share of the weight.
    private struct OpenedRows {
        var positions: [Int]
        /// The mixing challenge: row i has its power i + 1.
        var mixing: GF128
        /// Challenges drawn before the rows were opened.
        var roundsBefore: Int
    }

    /// Throws unless the opening shows that the polynomial under `root` satisfies the claim.
    /// `root` was absorbed by the caller, after the parameters and before anything that the weight
    /// depends on. `weight` returns the value of B's extension at a point of `logElements`
    /// coordinates, coordinate 0 being bit 0 of the index.
    ///
    /// Time: `queries * (2^foldings + logRows)` products for each level and `2^finalVariables`.
    public func verify(
        root: Digest, claim sigma: GF128, proof: inout ProofReader,
        transcript: inout Transcript, weight: ([GF128]) -> GF128
    ) throws(ProofFailure) {
        var (claim, root) = (sigma, root)
        var point: [GF128] = []
        var opened: [OpenedRows] = []
        var vector: [GF128] = []
        transcript.absorb(.claim, [sigma])
        for (level, shape) in parameters.levels.enumerated() {
            for _ in 0..<shape.foldings { point.append(try proof.round(&claim, &transcript)) }
            let committed = root
            if level + 1 < parameters.levels.count {
                root = try proof.digest()
                transcript.absorb(.root, root)
            } else {
                vector = try proof.elements(1 << parameters.finalVariables)
                transcript.absorb(.vector, vector)
            }
            let positions = transcript.positions(
                count: shape.queries, bits: parameters.logLeaves(level))
            let mixing = transcript.challenge()
            let folding = Equality.table(point.suffix(shape.foldings))
            let rows = try read(positions, level: level, root: committed, &proof)
            claim += Self.mixed(rows, folding, mixing)
            opened.append(
                OpenedRows(positions: positions, mixing: mixing, roundsBefore: point.count))
        }
        while point.count < parameters.logElements {
            point.append(try proof.round(&claim, &transcript))
        }
        var total = weight(point)
        for (level, rows) in opened.enumerated() { total += share(of: rows, level, at: point) }
        let last = point.suffix(parameters.finalVariables)
        guard Equality.evaluate(vector, at: last) * total == claim else { throw .openingRefused }
    }

    /// The rows at `positions`, shown to lie under `root`.
    private func read(
        _ positions: [Int], level: Int, root: Digest, _ proof: inout ProofReader
    ) throws(ProofFailure) -> [GF128] {
        let columns = parameters.levels[level].foldings
        let rows = try proof.elements(positions.count << columns)
        let leaves = RowTree.leaves(rows, columns: columns, count: positions.count)
        let found = try RowTree.root(
            positions: positions, leaves: leaves, depth: parameters.logLeaves(level),
            proof: &proof)
        guard found == root else { throw .rowsNotCommitted(level: level) }
        return rows
    }

    /// The sum of mixing^(i + 1) <row i, folding>.
    private static func mixed(_ rows: [GF128], _ folding: [GF128], _ mixing: GF128) -> GF128 {
        var (sum, power) = (GF128.zero, mixing)
        rows.withUnsafeBufferPointer { rows in
            folding.withUnsafeBufferPointer { folding in
                guard let base = rows.baseAddress, let weights = folding.baseAddress else { return }
                for start in stride(from: 0, to: rows.count, by: folding.count) {
                    sum += power * FieldLoops.dot(base + start, weights, count: folding.count)
                    power *= mixing
                }
            }
        }
        return sum
    }

    /// The value at `point` of what the opened rows added to the weight: row q of the generator is
    /// the tensor of (1, h_k(x_q)), and its extension the product of 1 + r_k (1 + h_k(x_q)).
    private func share(of rows: OpenedRows, _ level: Int, at point: [GF128]) -> GF128 {
        let count = rows.positions.count
        var terms: [GF128] = []
        var power = rows.mixing
        for _ in 0..<count {
            terms.append(power)
            power *= rows.mixing
        }
        for variable in 0..<parameters.logRows(level) {
            let r = point[rows.roundsBefore + variable]
            // 1 + r + r h: linear in h, so r may be multiplied into the basis first.
            var factors = SubspacePolynomials.values(
                of: variable, at: rows.positions, times: r)
            for index in factors.indices { factors[index] += .one + r }
            FieldLoops.products(&terms, terms, factors, count: count)
        }
        return terms.reduce(.zero, +)
    }
}
