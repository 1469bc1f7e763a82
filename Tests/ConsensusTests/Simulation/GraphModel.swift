// A model without time: an adversary shapes each round of the graph and what each honest seat sees
// of it, and the commits of all views must agree.
import Primitives
import TestSupport

@testable import Consensus

/// Rounds of blocks as a seeded adversary arranges them. Honest seats make one block in a round,
/// the last f seats up to two; parents, views and coins come from the seed.
struct GraphModel {
    enum Adversary: CaseIterable {
        /// Parents are chosen at random.
        case random
        /// f honest seats see the known leaders of the round before in time, the others do not.
        case splitting
        /// Knows every coin in advance and keeps the elected blocks out of histories.
        case coinKnowing
    }

    struct Shape {
        var seats = 4
        var rounds: UInt64 = 40
        var knownRounds: UInt64? = 6
        var depth: UInt64 = 64
        var adversary = Adversary.random
        /// Rounds that the slowest view may be behind at the end; nil for no such demand.
        var lagLimit: UInt64?
    }

    /// What one honest seat sees.
    private struct View {
        var store: BlockStore
        var committer: Committer
        var coins = OpenedCoins()
        var own: BlockReference
        var record = Comparison.Record()

        mutating func accept(_ references: [BlockReference]) {
            record.blocks += references.compactMap { store.block($0) }
        }
    }

    private let shape: Shape
    private let committee: TestCommittee
    private let rules: CommitRules
    private let coins: [Digest]
    private var chance: SeededGenerator
    private var views: [View] = []
    private var blocks: [BlockReference: CheckedBlock] = [:]
    /// References by round, in the order of making.
    private var rounds: [[BlockReference]]
    private var agreed: [Digest] = []

    init(_ shape: Shape, seed: UInt64) {
        self.shape = shape
        committee = TestCommittee(shape.seats)
        chance = SeededGenerator(seed: seed)
        var generator = chance
        coins = (0..<shape.rounds + 8).map { _ in Digest.random(using: &generator) }
        chance = generator
        rounds = [committee.view.genesis]
        let settings = CommitSettings(
            leadersPerRound: 2, knownRounds: shape.knownRounds, depth: shape.depth)
        let rules = Ambient.rules(settings, for: committee.view)
        self.rules = rules
        let start = CommitHead(genesisTime: Instant(nanoseconds: 0))
        for seat in 0..<honest {
            views.append(
                View(
                    store: committee.store(),
                    committer: Committer(
                        settings: settings, rules: rules, head: start, sequenced: []),
                    own: committee.view.genesis[seat]))
        }
    }

    private var honest: Int { shape.seats - committee.view.faults }
    private var quorum: Int { committee.view.quorum }

    private mutating func below(_ limit: Int) -> Int {
        Int(chance.next() % UInt64(max(limit, 1)))
    }

    mutating func run() throws -> SimulationVerdict {
        for round in 1...shape.rounds {
            try makeRound(round)
            for seat in 0..<honest {
                see(views[seat].own, by: seat)
                for _ in 0..<3 where below(3) == 0 {
                    let row = rounds[below(rounds.count)]
                    if !row.isEmpty { see(row[below(row.count)], by: seat) }
                }
                if let fault = commit(seat) { return .diverged("\(fault), round \(round)") }
            }
        }
        if let difference = try differenceToNaive() { return .diverged(difference) }
        let slowest = views.map { $0.committer.head.round.number }.min() ?? 0
        if let limit = shape.lagLimit, slowest + limit < shape.rounds {
            return .noProgress("round \(slowest) of \(shape.rounds)")
        }
        return .pass
    }

    /// Where a view does not do what the specification says of its graph.
    private mutating func differenceToNaive() throws -> String? {
        let settings = views[0].committer.settings
        for seat in views.indices {
            let open = try views[seat].committer.verdicts(
                in: views[seat].store, coins: views[seat].coins)
            let difference = Comparison.difference(
                views[seat].record, open: open, in: committee.view, settings)
            if let difference { return "seat \(seat): \(difference)" }
        }
        return nil
    }

    // Making blocks

    private mutating func makeRound(_ round: UInt64) throws {
        var row: [BlockReference] = []
        for seat in 0..<honest {
            let parents = honestParents(of: seat, in: round)
            let block = try committee.block(seat, round, parents, delay: UInt64(below(5_000_000)))
            blocks[block.reference] = block
            row.append(block.reference)
            views[seat].own = block.reference
        }
        for seat in honest..<shape.seats {
            let count = below(8) == 0 ? 0 : 1 + below(2)
            for twin in 0..<count {
                let parents = faultyParents(of: seat, in: round)
                let block = try committee.block(
                    seat, round, parents, payload: [[UInt8(twin)]])
                blocks[block.reference] = block
                row.append(block.reference)
            }
        }
        rounds.append(row)
    }

    private mutating func shuffledSeats(without seat: Int) -> [Int] {
        var seats = (0..<shape.seats).filter { $0 != seat }
        for index in seats.indices.reversed() { seats.swapAt(index, below(index + 1)) }
        return seats
    }

    /// One of the author's blocks in `round`.
    private mutating func anyBlock(of author: Int, in round: UInt64) -> BlockReference? {
        let found = rounds[Int(round)].filter { Int($0.author.index) == author }
        return found.isEmpty ? nil : found[below(found.count)]
    }

    private mutating func honestParents(of seat: Int, in round: UInt64) -> [BlockReference] {
        var order = shuffledSeats(without: seat)
        let hidden = hiddenLeaders(from: seat, in: round - 1)
        order = order.filter { !hidden.contains($0) } + order.filter { hidden.contains($0) }
        if shape.adversary == .coinKnowing, below(2) == 0 { order = avoidingCoins(order, round) }
        let wanted = shape.adversary == .random ? quorum + below(shape.seats - quorum + 1) : quorum
        var parents = [views[seat].own]
        for author in order where parents.count < wanted {
            if let block = anyBlock(of: author, in: round - 1) { parents.append(block) }
        }
        let used = parents.map { Int($0.author.index) }
        if below(2) == 0, round > 2 {
            for author in 0..<shape.seats where !used.contains(author) && below(2) == 0 {
                let back = 2 + UInt64(below(4))
                if back < round, let block = anyBlock(of: author, in: round - back) {
                    parents.append(block)
                }
            }
        }
        return parents
    }

    private mutating func hiddenLeaders(from seat: Int, in round: UInt64) -> [Int] {
        guard shape.adversary != .random, round > 0 else { return [] }
        var hidden: [Int] = []
        for leader in rules.leaders(of: Round(round)).map({ Int($0.index) }) {
            let others = (0..<honest).filter { $0 != leader }
            // Which f see it changes with the round and the leader.
            let seers = (0..<committee.view.faults).map {
                others[(Int(round) * 5 + leader + $0) % others.count]
            }
            if !seers.contains(seat), below(8) > 0 { hidden.append(leader) }
        }
        return hidden
    }

    /// Authors whose blocks hold fewer coin-elected blocks first.
    private func avoidingCoins(_ order: [Int], _ round: UInt64) -> [Int] {
        func cost(_ author: Int) -> Int {
            let lowest = round > 4 ? round - 4 : 1
            guard lowest < round else { return 0 }
            let own = rounds[Int(round - 1)].filter { Int($0.author.index) == author }
            return (lowest..<round).reduce(0) { sum, elected in
                let seat = committee.view.elected(by: coins[Int(elected)])
                return sum + own.reduce(0) { $0 + (holds($1, seat, elected) ? 1 : 0) }
            }
        }
        let costs = order.map { (author: $0, cost: cost($0)) }
        return costs.enumerated().sorted { ($0.1.cost, $0.0) < ($1.1.cost, $1.0) }.map { $0.1.0 }
    }

    /// Whether the history of `block` has a block of `seat` in `round`.
    private func holds(_ block: BlockReference, _ seat: Seat, _ round: UInt64) -> Bool {
        var stack = [block]
        var seen: Set<BlockReference> = []
        while let reference = stack.popLast() {
            if reference.round.number < round || !seen.insert(reference).inserted { continue }
            if reference.round.number == round, reference.author == seat { return true }
            stack += blocks[reference]?.header.parents ?? []
        }
        return false
    }

    private mutating func faultyParents(of seat: Int, in round: UInt64) -> [BlockReference] {
        var own: BlockReference?
        var older = round
        while own == nil, older > 0 {
            older -= 1
            own = anyBlock(of: seat, in: older)
        }
        var parents = [own ?? committee.view.genesis[seat]]
        let wanted = quorum + below(shape.seats - quorum + 1)
        var direct = older + 1 == round ? 1 : 0
        for author in shuffledSeats(without: seat) where direct < wanted {
            if let block = anyBlock(of: author, in: round - 1) {
                parents.append(block)
                direct += 1
            }
        }
        return parents
    }

    // Seeing and committing

    /// Gives a block to a view, then whatever is asked for.
    private mutating func see(_ reference: BlockReference, by seat: Int) {
        var wanted = [reference]
        while let next = wanted.popLast() {
            guard let block = blocks[next] else { continue }
            switch views[seat].store.insert(block) {
            case .waiting(let missing): wanted += missing
            case .accepted(let references): views[seat].accept(references)
            default: break
            }
        }
    }

    /// Commits what a view decides; a reason where it does not go with the others.
    private mutating func commit(_ seat: Int) -> String? {
        let view = committee.view
        var round = views[seat].committer.head.round + 1
        while shape.knownRounds != nil, round + 5 <= views[seat].store.highestRound {
            if views[seat].store.authors(in: round + 5).count >= view.someHonest {
                views[seat].coins.open(round, coins[Int(round.number)], in: view)
                views[seat].record.coins[round.number] = coins[Int(round.number)]
            }
            round = round + 1
        }
        do {
            while let commit = try views[seat].committer.nextCommit(
                in: views[seat].store, coins: views[seat].coins)
            {
                let index = Int(commit.index) - 1
                if index == agreed.count { agreed.append(commit.head.digest) }
                if agreed[index] != commit.head.digest { return "commit \(commit.index)" }
                let floor = views[seat].committer.floor
                views[seat].record.commits.append(commit)
                if floor > .genesis { views[seat].accept(views[seat].store.prune(through: floor)) }
            }
            return nil
        } catch {
            return "\(error)"
        }
    }
}
