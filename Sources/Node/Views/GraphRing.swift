// The last commits of the graph, for those who watch it grow.
import Consensus
import Primitives
import Replica

/// A block as a view shows it.
public struct GraphBlock: Hashable, Sendable {
    public var round: UInt64
    /// The author's seat.
    public var seat: UInt8
    public var digest: Digest
    /// The author's clock.
    public var time: Instant
    public var parents: [Digest]
    /// Items of its payload.
    public var items: Int
    /// Bytes of its payload.
    public var bytes: Int
}

/// What was decided about one slot, and how.
public struct GraphVerdict: Hashable, Sendable {
    public enum Outcome: String, Hashable, Sendable {
        case committedDirectly, committedIndirectly, skippedDirectly, skippedIndirectly
    }

    public var round: UInt64
    /// The leader's seat; nil where no coin told it.
    public var seat: UInt8?
    /// Whether a coin elected the leader.
    public var isElected: Bool
    public var outcome: Outcome
    /// The committed block.
    public var block: Digest?
}

/// One commit: the slots that were decided and the blocks that got their place.
public struct GraphCommit: Hashable, Sendable {
    /// Counts on from epoch to epoch, from 1.
    public var index: UInt64
    public var epoch: UInt64
    /// Of its leaders.
    public var round: UInt64
    public var time: Instant
    public var digest: Digest
    public var verdicts: [GraphVerdict]
    /// In their order.
    public var blocks: [GraphBlock]
}

/// Limited in commits and in what they hold: a block of n seats names up to n parents.
struct GraphRing {
    private static let mostCommits = 512
    private static let mostLinks = 1 << 18
    /// In one answer: some 4 MB of JSON.
    private static let linksPerAnswer = 1 << 16

    private var commits: [GraphCommit] = []
    private var links = 0

    mutating func append(_ commit: GraphCommit) {
        commits.append(commit)
        links += commit.links
        let isOver = commits.count > Self.mostCommits || links > Self.mostLinks
        // An eighth at a time, so that the rest is not moved with every commit.
        guard isOver else { return }
        let dropped = commits.prefix(max(1, commits.count / 8))
        links -= dropped.reduce(0) { $0 + $1.links }
        commits.removeFirst(dropped.count)
    }

    /// The oldest first, of those after `index`; of all the last ones where it is nil.
    func commits(after index: UInt64?, limit: Int) -> [GraphCommit] {
        guard let index else {
            let newest = Self.within(commits.suffix(limit).reversed())
            return newest.reversed()
        }
        return Self.within(commits.drop { $0.index <= index }.prefix(limit))
    }

    /// The first ones, as many as an answer holds; one in any case.
    private static func within(_ commits: some Sequence<GraphCommit>) -> [GraphCommit] {
        var (kept, links): ([GraphCommit], Int) = ([], 0)
        for commit in commits {
            links += commit.links
            guard kept.isEmpty || links <= linksPerAnswer else { break }
            kept.append(commit)
        }
        return kept
    }

    /// Blocks of each seat that the commits of `epoch` put in order.
    func blockCounts(of epoch: UInt64, seats: Int) -> [UInt64] {
        var counts = [UInt64](repeating: 0, count: seats)
        for commit in commits where commit.epoch == epoch {
            for block in commit.blocks where Int(block.seat) < seats {
                counts[Int(block.seat)] += 1
            }
        }
        return counts
    }
}

extension GraphCommit {
    /// Names of blocks in it.
    fileprivate var links: Int { blocks.reduce(0) { $0 + $1.parents.count + 1 } }
}

extension GraphCommit {
    init(_ summary: CommitSummary) {
        index = summary.head.index
        epoch = summary.epoch
        round = summary.head.round.number
        time = summary.head.time
        digest = summary.head.digest
        verdicts = summary.decisions.compactMap { GraphVerdict($0) }
        blocks = summary.blocks.map { GraphBlock($0) }
    }
}

extension GraphBlock {
    init(_ block: CheckedBlock) {
        round = block.round.number
        seat = block.author.index
        digest = block.reference.digest
        time = block.header.time
        parents = block.header.parents.map(\.digest)
        items = block.block.payload.count
        bytes = block.block.payload.encoded.count
    }
}

extension GraphVerdict {
    /// Nil while nothing is decided.
    init?(_ decided: DecidedSlot) {
        round = decided.slot.round.number
        seat = decided.slot.author?.index
        isElected = decided.slot.kind == .coin
        switch decided.verdict {
        case .undecided: return nil
        case .committed(let reference, let reason):
            outcome = reason == .direct ? .committedDirectly : .committedIndirectly
            block = reference.digest
        case .skipped(let reason):
            outcome = reason == .direct ? .skippedDirectly : .skippedIndirectly
        }
    }
}
