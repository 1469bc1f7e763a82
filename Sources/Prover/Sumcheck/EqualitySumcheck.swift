// The sumcheck of eq(z, x) times a sum of products: products of layers, leaves, and the zero test.
import BinaryFields
import ExecutionProof

/// `weight` (a b + c) over as many of the lowest variables as the vectors have; `c` may be absent.
struct ProductTerm {
    var weight: GF128
    var a: FoldingVector
    var b: FoldingVector
    var c: FoldingVector?
    /// Variables of the vectors.
    var variables: Int

    var vectors: [FoldingVector] { [a, b] + (c.map { [$0] } ?? []) }
}

struct EqualitySumcheck {
    let workers: Workers
    /// Memory for the equality table of a round.
    let table: FieldVector

    init(workers: Workers, variables: Int) {
        self.workers = workers
        table = FieldVector(uninitialized: 1 << max(0, variables - 1))
    }

    /// One round for each coordinate of `z`, from the first; returns the challenges. All vectors
    /// end with one value. A term of fewer variables does not depend on the others.
    func run(
        _ terms: [ProductTerm], z: [GF128], claim start: GF128, _ writer: inout ProofWriter
    ) -> [GF128] {
        var (claim, challenges): (GF128, [GF128]) = (start, [])
        let widest = terms.map(\.variables).max() ?? 0
        for round in z.indices {
            var (one, leading) = (GF128.zero, GF128.zero)
            let live = terms.filter { $0.variables > round }
            // Shorter terms take a prefix of z: their tables are sums over the other coordinates.
            var size = widest
            if round < widest {
                Equality.fill(table.base, z[(round + 1)..<widest], scale: .one)
            }
            for term in live.sorted(by: { $0.variables > $1.variables }) {
                shrink(from: &size, to: term.variables, round: round)
                let sums = sums(term)
                one += term.weight * sums.0
                leading += term.weight * sums.1
            }
            // What no longer depends on anything has the same value at one; its share of the
            // claim stays in the constant.
            for term in terms where term.variables <= round {
                one += term.weight * value(term)
            }
            let message = EqualityRound(claim: claim, z: z[round], atOne: one, leading: leading)
            let r = writer.round(message.linear, message.leading)
            claim = message.next(claim, z: z[round], at: r)
            challenges.append(r)
            workers.fold(live.flatMap(\.vectors), at: r)
        }
        return challenges
    }

    private func value(_ term: ProductTerm) -> GF128 {
        term.a.current[0] * term.b.current[0] + (term.c?.current[0] ?? .zero)
    }

    /// The table over the coordinates after `round` of the first `size`, summed over the highest.
    private func shrink(from size: inout Int, to variables: Int, round: Int) {
        while size > variables {
            let half = 1 << (size - round - 2)
            FieldLoops.add(table.base, table.base + half, count: half)
            size -= 1
        }
    }

    private func sums(_ term: ProductTerm) -> (GF128, GF128) {
        let (a, b, c) = (term.a.current, term.b.current, term.c?.current)
        let table = table.base
        return workers.sums(term.a.half) { sums, range in
            let place = range.lowerBound
            FieldLoops.tripleSums(
                &sums, weights: table + place, a + 2 * place, b + 2 * place,
                c.map { UnsafePointer($0 + 2 * place) }, count: range.count)
        }
    }
}
