// All graphs of four seats up to a depth: what any part of a graph decides, the whole decides too.
import Primitives
import Reference

@testable import Consensus

/// One leader a round, seat r mod 4, known for ever. A *floor* is a graph of complete rounds; on it
/// stands the last round, in which each seat makes any of its possible blocks or none. A view that
/// lacks a block of the round before too, because nobody names it, is looked at as well. Whatever
/// is decided in a graph must be decided equally in each graph with one block more: then any two
/// views agree, since both are parts of their union.
///
/// Blocks of round 1 other than its leader's are the same to every rule, so in round 2 it is only
/// told apart who names that leader.
struct ExhaustiveGraphs {
    enum Freedom: Equatable {
        /// A block leaves out any one author of the round before, or none.
        case all
        /// All blocks of a round that leave out an author leave out the same one.
        case oneVictim
    }

    /// What came out of the search.
    struct Count: CustomStringConvertible {
        var floors = 0
        var graphs = 0
        var comparisons = 0
        var naive = 0
        var decided = 0
        var indirect = 0

        var description: String {
            "\(floors) floors, \(graphs) graphs, \(comparisons) pairs of views, \(naive) held "
                + "against the naive committer; \(decided) decided a slot, \(indirect) indirectly"
        }
    }

    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    /// What a graph decides.
    private struct Outcome {
        var commits: [Digest] = []
        var verdicts: [Verdict] = []

        /// Whether everything decided here is decided so in `other`.
        func isKept(in other: Outcome) -> Bool {
            guard other.commits.starts(with: commits) else { return false }
            return zip(verdicts, other.verdicts).allSatisfy { mine, theirs in
                switch (mine, theirs) {
                case (.undecided, _): true
                case (.skipped, .skipped): true
                case (.committed(let one, _), .committed(let two, _)): one == two
                default: false
                }
            }
        }
    }

    /// A choice of one seat in one round.
    private struct Choice {
        let block: CheckedBlock
        /// The author that the block leaves out.
        let omitted: Int?
    }

    private let committee = TestCommittee(4)
    private let settings = CommitSettings(leadersPerRound: 1, knownRounds: nil, depth: 64)
    let depth: UInt64
    let freedom: Freedom
    /// Only each so manieth floor is looked at.
    let stride: Int
    /// Each so manieth graph is held against the naive committer.
    let naiveStride: Int
    private(set) var count = Count()
    private var floorNumber = 0

    init(depth: UInt64, freedom: Freedom, stride: Int, naiveStride: Int) {
        self.depth = depth
        self.freedom = freedom
        self.stride = stride
        self.naiveStride = naiveStride
    }

    mutating func run() throws {
        let first = try (0..<4).map { try committee.block($0, 1, committee.view.genesis) }
        try grow([first], 2)
    }

    /// The blocks that a seat may make on `below`.
    private func choices(_ seat: Int, on below: [CheckedBlock]) throws -> [Choice] {
        let round = below[0].round.number + 1
        let names = below.map(\.reference)
        var choices = [Choice(block: try committee.block(seat, round, names), omitted: nil)]
        let leader = Int((round - 1) % 4)
        for omitted in 0..<4 where omitted != seat && (round > 2 || omitted == leader) {
            let rest = names.filter { Int($0.author.index) != omitted }
            choices.append(
                Choice(block: try committee.block(seat, round, rest), omitted: omitted))
        }
        return choices
    }

    private func isAllowed(_ row: [Choice?]) -> Bool {
        freedom == .all || Set(row.compactMap { $0?.omitted }).count <= 1
    }

    /// How many floors are made of rounds from `round` on.
    private func floors(from round: UInt64) -> Int {
        (round..<max(round, depth)).reduce(1) { count, round in
            count * (round == 2 ? 8 : freedom == .all ? 256 : 29)
        }
    }

    private mutating func grow(_ floor: [[CheckedBlock]], _ round: UInt64) throws {
        let inside = floors(from: round)
        if floorNumber / stride == (floorNumber + inside) / stride {
            floorNumber += inside
            return
        }
        let table = try (0..<4).map { try choices($0, on: floor[floor.count - 1]) }
        if round == depth {
            floorNumber += 1
            try top(floor, table)
            return
        }
        var index = [0, 0, 0, 0]
        repeat {
            let row = (0..<4).map { table[$0][index[$0]] }
            if isAllowed(row) { try grow(floor + [row.map(\.block)], round + 1) }
        } while Self.advance(&index, table.map(\.count))
    }

    /// Counts up; false after the last.
    private static func advance(_ index: inout [Int], _ limits: [Int]) -> Bool {
        for place in index.indices {
            index[place] += 1
            if index[place] < limits[place] { return true }
            index[place] = 0
        }
        return false
    }

    /// All last rounds on one floor.
    private mutating func top(_ floor: [[CheckedBlock]], _ table: [[Choice]]) throws {
        count.floors += 1
        let store = self.store(of: floor.flatMap { $0 })
        var outcomes: [[Int]: Outcome] = [:]
        var index = [0, 0, 0, 0]
        let limits = table.map { $0.count + 1 }
        // 0 is no block, so what a graph is compared with comes before it.
        repeat {
            let row = (0..<4).map { index[$0] == 0 ? nil : table[$0][index[$0] - 1] }
            guard isAllowed(row) else { continue }
            let outcome = try self.outcome(row, on: store, floor)
            outcomes[index] = outcome
            for seat in 0..<4 where index[seat] > 0 {
                var less = index
                less[seat] = 0
                try compare(outcomes[less], outcome)
            }
        } while Self.advance(&index, limits)
        for seat in 0..<4 { try lag(seat, floor, table, outcomes) }
    }

    /// Views in which `seat` made no block in the round before, since none of the last names it.
    private mutating func lag(
        _ seat: Int, _ floor: [[CheckedBlock]], _ table: [[Choice]], _ outcomes: [[Int]: Outcome]
    ) throws {
        var lower = floor
        lower[lower.count - 1].remove(at: seat)
        let store = self.store(of: lower.flatMap { $0 })
        let omitting = (0..<4).map { other in
            table[other].firstIndex { $0.omitted == seat }.map { $0 + 1 }
        }
        for mask in 0..<8 {
            var index = [0, 0, 0, 0]
            for (bit, other) in (0..<4).filter({ $0 != seat }).enumerated()
            where mask >> bit & 1 == 1 {
                guard let choice = omitting[other] else { return }
                index[other] = choice
            }
            let row = (0..<4).map { index[$0] == 0 ? nil : table[$0][index[$0] - 1] }
            try compare(try outcome(row, on: store, lower), outcomes[index])
        }
    }

    private func store(of blocks: [CheckedBlock]) -> BlockStore {
        var store = committee.store()
        for block in blocks { _ = store.restore(block) }
        return store
    }

    private mutating func compare(_ part: Outcome?, _ whole: Outcome?) throws {
        guard let part, let whole else { return }
        count.comparisons += 1
        if !part.isKept(in: whole) {
            throw Violation(description: "\(part) is not kept in \(whole)")
        }
    }

    private mutating func outcome(
        _ row: [Choice?], on floor: BlockStore, _ blocks: [[CheckedBlock]]
    ) throws -> Outcome {
        var store = floor
        let added = row.compactMap { $0?.block }
        for block in added { _ = store.restore(block) }
        var committer = committee.committer(settings)
        var outcome = Outcome()
        outcome.verdicts = try committer.verdicts(in: store, coins: OpenedCoins()).map(\.verdict)
        var commits: [Commit] = []
        while let commit = try committer.nextCommit(in: store, coins: OpenedCoins()) {
            commits.append(commit)
        }
        outcome.commits = commits.map(\.head.digest)
        count.graphs += 1
        if outcome.verdicts.contains(where: { $0 != .undecided }) { count.decided += 1 }
        if outcome.verdicts.contains(where: Self.isIndirect) { count.indirect += 1 }
        if count.graphs % naiveStride == 0 {
            try holdAgainstNaive(blocks.flatMap { $0 } + added, commits, &committer, store)
        }
        return outcome
    }

    private static func isIndirect(_ verdict: Verdict) -> Bool {
        switch verdict {
        case .committed(_, .indirect), .skipped(.indirect): true
        default: false
        }
    }

    private mutating func holdAgainstNaive(
        _ blocks: [CheckedBlock], _ commits: [Commit], _ committer: inout Committer,
        _ store: BlockStore
    ) throws {
        count.naive += 1
        let record = Comparison.Record(blocks: blocks, commits: commits)
        let open = try committer.verdicts(in: store, coins: OpenedCoins())
        let difference = Comparison.difference(record, open: open, in: committee.view, settings)
        if let difference { throw Violation(description: difference) }
    }
}
