// A committed matrix: its codeword, the tree over the codeword's rows, and rows opened from both.
import BinaryFields
import Ligerito
import Primitives

/// The memory of one level, used again for each proof: `2^(logLeaves + foldings)` elements and
/// `2^(logLeaves + 1)` digests.
final class CommittedMatrix {
    private let level: LigeritoLevel
    private let logRows: Int
    private let logLeaves: Int
    private let workers: Workers
    private let codeword: FieldVector
    /// Node i has the children 2i and 2i + 1; the root is node 1, the leaves the second half.
    private let nodes: UnsafeMutablePointer<Digest>

    init(_ parameters: LigeritoParameters, level: Int, workers: Workers) {
        self.level = parameters.levels[level]
        logRows = parameters.logRows(level)
        logLeaves = parameters.logLeaves(level)
        self.workers = workers
        codeword = FieldVector(count: 1 << (logLeaves + self.level.foldings))
        nodes = UnsafeMutablePointer<Digest>.allocate(capacity: 2 << logLeaves)
        nodes.initialize(repeating: Digest(), count: 2 << logLeaves)
    }

    deinit { nodes.deallocate() }

    /// Encodes the columns of `message`, of `2^(logRows + foldings)` elements, and hashes the rows.
    func commit(_ message: UnsafePointer<GF128>) -> Digest {
        encode(message)
        hash()
        return nodes[1]
    }

    /// Each coset is a transform of its own; where there are fewer of them than threads can share,
    /// its two halves are.
    private func encode(_ message: UnsafePointer<GF128>) {
        let size = 1 << (logRows + level.foldings)
        let codeword = codeword.base
        workers.each(1 << level.rateBits) { coset in
            let target = codeword + coset * size
            target.update(from: message, count: size)
            AdditiveTransform(
                rows: logRows, columns: level.foldings, offset: coset << logRows
            ).forward(target)
        }
    }

    private func hash() {
        let leaves = 1 << logLeaves
        let width = 1 << level.foldings
        let (nodes, codeword) = (nodes, codeword.base)
        let rowBytes = RowTree.rowBytes(columns: level.foldings)
        guard width >= 4 else {
            let rows = Array(UnsafeBufferPointer(start: codeword, count: leaves * width))
            let digests = RowTree.leaves(rows, columns: level.foldings, count: leaves)
            for (index, digest) in digests.enumerated() { nodes[leaves + index] = digest }
            return hashNodes()
        }
        workers.split(leaves, least: 64) { _, range in
            RowTree.leafStart.digests(
                ofRows: codeword + range.lowerBound * width, rowBytes: rowBytes,
                count: range.count, into: nodes + leaves + range.lowerBound)
        }
        hashNodes()
    }

    private func hashNodes() {
        var count = 1 << logLeaves
        let nodes = nodes
        while count > 1 {
            count /= 2
            workers.split(count, least: 512) { _, range in
                RowTree.nodeStart.digests(
                    ofRows: nodes + 2 * (count + range.lowerBound), rowBytes: 64,
                    count: range.count, into: nodes + count + range.lowerBound)
            }
        }
    }

    /// Writes the rows at `positions`, which ascend strictly, and the siblings of their paths in
    /// the order in which `RowTree.root` reads them.
    func open(_ positions: [Int], into proof: inout ByteWriter) {
        let width = 1 << level.foldings
        for position in positions {
            proof.append(UnsafeRawBufferPointer(
                start: codeword.base + position * width, count: 16 * width))
        }
        var places = positions.map { $0 + 1 << logLeaves }
        for _ in 0..<logLeaves {
            var parents: [Int] = []
            var index = 0
            while index < places.count {
                let place = places[index]
                if index + 1 < places.count, places[index + 1] == place ^ 1 {
                    index += 2
                } else {
                    proof.write(nodes[place ^ 1])
                    index += 1
                }
                parents.append(place >> 1)
            }
            places = parents
        }
    }
}
