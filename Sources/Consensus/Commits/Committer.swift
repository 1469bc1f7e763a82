// The committer: reads the verdicts of all slots out of a graph and turns them into commits.
import Primitives

/// Where one seat stands in the common order, and the rules by which it goes on. The same graph and
/// coins give the same verdicts; asking twice changes nothing.
public struct Committer: Sendable {
    public let settings: CommitSettings
    /// The last commit.
    public private(set) var head: CommitHead
    /// What is in the order already above `floor`.
    private var sequenced: Sequenced
    /// Direct verdicts since the last commit; they never change as the graph grows.
    private var settled: [Slot: Verdict] = [:]
    /// Votes read so far on slots since the last commit.
    private var votes: [Slot: SlotVotes] = [:]
    /// Blocks of each round after the last commit when direct verdicts were read last.
    private var readCounts: [Int] = []
    let rules: CommitRules

    /// A committer after `head`.
    ///
    /// - Parameter sequenced: what the commits up to `head` put in order; needed are the blocks
    ///   above `floor`.
    public init(
        committee: CommitteeView, settings: CommitSettings, head: CommitHead,
        sequenced: [BlockReference]
    ) {
        self.init(
            settings: settings, rules: CommitRules(settings, for: committee), head: head,
            sequenced: sequenced)
    }

    init(
        settings: CommitSettings, rules: CommitRules, head: CommitHead,
        sequenced: [BlockReference]
    ) {
        self.settings = settings
        self.rules = rules
        self.head = head
        self.sequenced = Sequenced(
            seats: rules.schedule.count, above: head.round - settings.depth)
        for reference in sequenced {
            self.sequenced.insert(reference, within: settings.depth)
        }
    }

    /// L - G: blocks at or below it are in no later commit.
    public var floor: Round { head.round - settings.depth }

    /// Whether `reference` is in the order already, or too old ever to be.
    func isSequenced(_ reference: BlockReference) -> Bool {
        reference.round <= floor && floor > .genesis
            || sequenced.contains(reference)
    }

    /// What is in the order already above `floor`, sorted: with `head`, all a seat must keep.
    public var sequencedReferences: [BlockReference] { sequenced.references }

    /// The known leaders of `round`, none where the coin elects them.
    public func knownLeaders(of round: Round) -> [Seat] {
        isKnown(round) ? rules.leaders(of: round) : []
    }

    /// Whether `round` is at most D rounds past the last commit.
    public func isKnown(_ round: Round) -> Bool {
        round <= rules.lastKnownRound(head.round, round)
    }

    /// Every slot after the last commit up to the highest round, in order, with its verdict.
    public mutating func verdicts(
        in store: BlockStore, coins: OpenedCoins
    ) throws(CommitFault) -> [DecidedSlot] {
        let slots = rules.slots(after: head.round, through: store.highestRound, coins: coins)
        var verdicts = [Verdict](repeating: .undecided, count: slots.count)
        var histories: [BlockReference: History] = [:]
        for index in slots.indices.reversed() {
            let slot = slots[index]
            guard let author = slot.author else { continue }
            if let known = settled[slot] {
                verdicts[index] = known
                continue
            }
            let wave = rules.wave(of: slot.kind)
            guard wave.votingRound(of: slot.round) <= store.highestRound else { continue }
            if let verdict = try readVerdict(on: slot, of: author, in: store) {
                verdicts[index] = verdict
                continue
            }
            guard let votes = votes[slot] else { continue }
            let first = wave.firstAnchorRound(of: slot.round)
            guard let anchor = anchor(from: first, after: index, slots, verdicts),
                let place = store.place(of: anchor)
            else { continue }
            let history = histories[anchor]
                ?? History(of: place, in: store, downTo: head.round + 1)
            histories[anchor] = history
            verdicts[index] = try votes.indirectVerdict(in: store, history)
        }
        return zip(slots, verdicts).map { DecidedSlot(slot: $0, verdict: $1) }
    }

    /// The direct verdict on a slot, nil where there is none yet.
    private mutating func readVerdict(
        on slot: Slot, of author: Seat, in store: BlockStore
    ) throws(CommitFault) -> Verdict? {
        let votes = readVotes(on: slot, of: author, in: store)
        guard let verdict = try votes.directVerdict(in: store, rules) else { return nil }
        settled[slot] = verdict
        return verdict
    }

    /// Reads the direct verdicts that blocks new since the last time may have made.
    private mutating func readDirectVerdicts(
        in store: BlockStore, _ coins: OpenedCoins
    ) throws(CommitFault) {
        let tip = store.highestRound
        let lastKnown = rules.lastKnownRound(head.round, tip)
        let count = Int(tip.number - min(head.round.number, tip.number))
        let counts = (0..<count).map { store.places(in: head.round + UInt64($0 + 1)).count }
        let changed = counts.indices.first {
            $0 >= readCounts.count || counts[$0] != readCounts[$0]
        }
        readCounts = counts
        // A block decides on slots at most four rounds before it; a coin may have opened anywhere.
        let first = UInt64(max(0, (changed ?? count) - 4))
        let firstCoin = lastKnown.number - min(lastKnown.number, head.round.number)
        for offset in min(first, firstCoin)..<UInt64(count) {
            let round = head.round + (offset + 1)
            for slot in rules.slots(of: round, lastKnown: lastKnown, coins: coins) {
                guard let author = slot.author, settled[slot] == nil else { continue }
                _ = try readVerdict(on: slot, of: author, in: store)
            }
        }
    }

    /// Whether the next commit can be told without looking at all slots, and that there is none:
    /// a slot has no direct verdict, and no later one that could anchor it is committed.
    private func isPending(in store: BlockStore, _ coins: OpenedCoins) -> Bool {
        let lastKnown = rules.lastKnownRound(head.round, store.highestRound)
        var round = head.round + 1
        while round <= store.highestRound {
            let slots = rules.slots(of: round, lastKnown: lastKnown, coins: coins)
            let verdicts = slots.map { settled[$0] }
            if verdicts.contains(nil) {
                return !settled.contains {
                    if case .committed = $0.value { $0.key.round > round + 1 } else { false }
                }
            }
            if verdicts.contains(where: { if case .committed = $0 { true } else { false } }) {
                return false
            }
            round = round + 1
        }
        return true
    }

    private mutating func readVotes(
        on slot: Slot, of author: Seat, in store: BlockStore
    ) -> SlotVotes {
        let wave = rules.wave(of: slot.kind)
        var votes = votes.removeValue(forKey: slot)
            ?? SlotVotes(for: author, in: slot.round, wave, rules: rules)
        votes.read(store)
        self.votes[slot] = votes
        return votes
    }

    /// Whether no more votes need to be waited for on the slots of `round`: a quorum supports or
    /// blames each, or its leader is not known.
    mutating func isSettled(_ round: Round, in store: BlockStore) -> Bool {
        guard round > head.round else { return true }
        return knownLeaders(of: round).allSatisfy { leader in
            let slot = Slot(round: round, kind: .known, author: leader)
            return settled[slot] != nil
                || readVotes(on: slot, of: leader, in: store).isSettled(by: rules.skipQuorum)
        }
    }

    /// The first slot from round `first` on that is not skipped, if it is committed.
    private func anchor(
        from first: Round, after index: Int, _ slots: [Slot], _ verdicts: [Verdict]
    ) -> BlockReference? {
        for later in index + 1..<slots.count where slots[later].round >= first {
            switch verdicts[later] {
            case .skipped: continue
            case .undecided:
                if rules.lapses.contains(.anchorsPassUndecided) { continue }
                return nil
            case .committed(let block, _): return block
            }
        }
        return nil
    }

    /// The next commit, nil where none is decided. Ask again after one: there may be another.
    public mutating func nextCommit(
        in store: BlockStore, coins: OpenedCoins
    ) throws(CommitFault) -> Commit? {
        try readDirectVerdicts(in: store, coins)
        if isPending(in: store, coins), rules.lapses.isEmpty { return nil }
        let decided = try verdicts(in: store, coins: coins)
        var end = 0
        while end < decided.count {
            let round = decided[end].slot.round
            let start = end
            while end < decided.count, decided[end].slot.round == round { end += 1 }
            var leaders: [BlockReference] = []
            for entry in decided[start..<end] {
                switch entry.verdict {
                case .undecided:
                    if !rules.lapses.contains(.commitsPastUndecided) { return nil }
                case .skipped: continue
                case .committed(let block, _): leaders.append(block)
                }
            }
            if rules.lapses.contains(.commitsFirstLeaderOnly) { leaders = Array(leaders.prefix(1)) }
            if !leaders.isEmpty {
                return commit(leaders, of: round, Array(decided[..<end]), store)
            }
        }
        return nil
    }

    private mutating func commit(
        _ leaders: [BlockReference], of round: Round, _ decisions: [DecidedSlot],
        _ store: BlockStore
    ) -> Commit {
        let lapses = rules.lapses
        let floor = lapses.contains(.ordersBelowFloor)
            ? round - (settings.depth + 1) : round - settings.depth
        let places = unsequenced(before: leaders, above: floor, in: store)
        var blocks = places.compactMap { store.block(at: $0) }
        if !lapses.contains(.ordersByArrival) { blocks.sort { $0.reference < $1.reference } }
        let median = medianTime(of: leaders[0], in: store)
        let time = lapses.contains(.letsTimeFall) ? median : max(head.time, median)
        let digest = Commit.digest(
            after: head.digest, index: head.index + 1, time: time, leaders: leaders,
            blocks: blocks.map(\.reference))
        head = CommitHead(index: head.index + 1, round: round, digest: digest, time: time)
        sequenced.forget(through: self.floor)
        for block in blocks { sequenced.insert(block.reference, within: settings.depth) }
        readCounts.removeAll()
        settled = settled.filter { $0.key.round > round }
        votes = votes.filter { $0.key.round > round }
        return Commit(head: head, leaders: leaders, blocks: blocks, decisions: decisions)
    }

    /// The blocks in the histories of `leaders`, they included, above `floor` and not in the order
    /// yet. The history of what is in the order is in it too, or too old: the walk stops there.
    private func unsequenced(
        before leaders: [BlockReference], above floor: Round, in store: BlockStore
    ) -> [Int] {
        var seen = [Bool](repeating: false, count: store.placeLimit)
        var found: [Int] = []
        var stack = leaders.compactMap { store.place(of: $0) }
        while let place = stack.popLast() {
            let reference = store.name(at: place)
            seen[place] = true
            guard reference.round > floor,
                !sequenced.contains(reference) || rules.lapses.contains(.ordersTwice)
            else { continue }
            found.append(place)
            for link in store.links(at: place) where store.isKept(link) && !seen[link.place] {
                seen[link.place] = true
                stack.append(link.place)
            }
        }
        return found
    }

    /// The lower median of the times of a leader's parents of the round before: between the clocks
    /// of two honest seats, since at most f of at least 2f + 1 are not.
    private func medianTime(of leader: BlockReference, in store: BlockStore) -> Instant {
        guard let place = store.place(of: leader) else { return head.time }
        let times = store.links(at: place)
            .filter { $0.round + 1 == leader.round && store.isKept($0) }
            .map { store.time(at: $0.place) }.sorted()
        if rules.lapses.contains(.takesLatestTime) { return times.last ?? head.time }
        return times.isEmpty ? head.time : times[(times.count - 1) / 2]
    }
}
