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

    /// A parent of an accepted block that was here when the block was accepted.
    struct Link: Sendable {
        let place: Int
        let round: Round
        let author: Seat
    }

    /// The accepted blocks of one round.
    struct Row: Sendable {
        /// By arrival.
        var places: [Int] = []
        var authors = SeatSet()
        /// The place of the first block of each seat, -1 where there is none.
        var firsts: [Int]
    }

    /// Names that one search for missing ancestors looks at.
    static let searchLimit = 2_048

    /// What goes wrong, in tests only.
    var lapses: Lapses = []

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
    private(set) var waiting: WaitingRoom
    /// Blocks that were pruned, for those who lag.
    private(set) var archive: BlockArchive

    // Columns by place. A place is used again once its block is pruned.
    private var names: [BlockReference] = []
    private var blocks: [CheckedBlock?] = []
    private var links: [[Link]] = []
    private var times: [Instant] = []
    private var positions: [Int] = []
    private var isCovered: [Bool] = []

    private var free: [Int] = []
    /// From the first round kept.
    private var rows: [Row] = []
    private var firstRow: UInt64
    /// The highest round with a block of each seat.
    private var lastRounds: [Round]

    /// A graph with the genesis blocks and nothing else.
    ///
    /// - Parameters:
    ///   - genesisTime: the time that genesis blocks are said to bear.
    ///   - pruned: start after this round, as a seat that comes back does; nil for all.
    ///   - archiveBytes: payload of pruned blocks that is kept for those who lag.
    public init(
        committee: CommitteeView, genesisTime: Instant, pruned: Round?, archiveBytes: Int
    ) {
        self.committee = committee
        prunedThrough = pruned
        firstRow = pruned.map { $0.number + 1 } ?? 0
        highestRound = pruned ?? .genesis
        quorumRound = highestRound
        waiting = WaitingRoom(seats: committee.count)
        archive = BlockArchive(byteLimit: archiveBytes)
        lastRounds = [Round](repeating: .genesis, count: committee.count)
        guard pruned == nil else { return }
        for reference in committee.genesis { place(reference, nil, [], genesisTime) }
    }

    // What is here

    public func contains(_ reference: BlockReference) -> Bool { place(of: reference) != nil }

    /// The accepted block of that name; nil for genesis blocks too.
    public func block(_ reference: BlockReference) -> CheckedBlock? {
        place(of: reference).flatMap { blocks[$0] }
    }

    /// Whether `reference` is neither accepted nor waiting nor pruned.
    func lacks(_ reference: BlockReference) -> Bool {
        !contains(reference) && !waiting.contains(reference) && !isPruned(reference.round)
    }

    /// The authors of accepted blocks of `round`.
    public func authors(in round: Round) -> SeatSet {
        rowIndex(of: round).map { rows[$0].authors } ?? SeatSet()
    }

    /// Names of the accepted blocks of `round`, by author and digest.
    public func references(in round: Round) -> [BlockReference] {
        places(in: round).map { names[$0] }.sorted()
    }

    /// The accepted block of `seat` with the highest round, by lowest digest of twins; nil before
    /// its first and after that was pruned.
    public func newestBlock(of seat: Seat) -> CheckedBlock? {
        guard committee.contains(seat) else { return nil }
        return references(in: newestRound(of: seat)).first { $0.author == seat }.flatMap(block)
    }

    /// The lowest round of which blocks can be served.
    public var lowestServed: Round { archive.lowestRound ?? Round(firstRow) }

    /// The highest round with an accepted block of `seat`.
    func newestRound(of seat: Seat) -> Round { lastRounds[Int(seat.index)] }

    /// Parents that waiting blocks want and that are not here, sorted; fetch them.
    public var missing: [BlockReference] { waiting.missing }

    private func rowIndex(of round: Round) -> Int? {
        guard round.number >= firstRow, round.number - firstRow < UInt64(rows.count) else {
            return nil
        }
        return Int(round.number - firstRow)
    }

    func places(in round: Round) -> [Int] { rowIndex(of: round).map { rows[$0].places } ?? [] }

    /// The first block of `seat` in `round` to be accepted.
    func firstPlace(of seat: Seat, in round: Round) -> Int? {
        guard let index = rowIndex(of: round) else { return nil }
        let place = rows[index].firsts[Int(seat.index)]
        return place < 0 ? nil : place
    }
    /// Found by round and author; only where the author made twins the others are looked at.
    func place(of reference: BlockReference) -> Int? {
        guard let index = rowIndex(of: reference.round), committee.contains(reference.author)
        else { return nil }
        let first = rows[index].firsts[Int(reference.author.index)]
        guard first >= 0 else { return nil }
        if names[first].digest == reference.digest { return first }
        guard exposed.contains(reference.author) else { return nil }
        return rows[index].places.first { names[$0] == reference }
    }

    func name(at place: Int) -> BlockReference { names[place] }
    func block(at place: Int) -> CheckedBlock? { blocks[place] }
    func time(at place: Int) -> Instant { times[place] }
    /// The number of `place` among the places of its round.
    func position(of place: Int) -> Int { positions[place] }
    func isCovered(_ place: Int) -> Bool { isCovered[place] }
    /// Some of them may be pruned: see `isKept`.
    func links(at place: Int) -> [Link] { links[place] }
    func isKept(_ link: Link) -> Bool { link.round.number >= firstRow }

    /// Bounds of places: all are below.
    var placeLimit: Int { names.count }

    // Inserting

    /// Accepts `block` if its parents above the pruned rounds are here, or lets it wait for them.
    public mutating func insert(_ block: CheckedBlock) -> Insertion {
        insert(block, wasAccepted: false)
    }

    /// Inserts a block that this seat had accepted before it stopped: a twin is taken at once,
    /// since the block that names it was kept after it.
    mutating func restore(_ block: CheckedBlock) -> Insertion {
        insert(block, wasAccepted: true)
    }

    private mutating func insert(_ block: CheckedBlock, wasAccepted: Bool) -> Insertion {
        let reference = block.reference
        if isPruned(reference.round) { return .pruned }
        if contains(reference) || waiting.contains(reference) { return .known }
        if let twin = twin(of: reference) {
            expose(twin, block)
            let isTaken = wasAccepted && !lapses.contains(.restoresNoTwin)
                || waiting.isWanted(reference) && !lapses.contains(.acceptsNoTwin)
                || lapses.contains(.acceptsEveryTwin)
            if !isTaken { return .unwantedTwin }
        }
        let missing = block.header.parents.filter {
            !contains($0) && (!isPruned($0.round) || lapses.contains(.awaitsPrunedParents))
        }
        if missing.isEmpty || lapses.contains(.acceptsWithoutParents) {
            return .accepted(accept(block))
        }
        let hasNoLimit = lapses.contains(.waitsWithoutLimit)
        guard waiting.add(block, missing: missing, hasNoLimit: hasNoLimit)
        else { return .overLimit }
        return .waiting(missing: waiting.absent(below: missing, limit: Self.searchLimit))
    }

    private func isPruned(_ round: Round) -> Bool { prunedThrough.map { round <= $0 } ?? false }

    /// Another block of the same author and round, accepted or waiting.
    private func twin(of reference: BlockReference) -> CheckedBlock? {
        if let place = firstPlace(of: reference.author, in: reference.round) {
            return blocks[place]
        }
        return waiting.first(at: reference)
    }

    private mutating func expose(_ first: CheckedBlock, _ second: CheckedBlock) {
        guard exposed.insert(first.author), !lapses.contains(.makesNoEvidence) else { return }
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
            ready += waiting.release(block.reference)
        }
        return order
    }

    private mutating func place(_ block: CheckedBlock) {
        var links: [Link] = []
        links.reserveCapacity(block.header.parents.count)
        for parent in block.header.parents {
            guard let place = place(of: parent) else { continue }
            links.append(Link(place: place, round: parent.round, author: parent.author))
        }
        place(block.reference, block, links, block.header.time)
    }

    private mutating func place(
        _ reference: BlockReference, _ block: CheckedBlock?, _ parents: [Link], _ time: Instant
    ) {
        let index = Int(reference.round.number - firstRow)
        while rows.count <= index {
            rows.append(Row(firsts: [Int](repeating: -1, count: committee.count)))
        }
        let place = vacantPlace()
        names[place] = reference
        blocks[place] = block
        links[place] = parents
        times[place] = time
        positions[place] = rows[index].places.count
        isCovered[place] = false
        let author = Int(reference.author.index)
        rows[index].places.append(place)
        if rows[index].authors.insert(reference.author) { rows[index].firsts[author] = place }
        let round = reference.round
        highestRound = max(highestRound, round)
        lastRounds[author] = max(lastRounds[author], round)
        if round > quorumRound, rows[index].authors.count >= committee.quorum {
            quorumRound = round
        }
    }

    private mutating func vacantPlace() -> Int {
        if let place = free.popLast() { return place }
        names.append(BlockReference(round: .genesis, author: Seat(0), digest: Digest()))
        blocks.append(nil)
        links.append([])
        times.append(Instant(nanoseconds: 0))
        positions.append(0)
        isCovered.append(false)
        return names.count - 1
    }

    // Pruning

    /// Forgets blocks of `round` and below. Returns the blocks that waited for nothing else and are
    /// accepted now.
    public mutating func prune(through floor: Round) -> [BlockReference] {
        let round = lapses.contains(.prunesEarly) ? floor + 2 : floor
        guard !isPruned(round), !lapses.contains(.prunesNever) else { return [] }
        prunedThrough = round
        let count = Int(min(round.number + 1 - firstRow, UInt64(rows.count)))
        for row in rows[..<count] {
            archive.add(row.places.compactMap { blocks[$0] }.sorted { $0.reference < $1.reference })
            for place in row.places {
                blocks[place] = nil
                links[place] = []
                free.append(place)
            }
        }
        rows.removeFirst(count)
        firstRow = round.number + 1
        highestRound = max(highestRound, round)
        quorumRound = max(quorumRound, round)
        return waiting.prune(through: round).flatMap { accept($0) }
    }

    // Own history

    /// Marks the block at `place` and its history as covered by this seat's own blocks.
    mutating func cover(_ place: Int) {
        var stack = [place]
        while let place = stack.popLast() {
            if isCovered[place] { continue }
            isCovered[place] = true
            for link in links[place] where isKept(link) { stack.append(link.place) }
        }
    }
}
