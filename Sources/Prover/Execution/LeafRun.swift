// The channels: the leaves of both products, the trees over them, and what the leaves are made of.
import BinaryFields
import ExecutionProof
import Ligerito

extension ProofRun {
    /// The vectors of one flush over the rows of its table.
    private struct FlushVectors {
        /// One where the row is selected, else zero.
        var selector: FoldingVector
        /// 1 + gamma + the fingerprint.
        var term: FoldingVector
    }

    func proveLeaves(_ fingerprint: Fingerprint, _ writer: inout ProofWriter) -> LeafClaim {
        let vectors = layout.flushes.map { items in items.map { flushVectors($0, fingerprint) } }
        let trees = ProductTrees(
            leaves: layout.flushes.indices.map { leaves($0, vectors[$0]) },
            depth: layout.leafVariables, workers: workers, pool: pool)
        let (point, values) = trees.prove(&writer)
        let mixing = writer.transcript.challenge()
        var terms: [ProductTerm] = []
        for (side, items) in layout.flushes.enumerated() {
            for (number, item) in items.enumerated() {
                let share = layout.leafStacks[side].weight(of: number, at: point)
                terms.append(
                    ProductTerm(
                        weight: side == 0 ? share : mixing * share,
                        a: vectors[side][number].selector, b: vectors[side][number].term,
                        variables: parts[item.part].logRows))
            }
        }
        let sumcheck = EqualitySumcheck(workers: workers, variables: layout.logRows)
        let claim = values[0] + .one + mixing * (values[1] + .one)
        let rows = sumcheck.run(
            terms, z: Array(point[..<layout.logRows]), claim: claim, &writer)
        var ends: [GF128] = []
        for (term, item) in zip(terms, layout.flushes.joined()) {
            if case .bit = flush(item).selector { ends.append(term.a.current[0]) }
            ends.append(term.b.current[0] + .one + fingerprint.gamma)
        }
        writer.send(.values, ends)
        return LeafClaim(point: rows, values: ends)
    }

    private func flush(_ item: ProofLayout.Item) -> Flush {
        problem.parts[item.part].table.flushes[item.index]
    }

    private func flushVectors(
        _ item: ProofLayout.Item, _ fingerprint: Fingerprint
    ) -> FlushVectors {
        let (flush, part) = (flush(item), parts[item.part])
        let count = 1 << part.logRows
        var functional = RowFunctional(columnCount: problem.parts[item.part].table.columns.count)
        for (index, element) in flush.elements.enumerated() {
            let weights = fingerprint.weights(element: index, times: .one)
            functional.add(element.low, weights: weights[..<64])
            functional.add(element.high, weights: weights[64...])
        }
        let vectors = FlushVectors(
            selector: FoldingVector(count: count, pool: pool),
            term: FoldingVector(count: count, pool: pool))
        let (selector, term) = (vectors.selector.current, vectors.term.current)
        let shift = GF128.one + fingerprint.gamma
        workers.split(count, least: 1024) { _, rows in
            part.values(functional, into: term, rows: rows)
            for row in rows {
                term[row] += shift
                selector[row] = part.isSelected(flush.selector, row: row) ? .one : .zero
            }
        }
        return vectors
    }

    /// The leaves of one side: selected rows have gamma plus their fingerprint, all others one.
    private func leaves(_ side: Int, _ vectors: [FlushVectors]) -> FieldVector {
        let stack = layout.leafStacks[side]
        let leaves = pool.take(1 << stack.logSize)
        leaves.base.update(repeating: .one, count: leaves.count)
        for (number, flush) in vectors.enumerated() {
            let out = leaves.base + stack.offsets[number]
            let (selector, term) = (flush.selector.current, flush.term.current)
            for row in 0..<1 << stack.logSizes[number] where !selector[row].isZero {
                out[row] = term[row] + .one
            }
        }
        return leaves
    }
}
