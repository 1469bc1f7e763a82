// From all claims about rows to one claim about the committed elements.
import BinaryFields
import ExecutionProof
import Ligerito

extension ProofRun {
    /// A functional over the rows of its table, or what is left of it once all are folded.
    private struct RowTerm {
        var weights: FoldingVector
        var sums: FoldingVector
        var variables: Int
    }

    /// The sumcheck over the rows of all tables; returns the point that they share.
    func proveRows(_ merged: MergedClaim, _ writer: inout ProofWriter) -> [GF128] {
        let terms = merged.functionals.map(rowTerm)
        var point: [GF128] = []
        // A shorter table stands at the zeros of the other coordinates.
        var finished: [GF128] = []
        for round in 0..<layout.logRows {
            finished += terms.filter { $0.variables == round }.map(Self.value)
            var (zero, leading) = (finished.reduce(.zero, +), GF128.zero)
            let live = terms.filter { $0.variables > round }
            for term in live {
                let (weights, sums) = (term.weights.current, term.sums.current)
                let parts = workers.sums(term.sums.half) { total, range in
                    FieldLoops.pairSums(
                        &total, weights + 2 * range.lowerBound, sums + 2 * range.lowerBound,
                        count: range.count)
                }
                zero += parts.0
                leading += parts.1
            }
            let r = writer.round(zero, leading)
            point.append(r)
            finished = finished.map { $0 * (.one + r) }
            workers.fold(live.flatMap { [$0.weights, $0.sums] }, at: r)
        }
        writer.send(.values, terms.map { $0.sums.current[0] })
        return point
    }

    private static func value(_ term: RowTerm) -> GF128 {
        term.weights.current[0] * term.sums.current[0]
    }

    private func rowTerm(_ functional: PartFunctional) -> RowTerm {
        let part = parts[functional.part]
        let count = 1 << part.logRows
        let (weights, sums) = (
            FoldingVector(count: count, pool: pool), FoldingVector(count: count, pool: pool))
        switch functional.rows {
        case .at(let point): Equality.fill(weights.current, point, scale: .one)
        case .after(let point):
            let table = Equality.table(point)
            weights.current[0] = .zero
            for row in 1..<count { weights.current[row] = table[row - 1] }
        case .rows(let rows):
            weights.current.update(repeating: .zero, count: count)
            for row in rows { weights.current[row.row] = row.weight }
        }
        let out = sums.current
        out.update(repeating: .zero, count: count)
        workers.split(count, least: 1024) { _, rows in
            part.addWeighted(functional.bits, to: out, rows: rows)
        }
        return RowTerm(weights: weights, sums: sums, variables: part.logRows)
    }

    /// The sumcheck over columns and bits, and the switch to elements: the claim about the
    /// elements and its weights.
    func proveColumns(
        _ merged: MergedClaim, _ rows: [GF128], _ writer: inout ProofWriter
    ) -> (claim: GF128, weights: FieldVector) {
        let mixing = writer.transcript.challenge()
        let weights = ColumnWeights(merged, layout, problem, mixing: mixing)
        let tables = (0..<layout.logRows).map { Equality.table(rows[1..<($0 + 1)]) }
        let planes = bitPlanes(tables)
        var first = weights.values
        var second = [GF128](repeating: .zero, count: first.count)
        for column in layout.columns.indices {
            for bit in 0..<64 {
                let (even, odd) = (planes[128 * column + bit], planes[128 * column + 64 + bit])
                second[64 * column + bit] = even + rows[0] * (even + odd)
            }
        }
        var point: [GF128] = []
        for round in 0..<weights.variables {
            let half = 1 << (weights.variables - round - 1)
            var sums = (GF128.zero, GF128.zero)
            FieldLoops.pairSums(&sums, first, second, count: half)
            let r = writer.round(sums.0, sums.1)
            point.append(r)
            FieldLoops.fold(&first, first, at: r, count: half)
            FieldLoops.fold(&second, second, at: r, count: half)
        }
        writer.send(.values, [second[0]])
        let coefficients = Array(Equality.table(point[6...])[..<layout.columns.count])
        return switchToElements(planes, coefficients, tables, &writer)
    }

    /// For each column and each of 128 bits, the sum over its elements of eq(rows, element) where
    /// the bit is set.
    private func bitPlanes(_ tables: [[GF128]]) -> [GF128] {
        var planes = [GF128](repeating: .zero, count: 128 * layout.columns.count)
        planes.withUnsafeMutableBufferPointer { planes in
            guard let base = planes.baseAddress else { return }
            workers.each(layout.columns.count) { column in
                let size = layout.columnStack.logSizes[column]
                tables[size].withUnsafeBufferPointer { table in
                    guard let weights = table.baseAddress else { return }
                    FieldLoops.bitSums(
                        base + 128 * column,
                        of: elements.base + layout.columnStack.offsets[column],
                        weights: weights, count: 1 << size)
                }
            }
        }
        return planes
    }

    private func switchToElements(
        _ planes: [GF128], _ coefficients: [GF128], _ tables: [[GF128]],
        _ writer: inout ProofWriter
    ) -> (claim: GF128, weights: FieldVector) {
        var sums = [GF128](repeating: .zero, count: 128)
        planes.withUnsafeBufferPointer { planes in
            guard let base = planes.baseAddress else { return }
            for (column, coefficient) in coefficients.enumerated() {
                FieldLoops.add(&sums, base + 128 * column, times: coefficient, count: 128)
            }
        }
        writer.send(.values, sums)
        let images = Equality.table(writer.transcript.challenges(7))
        let claim = FieldLoops.dot(images, RingSwitch.transposed(sums), count: 128)
        let weights = pool.take(elements.count)
        weights.base.update(repeating: .zero, count: weights.count)
        let (map, out) = (LinearMap(images: images), weights.base)
        workers.each(layout.columns.count) { column in
            let size = layout.columnStack.logSizes[column]
            let target = out + layout.columnStack.offsets[column]
            FieldLoops.scale(target, tables[size], by: coefficients[column], count: 1 << size)
            map.map(target, into: target, count: 1 << size)
        }
        return (claim, weights)
    }
}
