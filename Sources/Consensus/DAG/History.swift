// Walks over the graph: the history of a block down to a round, and whom a block supports.

/// The blocks that a block reaches through its parents, itself included, down to a round.
struct History: Sendable {
    private var marks: [Bool]
    /// In the order of the walk.
    private(set) var places: [Int] = []

    init(of place: Int, in store: BlockStore, downTo floor: Round) {
        marks = [Bool](repeating: false, count: store.placeLimit)
        marks[place] = true
        places = [place]
        var next = 0
        while next < places.count {
            for link in store.links(at: places[next])
            where link.round >= floor && store.isKept(link) && !marks[link.place] {
                marks[link.place] = true
                places.append(link.place)
            }
            next += 1
        }
    }

    func contains(_ place: Int) -> Bool { place < marks.count && marks[place] }
}

/// How a block of a voting round names the block of a slot that it supports.
enum SupportRule: Hashable, Sendable {
    /// The parent of that author and round.
    case parent
    /// Of the blocks of that author and round in the history, the one with the lowest digest.
    case history
}

extension BlockStore {
    /// The block of `author` in `round` that the block at `voter` supports, nil where it blames the
    /// slot. It depends on the voter's history alone, so all seats find the same one, twins or not.
    func support(by voter: Int, for author: Seat, in round: Round, _ rule: SupportRule) -> Int? {
        switch rule {
        case .parent:
            for link in links(at: voter)
            where link.author == author && link.round == round && isKept(link) {
                return link.place
            }
            return nil
        case .history:
            let candidates = places(in: round).filter { name(at: $0).author == author }
            guard !candidates.isEmpty else { return nil }
            let history = History(of: voter, in: self, downTo: round)
            if lapses.contains(.supportsFirstSeen) {
                return candidates.first(where: history.contains)
            }
            return candidates.filter { history.contains($0) }.min {
                name(at: $0).digest < name(at: $1).digest
            }
        }
    }

    /// The blocks named by `references`, and those of rounds above `floor` and below all of these
    /// that are above it: lowest first, at most `limit` blocks and about `bytes` of payload, so
    /// that whoever gets them can accept them in order. Pruned blocks are served too, while they
    /// are kept.
    public func answer(
        _ references: [BlockReference], above floor: Round, limit: Int, bytes: Int
    ) -> [CheckedBlock] {
        if lapses.contains(.answersNothing) { return [] }
        let hasLimit = !lapses.contains(.answersWithoutLimit)
        var named = references.prefix(limit).compactMap { block($0) ?? archived($0) }
            .sorted { $0.reference < $1.reference }[...]
        let top = named.first { $0.round > floor }?.round
        var found: [CheckedBlock] = []
        var room = bytes
        func take(_ block: CheckedBlock) {
            guard found.count < limit && room > 0 || !hasLimit else { return }
            found.append(block)
            room -= block.block.payload.encoded.count
        }
        while let first = named.first, first.round <= floor { take(named.removeFirst()) }
        var round = max(min(floor, .last) + 1, lowestServed)
        while let top, round < top, found.count < limit && room > 0 || !hasLimit {
            for block in blocks(in: round) { take(block) }
            round = round + 1
        }
        for block in named { take(block) }
        return found
    }

    private func blocks(in round: Round) -> [CheckedBlock] {
        let kept = references(in: round).compactMap { block($0) }
        if !kept.isEmpty || lapses.contains(.servesNoArchive) { return kept }
        return archive.blocks(in: round)
    }

    private func archived(_ reference: BlockReference) -> CheckedBlock? {
        lapses.contains(.servesNoArchive) ? nil : archive[reference]
    }
}
