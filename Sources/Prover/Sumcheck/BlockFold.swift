// The first rounds over bits of the zero test, from words that each round folds anew: what four
// rounds made field elements of would take eight times the memory of the words.
import BinaryFields
import ExecutionProof

/// The words of left, right and output forms, constraint after constraint as the layout says, and
/// zeros up to a whole block. Memory of another owner.
struct FormWords {
    let left: UnsafePointer<UInt64>
    let right: UnsafePointer<UInt64>
    let output: UnsafePointer<UInt64>
    /// 16 words each.
    let blocks: Int

    var forms: [UnsafePointer<UInt64>] { [left, right, output] }

    /// Blocks that hold so many words.
    static func blocks(of words: Int) -> Int { (words + WordLoops.block - 1) / WordLoops.block }
}

/// left * right + output after the rounds over the four lowest variables of words.
struct BlockFold {
    /// Rounds made here. Each folds all words once more, and halves the memory of those after.
    static let rounds = 1
    /// Blocks that are folded at a time, as a power of two: they stay near the processor.
    private static let logChunk = 6
    private static let chunk = 1 << logChunk

    let workers: Workers
    let words: FormWords
    let weights: BlockWeights
    /// The point of the zero test: its six coordinates of bits, then those of blocks.
    let target: [GF128]
    private(set) var challenges: [GF128] = []

    init(workers: Workers, words: FormWords, weights: BlockWeights, target: [GF128]) {
        (self.workers, self.words) = (workers, words)
        (self.weights, self.target) = (weights, target)
    }

    private var chunks: Int { (words.blocks + Self.chunk - 1) / Self.chunk }
    /// Elements of a block that are left.
    private var width: Int { 64 >> challenges.count }

    /// Sends one round and hears its challenge.
    mutating func round(_ claim: inout GF128, _ writer: inout ProofWriter) {
        let sums = sums()
        let z = target[challenges.count]
        let message = EqualityRound(claim: claim, z: z, atOne: sums.0, leading: sums.1)
        let r = writer.round(message.linear, message.leading)
        claim = message.next(claim, z: z, at: r)
        challenges.append(r)
    }

    private func sums() -> (GF128, GF128) {
        let inner = min(target.count, 6 + Self.logChunk)
        // The equality polynomial is a product: one factor inside a chunk, one for each chunk.
        let near = Equality.table(target[(challenges.count + 1)..<inner])
        let far = Equality.table(target[inner...])
        let pieces = workers.pieces(of: chunks, least: 1)
        var parts = [(GF128, GF128)](repeating: (.zero, .zero), count: pieces)
        parts.withUnsafeMutableBufferPointer { parts in
            guard let base = parts.baseAddress else { return }
            each { piece, chunk, forms, count in
                var sums = (GF128.zero, GF128.zero)
                near.withUnsafeBufferPointer { near in
                    guard let near = near.baseAddress else { return }
                    FieldLoops.tripleSums(
                        &sums, weights: near, forms[0], forms[1], UnsafePointer(forms[2]),
                        count: count / 2)
                }
                base[piece].0 += far[chunk] * sums.0
                base[piece].1 += far[chunk] * sums.1
            }
        }
        return parts.reduce((.zero, .zero)) { ($0.0 + $1.0, $0.1 + $1.1) }
    }

    /// The three polynomials in the variables that are left.
    func vectors(_ pool: FieldPool) -> [FoldingVector] {
        let vectors = (0..<3).map { _ in
            FoldingVector(count: width * words.blocks, pool: pool)
        }
        let (targets, stride) = (vectors.map(\.current), width * Self.chunk)
        each { _, chunk, forms, count in
            for form in 0..<3 {
                (targets[form] + chunk * stride).update(from: forms[form], count: count)
            }
        }
        return vectors
    }

    /// Folds chunk after chunk. `body` gets the number of its thread's range, the chunk, and the
    /// elements of the three forms with their number.
    private func each(_ body: (Int, Int, [UnsafeMutablePointer<GF128>], Int) -> Void) {
        workers.split(chunks, least: 1) { piece, range in
            let memory = FieldVector(uninitialized: 3 * 64 * Self.chunk)
            let forms = (0..<3).map { memory.base + $0 * 64 * Self.chunk }
            for chunk in range {
                let start = chunk * Self.chunk
                let blocks = min(Self.chunk, words.blocks - start)
                for form in 0..<3 {
                    fold(words.forms[form] + WordLoops.block * start, into: forms[form], blocks)
                }
                body(piece, chunk, forms, width * blocks)
            }
        }
    }

    private func fold(
        _ words: UnsafePointer<UInt64>, into out: UnsafeMutablePointer<GF128>, _ blocks: Int
    ) {
        WordLoops.fold(out, words, weights: weights, blocks: blocks)
        var count = 64 * blocks
        for r in challenges {
            count /= 2
            FieldLoops.fold(out, out, at: r, count: count)
        }
    }
}
