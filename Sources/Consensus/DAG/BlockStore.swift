// The graph as one seat sees it: accepted blocks by round, blocks that wait for parents, and twins.
import Primitives

/// A value; accepting blocks in another order gives the same graph once the same blocks are in.
public struct BlockStore: Sendable {
    /// What became of an inserted block.
    public enum Insertion: Hashable, Sendable {
        /// Accepted, with the blocks that had waited for it, parents before children.
        case accepted([BlockReference])
        /// It waits; these are not here, not even waiting, and it or blocks it waits for name them.
        case waiting(missing: [BlockReference])
        /// It is here already.
        case known
        /// Its round is pruned.
        case pruned
        /// A second block of its author and round that no block here names: not kept.
        case unwantedTwin
        /// Too many blocks of its author wait already: not kept.
        case overLimit
    }

    struct Entry: Sendable {
        let reference: BlockReference
        let block: CheckedBlock?
        let time: Instant
        /// Those that are here; pruned ones are left out.
        fileprivate(set) var parents: [Int]
        /// In the history of this seat's own blocks.
        var isCovered = false
    }

    struct Waiting: Sendable {
        let block: CheckedBlock
        var missing: [BlockReference]
    }

    /// Blocks of one author that may wait for parents, unless other blocks wait for them.
    public static let waitingLimit = 512

    public let committee: CommitteeView
    /// Blocks of this round and below are not here; nil before anything was pruned.
    public private(set) var prunedThrough: Round?
    /// The highest round with an accepted block.
    public private(set) var highestRound = Round.genesis
    /// The highest round with accepted blocks of a quorum of authors.
    public private(set) var quorumRound = Round.genesis
    /// Seats that were seen to sign two blocks in a round.
    public private(set) var exposed = SeatSet()
    /// One proof for each exposed seat, in the order of discovery.
    public private(set) var evidence: [Evidence] = []
    /// By arrival.
    private(set) var waiting: [Waiting] = []

    private var slab: [Entry?] = []
    private var free: [Int] = []
    private var places: [BlockReference: Int] = [:]
    /// Places of blocks by round, from the first round kept.
    private var rows: [[Int]] = []
    private var firstRow: UInt64

    /// A graph with the genesis blocks and nothing else.
    ///
    /// - Parameters:
    ///   - genesisTime: the time that genesis blocks are said to bear.
    ///   - pruned: start after this round, as a seat that comes back does; nil for all.
    public init(committee: CommitteeView, genesisTime: Instant, pruned: Round? = nil) {
        self.committee = committee
        prunedThrough = pruned
        firstRow = pruned.map { $0.number + 1 } ?? 0
        highestRound = pruned ?? .genesis
        quorumRound = highestRound
        guard pruned == nil else { return }
        for reference in committee.genesis {
            place(Entry(reference: reference, block: nil, time: genesisTime, parents: []))
        }
    }

    // What is here

    public func contains(_ reference: BlockReference) -> Bool { places[reference] != nil }

    /// The accepted block of that name; nil for genesis blocks too.
    public func block(_ reference: BlockReference) -> CheckedBlock? {
        places[reference].flatMap { self[$0].block }
    }

    /// The authors of accepted blocks of `round`.
    public func authors(in round: Round) -> SeatSet {
        var set = SeatSet()
        for place in places(in: round) { set.insert(self[place].reference.author) }
        return set
    }

    /// Names of the accepted blocks of `round`, by author and digest.
    public func references(in round: Round) -> [BlockReference] {
        places(in: round).map { self[$0].reference }.sorted()
    }

    /// Parents that waiting blocks want and that are not here, sorted; fetch them.
    public var missing: [BlockReference] {
        let absent = Set(waiting.flatMap(\.missing)).subtracting(waiting.map(\.block.reference))
        return absent.sorted()
    }

    func places(in round: Round) -> [Int] {
        guard round.number >= firstRow, round.number - firstRow < UInt64(rows.count) else {
            return []
        }
        return rows[Int(round.number - firstRow)]
    }

    func place(of reference: BlockReference) -> Int? { places[reference] }

    /// Bounds of places: all are below.
    var placeLimit: Int { slab.count }

    subscript(place: Int) -> Entry {
        guard let entry = slab[place] else { preconditionFailure("places name entries") }
        return entry
    }

    // Inserting

    /// Accepts `block` if its parents above the pruned rounds are here, or lets it wait for them.
    public mutating func insert(_ block: CheckedBlock) -> Insertion {
        let reference = block.reference
        if isPruned(reference.round) { return .pruned }
        if contains(reference) || waiting.contains(where: { $0.block.reference == reference }) {
            return .known
        }
        let isWanted = waiting.contains { $0.missing.contains(reference) }
        if let twin = twin(of: reference) {
            expose(twin, block)
            if !isWanted { return .unwantedTwin }
        }
        let missing = block.header.parents.filter { !isPruned($0.round) && !contains($0) }
        if missing.isEmpty { return .accepted(accept(block)) }
        let count = waiting.reduce(0) { $0 + ($1.block.author == block.author ? 1 : 0) }
        guard isWanted || count < Self.waitingLimit else { return .overLimit }
        waiting.append(Waiting(block: block, missing: missing))
        return .waiting(missing: absent(below: missing))
    }

    /// What is not even waiting among `references` and what they wait for, sorted. Whoever made a
    /// block that waits for `references` has all of it.
    private func absent(below references: [BlockReference]) -> [BlockReference] {
        var absent: [BlockReference] = []
        var seen = Set(references)
        var stack = references
        while let reference = stack.popLast() {
            guard let entry = waiting.first(where: { $0.block.reference == reference }) else {
                absent.append(reference)
                continue
            }
            for parent in entry.missing where seen.insert(parent).inserted { stack.append(parent) }
        }
        return absent.sorted()
    }

    private func isPruned(_ round: Round) -> Bool { prunedThrough.map { round <= $0 } ?? false }

    /// Another block of the same author and round, accepted or waiting.
    private func twin(of reference: BlockReference) -> CheckedBlock? {
        for place in places(in: reference.round)
        where self[place].reference.author == reference.author {
            return self[place].block
        }
        return waiting.first {
            $0.block.author == reference.author && $0.block.round == reference.round
        }?.block
    }

    private mutating func expose(_ first: CheckedBlock, _ second: CheckedBlock) {
        guard exposed.insert(first.author) else { return }
        evidence.append(Evidence(first: first.block, second: second.block))
    }

    /// Accepts `block` and whatever waited for it alone, parents first.
    private mutating func accept(_ block: CheckedBlock) -> [BlockReference] {
        var order: [BlockReference] = []
        var ready = [block]
        var next = 0
        while next < ready.count {
            let block = ready[next]
            next += 1
            place(block)
            order.append(block.reference)
            ready += release(waitingFor: block.reference)
        }
        return order
    }

    /// Takes the blocks out of `waiting` that miss nothing once `reference` is here.
    private mutating func release(waitingFor reference: BlockReference) -> [CheckedBlock] {
        var released: [CheckedBlock] = []
        for index in waiting.indices where waiting[index].missing.contains(reference) {
            waiting[index].missing.removeAll { $0 == reference }
            if waiting[index].missing.isEmpty { released.append(waiting[index].block) }
        }
        if !released.isEmpty { waiting.removeAll { $0.missing.isEmpty } }
        return released
    }

    private mutating func place(_ block: CheckedBlock) {
        let parents = block.header.parents.compactMap { places[$0] }
        place(
            Entry(
                reference: block.reference, block: block, time: block.header.time, parents: parents)
        )
    }

    private mutating func place(_ entry: Entry) {
        let place = free.popLast() ?? slab.count
        if place == slab.count { slab.append(entry) } else { slab[place] = entry }
        let round = entry.reference.round
        places[entry.reference] = place
        let row = Int(round.number - firstRow)
        while rows.count <= row { rows.append([]) }
        rows[row].append(place)
        if round > highestRound { highestRound = round }
        if round > quorumRound, authors(in: round).count >= committee.quorum {
            quorumRound = round
        }
    }

    // Pruning

    /// Forgets blocks of `round` and below. Returns the blocks that waited for nothing else and are
    /// accepted now.
    public mutating func prune(through round: Round) -> [BlockReference] {
        guard !isPruned(round) else { return [] }
        prunedThrough = round
        var isFreed = [Bool](repeating: false, count: slab.count)
        while firstRow <= round.number {
            for place in rows.isEmpty ? [] : rows.removeFirst() {
                places[self[place].reference] = nil
                slab[place] = nil
                free.append(place)
                isFreed[place] = true
            }
            firstRow += 1
        }
        forgetParents { isFreed[$0] }
        return acceptWaiting(after: round)
    }

    /// Takes places that are free now out of the parents of those that stay.
    private mutating func forgetParents(where isFreed: (Int) -> Bool) {
        for place in rows.joined() where self[place].parents.contains(where: isFreed) {
            slab[place]?.parents.removeAll(where: isFreed)
        }
    }

    private mutating func acceptWaiting(after round: Round) -> [BlockReference] {
        for index in waiting.indices { waiting[index].missing.removeAll { $0.round <= round } }
        waiting.removeAll { $0.block.round <= round }
        let ready = waiting.filter { $0.missing.isEmpty }.map(\.block)
        waiting.removeAll { $0.missing.isEmpty }
        return ready.flatMap { accept($0) }
    }

    // Own history

    /// Marks the block at `place` and its history as covered by this seat's own blocks.
    mutating func cover(_ place: Int) {
        var stack = [place]
        while let place = stack.popLast() {
            guard let entry = slab[place], !entry.isCovered else { continue }
            slab[place]?.isCovered = true
            stack += entry.parents
        }
    }
}
