// A prover of its own, slow and plain, whose codewords can be spoiled before they are committed.
import BinaryFields
import Ligerito
import Primitives

struct Forgery {
    private let parameters: LigeritoParameters
    private let elements: [GF128]
    private let claim: EvaluationClaim

    init(_ parameters: LigeritoParameters, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        self.parameters = parameters
        elements = (0..<1 << parameters.logElements).map { _ in .random(&generator) }
        let point = (0..<parameters.logElements).map { _ in GF128.random(&generator) }
        claim = EvaluationClaim(point: point, value: Equality.evaluate(elements, at: point))
    }

    /// A committed word with its tree, by levels from the leaves up.
    private struct Word {
        var rows: [[GF128]]
        var tree: [[Digest]]
    }

    private func commit(
        _ message: [GF128], level: Int, spoils: (Int, Int) -> Bool
    ) -> Word {
        let (width, height) = (1 << parameters.levels[level].foldings, parameters.logRows(level))
        var rows: [[GF128]] = []
        for coset in 0..<1 << parameters.levels[level].rateBits {
            var word = message
            AdditiveTransform(
                rows: height, columns: parameters.levels[level].foldings,
                offset: coset << height
            ).forward(&word)
            for start in stride(from: 0, to: word.count, by: width) {
                var row = Array(word[start..<start + width])
                if spoils(level, rows.count) { row[0] += GF128(UInt64(rows.count + 1)) }
                rows.append(row)
            }
        }
        var tree = [rows.map { row in
            RowTree.leaves(row, columns: parameters.levels[level].foldings, count: 1)[0]
        }]
        while tree[tree.count - 1].count > 1 {
            let below = tree[tree.count - 1]
            tree.append(stride(from: 0, to: below.count, by: 2).map { index in
                var out = Digest()
                var children = [below[index], below[index + 1]]
                children.withUnsafeMutableBytes { bytes in
                    RowTree.nodeStart.digests(
                        ofRows: bytes.baseAddress!, rowBytes: 64, count: 1, into: &out)
                }
                return out
            })
        }
        return Word(rows: rows, tree: tree)
    }

    private func open(_ word: Word, _ positions: [Int], _ proof: inout ByteWriter) {
        for position in positions { proof.append(word.rows[position].withUnsafeBytes(Array.init)) }
        var places = Set(positions)
        for level in word.tree.dropLast() {
            for place in places.sorted() where !places.contains(place ^ 1) {
                proof.write(level[place ^ 1])
            }
            places = Set(places.map { $0 >> 1 })
        }
    }

    private func round(
        _ f: inout [GF128], _ w: inout [GF128], _ transcript: inout Transcript,
        _ proof: inout ByteWriter
    ) {
        var message = [GF128.zero, .zero]
        for index in stride(from: 0, to: f.count, by: 2) {
            message[0] += f[index] * w[index]
            message[1] += (f[index] + f[index + 1]) * (w[index] + w[index + 1])
        }
        transcript.absorb(.round, message)
        proof.append(message.withUnsafeBytes(Array.init))
        let r = transcript.challenge()
        func fold(_ v: [GF128]) -> [GF128] {
            stride(from: 0, to: v.count, by: 2).map { v[$0] + r * (v[$0] + v[$0 + 1]) }
        }
        (f, w) = (fold(f), fold(w))
    }

    /// The proof in which row `position` of the word of `level` is wrong where `spoils` says so.
    func proof(_ spoils: (Int, Int) -> Bool) -> Opening {
        var (f, w) = (elements, Equality.table(claim.point))
        var words = [commit(f, level: 0, spoils: spoils)]
        var proof = ByteWriter()
        let root = words[0].tree[words[0].tree.count - 1][0]
        proof.write(root)
        var transcript = claim.transcript(parameters, root: root)
        transcript.absorb(.claim, [claim.value])
        for (level, shape) in parameters.levels.enumerated() {
            for _ in 0..<shape.foldings { round(&f, &w, &transcript, &proof) }
            if level + 1 < parameters.levels.count {
                let word = commit(f, level: level + 1, spoils: spoils)
                let root = word.tree[word.tree.count - 1][0]
                proof.write(root)
                transcript.absorb(.root, root)
                words.append(word)
            } else {
                proof.append(f.withUnsafeBytes(Array.init))
                transcript.absorb(.vector, f)
            }
            let positions = transcript.positions(
                count: shape.queries, bits: parameters.logLeaves(level))
            let mixing = transcript.challenge()
            open(words[level], positions, &proof)
            var power = mixing
            for position in positions {
                let values = SubspacePolynomials.at(position, count: f.count.trailingZeroBitCount)
                var row = [power]
                for value in values { row += row.map { $0 * value } }
                for index in w.indices { w[index] += row[index] }
                power *= mixing
            }
        }
        while f.count > 1 { round(&f, &w, &transcript, &proof) }
        return Opening(parameters: parameters, claim: claim, proof: proof.bytes)
    }
}
