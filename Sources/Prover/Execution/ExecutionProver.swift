// Makes the proof that `ProofCheck` checks: the same steps, on the other side.
import BinaryFields
import ExecutionProof
import Ligerito
import Primitives

/// The memory of proofs is kept between proofs of one shape.
package final class ExecutionProver {
    private let workers: Workers
    private var commitments: LigeritoProver?
    let pool = FieldPool()
    /// Tables of the last proof, with their heights.
    private var shape: [Int] = []

    package init(workers: Workers) { self.workers = workers }

    /// The proof of `problem` by tables that satisfy it, one for each part; nil where the problem
    /// is too large. Tables that do not satisfy it make a proof that is refused.
    package func proof(
        of problem: ProofProblem, _ witnesses: [Witness],
        onStage: (ProvingStage) -> Void = { _ in }
    ) -> [UInt8]? {
        guard let layout = ProofLayout(problem), witnesses.count == problem.parts.count,
            zip(witnesses, problem.parts).allSatisfy({
                $0.runs == $1.runs && $0.columnCount == $1.table.columns.count
            })
        else { return nil }
        if commitments?.parameters != layout.parameters {
            commitments = LigeritoProver(layout.parameters, workers: workers)
        }
        let heights = problem.parts.flatMap { [$0.table.kind.rawValue, $0.logRows] }
        if heights != shape { pool.clear() }
        shape = heights
        guard let commitments else { return nil }
        let elements = pool.take(1 << layout.columnStack.logSize)
        defer { pool.give(elements) }
        (elements.base + layout.columnStack.used).update(
            repeating: .zero, count: elements.count - layout.columnStack.used)
        var (parts, column): ([PartColumns], Int) = ([], 0)
        for witness in witnesses {
            let start = elements.base + layout.columnStack.offsets[column]
            let words = UnsafeMutableRawPointer(start).assumingMemoryBound(to: UInt64.self)
            witness.words.withUnsafeBufferPointer { source in
                if let base = source.baseAddress { words.update(from: base, count: source.count) }
            }
            parts.append(
                PartColumns(words: words, logRows: witness.logarithm, runs: witness.runs))
            column += witness.columnCount
        }
        return ProofRun(
            problem: problem, layout: layout, parts: parts, workers: workers,
            elements: elements, pool: pool
        ).proof(commitments, onStage)
    }
}

/// One proof under way.
struct ProofRun {
    let problem: ProofProblem
    let layout: ProofLayout
    let parts: [PartColumns]
    let workers: Workers
    let elements: FieldVector
    let pool: FieldPool

    func proof(
        _ commitments: LigeritoProver, _ onStage: (ProvingStage) -> Void
    ) -> [UInt8] {
        onStage(.commitment)
        var writer = ProofWriter()
        writer.transcript.absorb(.statement, problem.statement)
        writer.transcript.absorb(.statement, problem.shape)
        writer.transcript.absorb(.parameters, layout.parameters.encoded)
        writer.send(root: commitments.commit(elements))
        let fingerprint = Fingerprint(
            gamma: writer.transcript.challenge(), beta: writer.transcript.challenge())
        onStage(.channels)
        let leaves = proveLeaves(fingerprint, &writer)
        onStage(.constraints)
        let zero = proveConstraints(&writer)
        onStage(.merging)
        let merged = MergedClaim(
            problem, layout, fingerprint: fingerprint, claims: (leaves, zero),
            challenges: MergeChallenges(from: &writer.transcript))
        let rows = proveRows(merged, &writer)
        let (claim, weights) = proveColumns(merged, rows, &writer)
        onStage(.opening)
        commitments.open(
            elements, weights: weights, claim: claim, transcript: &writer.transcript,
            into: &writer.proof)
        pool.give(weights)
        return writer.proof.bytes
    }

    private func proveConstraints(_ writer: inout ProofWriter) -> ZeroClaim {
        let stack = layout.constraintStack
        let blocks = FormWords.blocks(of: stack.used)
        let count = blocks * WordLoops.block
        let memory = (0..<3).map { _ in pool.take(count / 2) }
        defer { for vector in memory { pool.give(vector) } }
        let words = memory.map {
            UnsafeMutableRawPointer($0.base).assumingMemoryBound(to: UInt64.self)
        }
        for words in words {
            (words + stack.used).update(repeating: 0, count: count - stack.used)
        }
        workers.each(3 * layout.constraints.count) { place in
            let (form, place) = (place % 3, place / 3)
            let item = layout.constraints[place]
            let constraint = problem.parts[item.part].table.constraints[item.index]
            let forms = [constraint.left, constraint.right, constraint.output]
            parts[item.part].evaluate(forms[form], into: words[form] + stack.offsets[place])
        }
        return ZeroTest(
            workers: workers, pool: pool,
            words: FormWords(
                left: words[0], right: words[1], output: words[2], blocks: blocks),
            variables: stack.logSize
        ).prove(&writer)
    }
}
