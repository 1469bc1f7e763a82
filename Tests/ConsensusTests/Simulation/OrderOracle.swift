// What must hold of every commit of every honest seat, checked as it happens.
import Primitives

@testable import Consensus

struct OrderOracle {
    /// Seats below it are honest.
    let honest: Int
    let depth: UInt64
    /// The first violation.
    var fault: String?
    /// Digests of the commits that some seat made, by index.
    private(set) var digests: [Digest] = []
    private var order: Set<BlockReference> = []
    private var ownBlocks: [Seat: [Round: Digest]] = [:]
    private var wishes: Set<[UInt8]> = []
    private var items: Set<[UInt8]> = []

    init(honest: Int, depth: UInt64) {
        self.honest = honest
        self.depth = depth
    }

    /// An honest seat shows one block a round, whatever happened to it in between.
    mutating func published(_ block: CheckedBlock) {
        let shown = ownBlocks[block.author]?[block.round]
        if let shown, shown != block.reference.digest { fault = "\(block.author) made a twin" }
        ownBlocks[block.author, default: [:]][block.round] = block.reference.digest
    }

    mutating func accused(_ evidence: Evidence) {
        if Int(evidence.author.index) < honest { fault = "\(evidence.author) was accused" }
    }

    /// Equal to the commit of that index elsewhere; if it is the first, a linear extension.
    mutating func committed(_ commit: Commit) {
        let index = Int(commit.index) - 1
        if index < digests.count {
            if digests[index] != commit.head.digest { fault = "commit \(commit.index) differs" }
            return
        }
        if index > digests.count {
            fault = "commit \(commit.index) before \(digests.count + 1)"
            return
        }
        digests.append(commit.head.digest)
        let floor = commit.head.round - depth
        for block in commit.blocks {
            if !order.insert(block.reference).inserted { fault = "\(block.reference) comes twice" }
            for parent in block.header.parents
            where parent.round > floor && parent.round > .genesis && !order.contains(parent) {
                fault = "\(block.reference) comes before \(parent)"
            }
            for item in block.block.payload.map(Array.init) {
                wishes.remove(item)
                // Faulty seats may well repeat themselves.
                if Int(block.author.index) < honest, !items.insert(item).inserted {
                    fault = "an item of \(block.author) comes twice"
                }
            }
        }
        if commit.leaders.contains(where: { !order.contains($0) }) { fault = "leader left out" }
    }

    /// `item` must be in the order at the end.
    mutating func wish(_ item: [UInt8]) { wishes.insert(item) }

    var unfulfilled: Int? { wishes.isEmpty ? nil : wishes.count }
}
