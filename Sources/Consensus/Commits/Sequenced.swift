// Which blocks are in the order already, by round and author.
import Primitives

/// Blocks above a floor; those at or below it are forgotten.
struct Sequenced: Sendable {
    private struct Row: Sendable {
        /// The first block of each author.
        var digests: [Digest?]
        /// Further blocks of authors that made twins.
        var twins: [BlockReference] = []
    }

    private let seats: Int
    /// Of rounds from `firstRow` on.
    private var rows: [Row] = []
    private var firstRow: UInt64

    /// - Parameter floor: blocks at or below it are of no interest.
    init(seats: Int, above floor: Round) {
        self.seats = seats
        firstRow = floor.number + 1
    }

    func contains(_ reference: BlockReference) -> Bool {
        guard reference.round.number >= firstRow, Int(reference.author.index) < seats,
            reference.round.number - firstRow < UInt64(rows.count)
        else { return false }
        let row = rows[Int(reference.round.number - firstRow)]
        guard let digest = row.digests[Int(reference.author.index)] else { return false }
        return digest == reference.digest || row.twins.contains(reference)
    }

    /// Adds a block of a round that is at most `limit` rounds above the floor.
    mutating func insert(_ reference: BlockReference, within limit: UInt64) {
        guard reference.round.number >= firstRow, Int(reference.author.index) < seats,
            reference.round.number - firstRow <= limit, !contains(reference)
        else { return }
        let index = Int(reference.round.number - firstRow)
        while rows.count <= index {
            rows.append(Row(digests: [Digest?](repeating: nil, count: seats)))
        }
        let author = Int(reference.author.index)
        if rows[index].digests[author] == nil {
            rows[index].digests[author] = reference.digest
        } else {
            rows[index].twins.append(reference)
        }
    }

    /// Forgets blocks of `floor` and below.
    mutating func forget(through floor: Round) {
        guard floor.number >= firstRow else { return }
        rows.removeFirst(Int(min(floor.number + 1 - firstRow, UInt64(rows.count))))
        firstRow = floor.number + 1
    }

    /// All of them, sorted.
    var references: [BlockReference] {
        var all: [BlockReference] = []
        for (index, row) in rows.enumerated() {
            var names = row.twins
            for (author, digest) in row.digests.enumerated() {
                guard let digest else { continue }
                let round = Round(firstRow + UInt64(index))
                names.append(
                    BlockReference(round: round, author: Seat(UInt8(author)), digest: digest))
            }
            all += names.sorted()
        }
        return all
    }
}
