// The votes on one slot as they stand in a graph: who supports which block, who blames.

/// Votes on the slot of `author` in `round`, read as the graph grows: each block is looked at once.
struct SlotVotes: Sendable {
    private let author: Seat
    private let round: Round
    private let wave: Wave
    private let certificateQuorum: Int
    private let lapses: Lapses
    /// The block that each voter supports, by the voter's position in its round; -1 for blame.
    private var supported: [Int] = []
    /// The authors of the voters for each block.
    private(set) var supporters: [(block: Int, seats: SeatSet)] = []
    /// Authors of a block that blames.
    private(set) var blames = SeatSet()
    private var blamingBlocks = 0
    /// Blocks of the decision round that are read.
    private var deciders = 0
    /// The blocks of the decision round that certify, and what.
    private var certificates: [(place: Int, block: Int)] = []

    init(for author: Seat, in round: Round, _ wave: Wave, rules: CommitRules) {
        self.author = author
        self.round = round
        self.wave = wave
        certificateQuorum = rules.certificateQuorum
        lapses = rules.lapses
    }

    /// Takes in what is new in `store`: always the same store, grown.
    mutating func read(_ store: BlockStore) {
        let voters = store.places(in: wave.votingRound(of: round))
        while supported.count < voters.count { readVote(of: voters[supported.count], store) }
        let places = store.places(in: wave.decisionRound(of: round))
        while deciders < places.count {
            for block in certified(by: places[deciders], in: store) {
                certificates.append((places[deciders], block))
            }
            deciders += 1
        }
    }

    private mutating func readVote(of voter: Int, _ store: BlockStore) {
        let seat = store.name(at: voter).author
        guard let seen = store.support(by: voter, for: author, in: round, wave.support) else {
            supported.append(-1)
            blames.insert(seat)
            blamingBlocks += 1
            return
        }
        let first = supporters.first?.block
        let block = lapses.contains(.mergesTwins) ? first ?? seen : seen
        supported.append(block)
        if let index = supporters.firstIndex(where: { $0.block == block }) {
            supporters[index].seats.insert(seat)
        } else {
            var seats = SeatSet()
            seats.insert(seat)
            supporters.append((block, seats))
        }
    }

    /// The blocks that the block at `place`, of the decision round, certifies: with at most f
    /// faults none or one. Its parents have different authors, so each counts.
    private func certified(by place: Int, in store: BlockStore) -> [Int] {
        guard !supporters.isEmpty else { return [] }
        let votingRound = wave.votingRound(of: round)
        var tally: [(block: Int, count: Int)] = []
        for link in store.links(at: place) where link.round == votingRound {
            let block = supported[store.position(of: link.place)]
            guard block >= 0 else { continue }
            if let index = tally.firstIndex(where: { $0.block == block }) {
                tally[index].count += 1
            } else {
                tally.append((block, 1))
            }
        }
        return tally.filter { $0.count >= certificateQuorum }.map(\.block)
    }

    /// The one certified block, and the authors of its certificates, among blocks of the decision
    /// round that `isSeen` admits.
    private func certificate(
        in store: BlockStore, where isSeen: (Int) -> Bool
    ) throws(CommitFault) -> (block: Int, authors: SeatSet, count: Int)? {
        var found: (block: Int, authors: SeatSet, count: Int)?
        for (place, block) in certificates where isSeen(place) {
            if let other = found?.block, other != block {
                throw .twoCertified(store.name(at: other), store.name(at: block))
            }
            if found == nil { found = (block, SeatSet(), 0) }
            found?.count += 1
            found?.authors.insert(store.name(at: place).author)
        }
        return found
    }

    /// The verdict of the wave itself, nil where it has none yet.
    func directVerdict(
        in store: BlockStore, _ rules: CommitRules
    ) throws(CommitFault) -> Verdict? {
        let blaming = lapses.contains(.countsVotersTwice) ? blamingBlocks : blames.count
        if blaming >= rules.skipQuorum { return .skipped(.direct) }
        guard let found = try certificate(in: store, where: { _ in true }) else { return nil }
        let deciding = lapses.contains(.countsDecidersTwice) ? found.count : found.authors.count
        guard deciding >= rules.commitQuorum else { return nil }
        return .committed(store.name(at: found.block), .direct)
    }

    /// The verdict of an anchor with `history`.
    func indirectVerdict(in store: BlockStore, _ history: History) throws(CommitFault) -> Verdict {
        let isSeen = { history.contains($0) || lapses.contains(.anchorsSeeEverything) }
        guard let found = try certificate(in: store, where: isSeen) else {
            return .skipped(.indirect)
        }
        return .committed(store.name(at: found.block), .indirect)
    }

    /// Whether `quorum` seats vote alike, so that no more votes need to be waited for.
    func isSettled(by quorum: Int) -> Bool {
        blames.count >= quorum || supporters.contains { $0.seats.count >= quorum }
    }
}
