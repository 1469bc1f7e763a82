// A graph drawn by hand: who names whom, round by round.
import Primitives

@testable import Consensus

/// One block for each author and round, named by the two.
struct Graph {
    let committee: TestCommittee
    private(set) var store: BlockStore
    private var blocks: [[CheckedBlock?]] = [[]]

    init(_ seats: Int) {
        committee = TestCommittee(seats)
        store = committee.store()
    }

    subscript(round: UInt64, author: Int) -> BlockReference {
        if round == 0 { return committee.view.genesis[author] }
        guard let block = blocks[Int(round)][author] else { preconditionFailure("not drawn") }
        return block.reference
    }

    /// Adds the next round: for each author the authors it names in the round before, nil for no
    /// block.
    mutating func add(_ rows: [[Int]?]) throws {
        let round = UInt64(blocks.count)
        var made: [CheckedBlock?] = []
        for (author, parents) in rows.enumerated() {
            guard let parents else {
                made.append(nil)
                continue
            }
            let block = try committee.block(author, round, parents.map { self[round - 1, $0] })
            _ = store.insert(block)
            made.append(block)
        }
        blocks.append(made)
    }

    /// Adds `count` rounds in which the seats of `authors` name each other.
    mutating func addFull(_ count: Int, _ authors: [Int]? = nil) throws {
        let authors = authors ?? Array(0..<committee.view.count)
        for _ in 0..<count {
            try add((0..<committee.view.count).map { authors.contains($0) ? authors : nil })
        }
    }
}
