// The products of all pushes and of all pulls, by two trees of layers with shared challenges.
import BinaryFields
import ExecutionProof

struct ProductTrees {
    let workers: Workers
    private let pool: FieldPool
    /// For pushes and pulls: layer k has 2^k values, each the product of one value of each half of
    /// layer k + 1. Used up by the proof.
    private let layers: [[FieldVector]]

    /// The leaves of each side, `2^depth` of them, from the pool, to which they return.
    init(leaves: [FieldVector], depth: Int, workers: Workers, pool: FieldPool) {
        self.workers = workers
        self.pool = pool
        layers = leaves.map { leaves in
            var layers = [leaves]
            for level in (0..<depth).reversed() {
                let layer = pool.take(1 << level)
                let (out, above) = (layer.base, layers[layers.count - 1].base)
                workers.split(1 << level, least: Workers.grain) { _, range in
                    let place = range.lowerBound
                    FieldLoops.products(
                        out + place, above + place, above + (1 << level) + place,
                        count: range.count)
                }
                layers.append(layer)
            }
            return layers.reversed()
        }
    }

    /// Reduces the products to the values of both sides' leaves at one point.
    func prove(_ writer: inout ProofWriter) -> (point: [GF128], values: [GF128]) {
        let depth = layers[0].count - 1
        var values = layers.map { $0[0][0] }
        writer.send(.values, values)
        var point: [GF128] = []
        let sumcheck = EqualitySumcheck(workers: workers, variables: depth)
        for level in 0..<depth {
            let mixing = writer.transcript.challenge()
            let terms = layers.indices.map { side in
                let owner = layers[side][level + 1]
                let halves = [0, 1].map {
                    FoldingVector(
                        using: owner.base + $0 << level, count: 1 << level, pool: pool)
                }
                return ProductTerm(
                    weight: side == 0 ? .one : mixing, a: halves[0], b: halves[1],
                    variables: level)
            }
            let claim = values[0] + mixing * values[1]
            let challenges = sumcheck.run(terms, z: point, claim: claim, &writer)
            let ends = terms.flatMap { [$0.a.current[0], $0.b.current[0]] }
            writer.send(.values, ends)
            let last = writer.transcript.challenge()
            point = challenges + [last]
            values = [0, 2].map { ends[$0] + last * (ends[$0] + ends[$0 + 1]) }
        }
        for vector in layers.joined() { pool.give(vector) }
        return (point, values)
    }
}
