// The zero test of all ANDs: four rounds in the domain of bits, the others in the field.
import BinaryFields
import ExecutionProof

struct ZeroTest {
    let workers: Workers
    let pool: FieldPool
    let words: FormWords
    /// Variables of the words: at least 4.
    let variables: Int

    private var blocks: Int { words.blocks }

    /// The order of the variables is four of words, six of bits, the others of words.
    func prove(_ writer: inout ProofWriter) -> ZeroClaim {
        let target = writer.transcript.challenges(variables + 6)
        var claim = GF128.zero
        let first = bitRounds(target, &claim, &writer)
        var blockFold = BlockFold(
            workers: workers, words: words, weights: BlockWeights(Equality.table(first)),
            target: Array(target[4...]))
        for _ in 0..<BlockFold.rounds { blockFold.round(&claim, &writer) }
        let vectors = blockFold.vectors(pool)
        let folded = BlockFold.rounds
        let term = ProductTerm(
            weight: .one, a: vectors[0], b: vectors[1], c: vectors[2],
            variables: variables + 2 - folded)
        let sumcheck = EqualitySumcheck(workers: workers, variables: variables + 2 - folded)
        let rest = blockFold.challenges + sumcheck.run(
            [term], z: Array(target[(4 + folded)...]), claim: claim, &writer)
        let values = vectors.map { $0.current[0] }
        writer.send(.values, values)
        return ZeroClaim(
            words: first + rest[6...], bits: Array(rest[..<6]), values: values)
    }

    /// The weighted sums over all blocks, at the points of {0, 1, infinity}^4.
    private func pointSums(_ target: [GF128]) -> [GF128] {
        let map = LinearMap(images: Equality.table(target[4..<10]))
        let weights = Equality.table(target[10...])
        let points = WordLoops.points
        let pieces = workers.pieces(of: blocks, least: 64)
        var sums = [GF128](repeating: .zero, count: points * pieces)
        sums.withUnsafeMutableBufferPointer { sums in
            weights.withUnsafeBufferPointer { weights in
                guard let out = sums.baseAddress, let weights = weights.baseAddress else { return }
                workers.split(blocks, least: 64) { piece, range in
                    let place = WordLoops.block * range.lowerBound
                    WordLoops.andSums(
                        out + points * piece, words.left + place, words.right + place,
                        weights: weights + range.lowerBound, map: map, blocks: range.count)
                }
            }
        }
        return (0..<points).map { point in
            (0..<pieces).reduce(.zero) { $0 + sums[points * $1 + point] }
        }
    }

    /// The four rounds over the points: `sums[p]` has digit k of p in base 3 for variable k.
    private func bitRounds(
        _ target: [GF128], _ claim: inout GF128, _ writer: inout ProofWriter
    ) -> [GF128] {
        var sums = pointSums(target)
        var challenges: [GF128] = []
        for round in 0..<4 {
            let rest = sums.count / 3
            var values = [GF128](repeating: .zero, count: 3)
            for point in 0..<rest {
                guard let weight = Self.weight(of: point, target[(round + 1)..<4]) else { continue }
                for digit in 0..<3 { values[digit] += weight * sums[3 * point + digit] }
            }
            let message = EqualityRound(
                linear: values[0] + values[1] + values[2], leading: values[2])
            let r = writer.round(message.linear, message.leading)
            claim = message.next(claim, z: target[round], at: r)
            challenges.append(r)
            let high = r * (r + .one)
            sums = (0..<rest).map { point in
                sums[3 * point] * (.one + r) + sums[3 * point + 1] * r
                    + sums[3 * point + 2] * high
            }
        }
        return challenges
    }

    /// The equality polynomial at a point of {0, 1}^k; nil where a digit is infinity.
    private static func weight(of point: Int, _ target: ArraySlice<GF128>) -> GF128? {
        var (rest, weight) = (point, GF128.one)
        for z in target {
            if rest % 3 == 2 { return nil }
            weight *= rest % 3 == 1 ? z : .one + z
            rest /= 3
        }
        return weight
    }
}
