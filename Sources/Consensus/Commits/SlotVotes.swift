// The votes on one slot as they stand in a graph: who supports which block, who blames.

/// Votes on the slot of `author` in `round`, read from the voting round.
struct SlotVotes {
    private let rules: CommitRules
    private let wave: Wave
    private let round: Round
    /// The block that each voter supports, by the voter's place; voters that blame are not in it.
    private var supported: [Int: Int] = [:]
    /// Authors of a block that blames.
    private(set) var blames = SeatSet()

    init(for author: Seat, in round: Round, _ wave: Wave, rules: CommitRules, store: BlockStore) {
        self.rules = rules
        self.wave = wave
        self.round = round
        for voter in store.places(in: wave.votingRound(of: round)) {
            if let block = store.support(by: voter, for: author, in: round, wave.support) {
                supported[voter] = block
            } else {
                blames.insert(store[voter].reference.author)
            }
        }
    }

    /// The blocks that the block at `place`, of the decision round, certifies: with at most f
    /// faults none or one.
    func certified(by place: Int, in store: BlockStore) -> [Int] {
        var tally: [(block: Int, voters: SeatSet)] = []
        for parent in store[place].parents {
            guard let block = supported[parent] else { continue }
            let author = store[parent].reference.author
            if let index = tally.firstIndex(where: { $0.block == block }) {
                tally[index].voters.insert(author)
            } else {
                var voters = SeatSet()
                voters.insert(author)
                tally.append((block, voters))
            }
        }
        return tally.filter { $0.voters.count >= rules.certificateQuorum }.map(\.block)
    }

    /// The one certified block, and the authors of its certificates, among blocks of the decision
    /// round that `isSeen` admits.
    func certificate(
        in store: BlockStore, where isSeen: (Int) -> Bool
    ) throws(CommitFault) -> (block: Int, authors: SeatSet)? {
        var found: (block: Int, authors: SeatSet)?
        guard !supported.isEmpty else { return nil }
        for place in store.places(in: wave.decisionRound(of: round)) where isSeen(place) {
            for block in certified(by: place, in: store) {
                if let other = found?.block, other != block {
                    throw .twoCertified(store[other].reference, store[block].reference)
                }
                if found == nil { found = (block, SeatSet()) }
                found?.authors.insert(store[place].reference.author)
            }
        }
        return found
    }

    /// The verdict of the wave itself, nil where it has none yet.
    func directVerdict(in store: BlockStore) throws(CommitFault) -> Verdict? {
        if blames.count >= rules.skipQuorum { return .skipped(.direct) }
        guard let found = try certificate(in: store, where: { _ in true }),
            found.authors.count >= rules.commitQuorum
        else { return nil }
        return .committed(store[found.block].reference, .direct)
    }

    /// The verdict of an anchor with `history`.
    func indirectVerdict(in store: BlockStore, _ history: History) throws(CommitFault) -> Verdict {
        guard let found = try certificate(in: store, where: { history.contains($0) }) else {
            return .skipped(.indirect)
        }
        return .committed(store[found.block].reference, .indirect)
    }
}
