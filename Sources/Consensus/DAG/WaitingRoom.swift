// Blocks that are valid and wait for parents: bounded for each author, found by name and by want.
import Primitives

/// A value whose answers do not depend on how a hash table is laid out: lists are by arrival or
/// sorted.
struct WaitingRoom: Sendable {
    private struct Entry: Sendable {
        let block: CheckedBlock
        /// Parents that are not accepted, each once.
        var missing: [BlockReference]
    }

    private struct Position: Hashable {
        let author: Seat
        let round: Round
    }

    /// Blocks of one author at most.
    static let blockLimit = 512
    /// Bytes of payload of one author at most, one block of any size aside.
    static let byteLimit = 16 << 20

    private var entries: [BlockReference: Entry] = [:]
    /// The blocks that wait for each missing parent, by arrival.
    private var children: [BlockReference: [BlockReference]] = [:]
    /// The first of its author and round.
    private var firsts: [Position: BlockReference] = [:]
    /// Names by arrival, for each author; some may be gone.
    private var arrivals: [[BlockReference]]
    private var counts: [Int]
    private var bytes: [Int]

    init(seats: Int) {
        arrivals = [[BlockReference]](repeating: [], count: seats)
        counts = [Int](repeating: 0, count: seats)
        bytes = counts
    }

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    func contains(_ reference: BlockReference) -> Bool { entries[reference] != nil }

    /// Whether a block here names `reference`, which is not accepted.
    func isWanted(_ reference: BlockReference) -> Bool { children[reference] != nil }

    /// A block of the author and round of `reference`.
    func first(at reference: BlockReference) -> CheckedBlock? {
        firsts[Position(author: reference.author, round: reference.round)]
            .flatMap { entries[$0]?.block }
    }

    /// Parents that are named here and are not even here, sorted.
    var missing: [BlockReference] {
        children.keys.filter { entries[$0] == nil }.sorted()
    }

    /// What is not here among `references` and what they wait for, sorted: at most `limit` names
    /// are looked at.
    func absent(below references: [BlockReference], limit: Int) -> [BlockReference] {
        var absent: [BlockReference] = []
        var seen = Set(references)
        var stack = references
        while let reference = stack.popLast() {
            guard let entry = entries[reference] else {
                absent.append(reference)
                continue
            }
            for parent in entry.missing where seen.count < limit {
                if seen.insert(parent).inserted { stack.append(parent) }
            }
        }
        return absent.sorted()
    }

    /// Whether there was room. A block that others here name makes room by displacing the oldest
    /// of its author.
    mutating func add(
        _ block: CheckedBlock, missing: [BlockReference], hasNoLimit: Bool = false
    ) -> Bool {
        let author = Int(block.author.index)
        let size = block.block.payload.encoded.count
        let isWanted = isWanted(block.reference)
        while !hasNoLimit, counts[author] >= Self.blockLimit
            || counts[author] > 0 && bytes[author] + size > Self.byteLimit
        {
            guard isWanted, let oldest = arrivals[author].first else { return false }
            if contains(oldest) { displace(oldest) } else { arrivals[author].removeFirst() }
        }
        let reference = block.reference
        entries[reference] = Entry(block: block, missing: missing)
        for parent in missing { children[parent, default: []].append(reference) }
        let position = Position(author: block.author, round: block.round)
        if firsts[position] == nil { firsts[position] = reference }
        arrivals[author].append(reference)
        counts[author] += 1
        bytes[author] += size
        return true
    }

    private mutating func displace(_ reference: BlockReference) {
        guard let entry = remove(reference) else { return }
        for parent in entry.missing {
            children[parent]?.removeAll { $0 == reference }
            if children[parent]?.isEmpty == true { children[parent] = nil }
        }
    }

    private mutating func remove(_ reference: BlockReference) -> Entry? {
        guard let entry = entries.removeValue(forKey: reference) else { return nil }
        let author = Int(reference.author.index)
        let position = Position(author: reference.author, round: reference.round)
        if firsts[position] == reference { firsts[position] = nil }
        counts[author] -= 1
        bytes[author] -= entry.block.block.payload.encoded.count
        // Gone names are dropped when half of them are gone: constant work for each.
        if arrivals[author].count > 2 * counts[author] + 8 {
            arrivals[author].removeAll { entries[$0] == nil }
        }
        return entry
    }

    /// Takes out the blocks that miss nothing once `reference` is accepted, by arrival.
    mutating func release(_ reference: BlockReference) -> [CheckedBlock] {
        guard let waiting = children.removeValue(forKey: reference) else { return [] }
        var released: [CheckedBlock] = []
        for child in waiting {
            guard entries[child] != nil else { continue }
            entries[child]?.missing.removeAll { $0 == reference }
            if entries[child]?.missing.isEmpty == true, let entry = remove(child) {
                released.append(entry.block)
            }
        }
        return released
    }

    /// Forgets blocks of `round` and below, and takes out those that waited for nothing else,
    /// sorted.
    mutating func prune(through round: Round) -> [CheckedBlock] {
        for reference in entries.keys.filter({ $0.round <= round }).sorted() {
            displace(reference)
        }
        var released: [CheckedBlock] = []
        for parent in children.keys.filter({ $0.round <= round }).sorted() {
            released += release(parent)
        }
        return released.sorted { $0.reference < $1.reference }
    }
}
