// Commits to a vector and opens it: the prover of Ligerito.
import BinaryFields
import Ligerito
import Primitives

/// Keeps the memory of a prover of one shape between proofs: with `2^m` elements and rate 1/4 about
/// `(4 + 2 + 1.5) * 16 * 2^m` bytes. One proof at a time.
public final class LigeritoProver {
    public let parameters: LigeritoParameters
    private let workers: Workers
    private let matrices: [CommittedMatrix]
    /// Halves that folding writes to, in turn.
    private let folded: [FieldVector]
    /// The expansion of the weights of opened rows, one share for each coset of the widest level.
    private let expansion: FieldVector

    public init(_ parameters: LigeritoParameters, workers: Workers) {
        self.parameters = parameters
        self.workers = workers
        matrices = parameters.levels.indices.map {
            CommittedMatrix(parameters, level: $0, workers: workers)
        }
        let size = parameters.logElements
        folded = [1, 1, 2, 2].map { FieldVector(count: 1 << max(0, size - $0)) }
        let widest = parameters.levels.indices.map { parameters.logLeaves($0) }.max() ?? 0
        expansion = FieldVector(count: 1 << widest)
    }

    /// Commits to `2^logElements` elements. The caller keeps them until the opening, and absorbs
    /// the root.
    public func commit(_ elements: FieldVector) -> Digest {
        precondition(elements.count >= 1 << parameters.logElements, "a vector of this shape")
        return matrices[0].commit(elements.base)
    }

    /// The prover's two vectors during an opening, each a multilinear polynomial in the variables
    /// that are left, and which of the halves they stand in.
    private struct Running {
        var elements: UnsafePointer<GF128>
        var weights: UnsafeMutablePointer<GF128>
        var variables: Int
        var turn = 0
    }

    /// Writes the opening of <elements, weights> = claim for the vector committed last; the
    /// weights are used up.
    public func open(
        _ elements: FieldVector, weights: FieldVector, claim: GF128,
        transcript: inout Transcript, into proof: inout ByteWriter
    ) {
        precondition(weights.count >= 1 << parameters.logElements, "a weight for each element")
        var state = Running(
            elements: UnsafePointer(elements.base), weights: weights.base,
            variables: parameters.logElements)
        transcript.absorb(.claim, [claim])
        for (level, shape) in parameters.levels.enumerated() {
            for _ in 0..<shape.foldings { round(&state, &transcript, &proof) }
            if level + 1 < parameters.levels.count {
                let root = matrices[level + 1].commit(state.elements)
                transcript.absorb(.root, root)
                proof.write(root)
            } else {
                let vector = Array(
                    UnsafeBufferPointer(start: state.elements, count: 1 << state.variables))
                transcript.absorb(.vector, vector)
                proof.append(vector)
            }
            let positions = transcript.positions(
                count: shape.queries, bits: parameters.logLeaves(level))
            let mixing = transcript.challenge()
            matrices[level].open(positions, into: &proof)
            mix(positions, mixing, level: level, into: state)
        }
        while state.variables > 0 { round(&state, &transcript, &proof) }
    }

    /// Sends one round and folds both vectors at its challenge.
    private func round(
        _ state: inout Running, _ transcript: inout Transcript, _ proof: inout ByteWriter
    ) {
        let half = 1 << (state.variables - 1)
        let (elements, weights) = (state.elements, UnsafePointer(state.weights))
        let pieces = workers.pieces(of: half, least: 4096)
        var sums = [(GF128, GF128)](repeating: (.zero, .zero), count: pieces)
        sums.withUnsafeMutableBufferPointer { sums in
            let base = sums.baseAddress!
            workers.split(half, least: 4096) { piece, range in
                FieldLoops.pairSums(
                    &base[piece], elements + 2 * range.lowerBound, weights + 2 * range.lowerBound,
                    count: range.count)
            }
        }
        let message = [sums.reduce(.zero) { $0 + $1.0 }, sums.reduce(.zero) { $0 + $1.1 }]
        transcript.absorb(.round, message)
        proof.append(message)
        let r = transcript.challenge()
        let (first, second) = (folded[2 * state.turn].base, folded[2 * state.turn + 1].base)
        workers.split(half, least: 4096) { _, range in
            let place = range.lowerBound
            FieldLoops.fold(first + place, elements + 2 * place, at: r, count: range.count)
            FieldLoops.fold(second + place, weights + 2 * place, at: r, count: range.count)
        }
        state.elements = UnsafePointer(first)
        state.weights = second
        state.turn = 1 - state.turn
        state.variables -= 1
    }

    /// Adds the sum of mixing^(i + 1) times row `positions[i]` of the generator to the weights:
    /// the transposed encoding of the vector that has these powers at these positions.
    private func mix(_ positions: [Int], _ mixing: GF128, level: Int, into state: Running) {
        let (rows, cosets) = (1 << state.variables, 1 << parameters.levels[level].rateBits)
        let expansion = expansion.base
        expansion.update(repeating: .zero, count: rows * cosets)
        var power = mixing
        for position in positions {
            expansion[position] = power
            power *= mixing
        }
        workers.each(cosets) { coset in
            AdditiveTransform(
                rows: state.variables, columns: 0, offset: coset * rows
            ).transposed(expansion + coset * rows)
        }
        for coset in 0..<cosets {
            FieldLoops.add(state.weights, expansion + coset * rows, count: rows)
        }
    }
}

extension ByteWriter {
    /// Elements as their bytes, with no count before them.
    mutating func append(_ elements: [GF128]) {
        elements.withUnsafeBytes { append($0) }
    }
}
