// Pruned blocks that are kept a while longer, so that whoever lags by more than the graph's depth
// can still fetch them.
import Primitives

/// The newest pruned rounds, bounded by bytes.
struct BlockArchive: Sendable {
    private let byteLimit: Int
    private var bytes = 0
    private var rounds: [[CheckedBlock]] = []
    /// Rounds at the front that are dropped and not yet taken out of the list.
    private var dropped = 0
    private var places: [BlockReference: CheckedBlock] = [:]

    /// What a block costs besides its payload, about.
    private static let blockOverhead = 512

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    subscript(reference: BlockReference) -> CheckedBlock? { places[reference] }

    var lowestRound: Round? { dropped < rounds.count ? rounds[dropped][0].round : nil }

    /// Adds the blocks of the next round, sorted.
    mutating func add(_ blocks: [CheckedBlock]) {
        guard !blocks.isEmpty else { return }
        rounds.append(blocks)
        for block in blocks {
            places[block.reference] = block
            bytes += Self.size(of: block)
        }
        while bytes > byteLimit, dropped < rounds.count { dropOldest() }
        if dropped > 64, 2 * dropped > rounds.count {
            rounds.removeFirst(dropped)
            dropped = 0
        }
    }

    private mutating func dropOldest() {
        for block in rounds[dropped] {
            places[block.reference] = nil
            bytes -= Self.size(of: block)
        }
        rounds[dropped] = []
        dropped += 1
    }

    private static func size(of block: CheckedBlock) -> Int {
        block.block.payload.encoded.count + 48 * block.header.parents.count + blockOverhead
    }

    /// The blocks of `round`, sorted.
    func blocks(in round: Round) -> [CheckedBlock] {
        var low = dropped
        var high = rounds.count
        while low < high {
            let middle = (low + high) / 2
            if rounds[middle][0].round < round { low = middle + 1 } else { high = middle }
        }
        guard low < rounds.count, rounds[low][0].round == round else { return [] }
        return rounds[low]
    }
}
