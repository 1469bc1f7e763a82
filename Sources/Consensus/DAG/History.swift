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
            for parent in store[places[next]].parents
            where !marks[parent] && store[parent].reference.round >= floor {
                marks[parent] = true
                places.append(parent)
            }
            next += 1
        }
    }

    func contains(_ place: Int) -> Bool { marks[place] }
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
            return self[voter].parents.first {
                let parent = self[$0].reference
                return parent.author == author && parent.round == round
            }
        case .history:
            let candidates = places(in: round).filter { self[$0].reference.author == author }
            guard !candidates.isEmpty else { return nil }
            let history = History(of: voter, in: self, downTo: round)
            return candidates.filter { history.contains($0) }.min {
                self[$0].reference.digest < self[$1].reference.digest
            }
        }
    }

    /// The ancestors of `references`, they included, above `floor`: at most `limit`, lowest rounds
    /// first, so that whoever gets them can accept them in order.
    public func ancestors(
        of references: [BlockReference], above floor: Round, limit: Int
    ) -> [CheckedBlock] {
        var found: Set<BlockReference> = []
        for place in references.compactMap({ self.place(of: $0) }) {
            let history = History(of: place, in: self, downTo: min(floor, .last) + 1)
            found.formUnion(history.places.map { self[$0].reference })
        }
        return found.sorted().compactMap { block($0) }.prefix(limit).map { $0 }
    }
}
