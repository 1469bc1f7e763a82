// A second committer, written from docs/spec/consensus.md §1, §5 and §6 alone: sets, recursion and
// repetition over a list of blocks. Slow on purpose, and nothing of the real one is used.
import Consensus
import Cryptography
import Primitives

/// What the specification says about one finished graph.
public struct NaiveCommitter {
    /// A slot with what the graph decides about it.
    public struct Decision: Hashable, CustomStringConvertible {
        public enum Verdict: Hashable {
            case undecided
            case skip
            case commit(BlockReference)
        }
        public let round: UInt64
        /// Nil while the coin of the round is not known.
        public let author: UInt8?
        public let verdict: Verdict

        public init(round: UInt64, author: UInt8?, verdict: Verdict) {
            self.round = round
            self.author = author
            self.verdict = verdict
        }

        public var description: String {
            "r\(round) \(author.map { "s\($0)" } ?? "coin"): \(verdict)"
        }
    }

    public struct Step: Hashable {
        public let index: UInt64
        public let round: UInt64
        public let time: UInt64
        public let leaders: [BlockReference]
        public let blocks: [BlockReference]
        public let digest: Digest
        public let decisions: [Decision]
    }

    private struct Slot: Hashable {
        let round: UInt64
        let author: UInt8?
        let wave: UInt64
    }

    private let committee: CommitteeView
    private let leadersPerRound: UInt64
    private let knownRounds: UInt64?
    private let depth: UInt64
    private let genesisTime: UInt64
    private var blocks: [BlockReference: CheckedBlock] = [:]
    private var byRound: [UInt64: [BlockReference]] = [:]
    private var tip: UInt64 = 0
    private var coins: [UInt64: UInt8] = [:]
    private var histories: [BlockReference: Set<BlockReference>] = [:]

    /// - Parameters:
    ///   - settings: the rules of the chain.
    ///   - blocks: an accepted graph in any order: parents that are left out count as pruned.
    ///   - coins: the coins that are open, by round.
    public init(
        committee: CommitteeView, settings: CommitSettings, genesisTime: Instant,
        blocks list: [CheckedBlock], coins opened: [UInt64: Digest]
    ) {
        self.committee = committee
        leadersPerRound = UInt64(min(settings.leadersPerRound, committee.keys.count))
        knownRounds = settings.knownRounds
        depth = settings.depth
        self.genesisTime = genesisTime.nanoseconds
        for genesis in committee.genesis { byRound[0, default: []].append(genesis) }
        for block in list where blocks[block.reference] == nil {
            blocks[block.reference] = block
            byRound[block.round.number, default: []].append(block.reference)
            tip = max(tip, block.round.number)
        }
        for (round, coin) in opened { coins[round] = elected(by: coin) }
    }

    private var quorum: Int { committee.keys.count - (committee.keys.count - 1) / 3 }

    /// The seat of a coin (§1).
    private func elected(by coin: Digest) -> UInt8 {
        let n = UInt64(committee.keys.count)
        let bound = (UInt64.max / n) * n
        var bytes = coin.bytes
        while true {
            for word in 0..<4 {
                var value: UInt64 = 0
                for byte in (0..<8).reversed() {
                    value = value * 256 + UInt64(bytes[word * 8 + byte])
                }
                if value < bound { return UInt8(value % n) }
            }
            bytes = HashDomain("althing 2026 coin election v1").hash(bytes).bytes
        }
    }

    // The graph

    private func parents(of reference: BlockReference) -> [BlockReference] {
        (blocks[reference]?.header.parents ?? []).filter {
            blocks[$0] != nil || $0.round == .genesis
        }
    }

    /// The block and everything that it reaches.
    private mutating func history(of reference: BlockReference) -> Set<BlockReference> {
        if let known = histories[reference] { return known }
        // Lowest first, so that the recursion is one step deep.
        var below: Set<BlockReference> = []
        var edge = parents(of: reference)
        while let next = edge.popLast() {
            guard below.insert(next).inserted else { continue }
            edge += parents(of: next).filter { histories[$0] == nil }
        }
        for older in below.sorted(by: { $0.round < $1.round }) where histories[older] == nil {
            histories[older] = parents(of: older).reduce(into: [older]) {
                $0.formUnion(histories[$1] ?? [$1])
            }
        }
        let all = parents(of: reference).reduce(into: [reference] as Set) {
            $0.formUnion(histories[$1] ?? [$1])
        }
        histories[reference] = all
        return all
    }

    private func authors(_ references: [BlockReference]) -> Int {
        Set(references.map(\.author)).count
    }

    // Slots and verdicts (§5)

    private func slots(after head: UInt64) -> [Slot] {
        var slots: [Slot] = []
        var round = head + 1
        while round <= tip {
            if let knownRounds, round > head + knownRounds {
                slots.append(Slot(round: round, author: coins[round], wave: 5))
            } else {
                var seen: Set<UInt8> = []
                for turn in 0..<leadersPerRound {
                    let n = UInt64(committee.keys.count)
                    let seat = UInt8((round * leadersPerRound + turn) % n)
                    if seen.insert(seat).inserted {
                        slots.append(Slot(round: round, author: seat, wave: 3))
                    }
                }
            }
            round += 1
        }
        return slots
    }

    /// The block that `voter` supports in `slot`; nil for blame.
    private mutating func support(_ voter: BlockReference, _ slot: Slot) -> BlockReference? {
        let candidates = slot.wave == 3 ? Set(parents(of: voter)) : history(of: voter)
        return candidates
            .filter { $0.author.index == slot.author && $0.round.number == slot.round }
            .min { $0.digest < $1.digest }
    }

    private mutating func certifies(
        _ decider: BlockReference, _ block: BlockReference, _ slot: Slot
    ) -> Bool {
        let voters = parents(of: decider).filter { $0.round.number == slot.round + slot.wave - 2 }
        var supporting: [BlockReference] = []
        for voter in voters where support(voter, slot) == block { supporting.append(voter) }
        return authors(supporting) >= quorum
    }

    private mutating func directVerdict(_ slot: Slot) -> Decision.Verdict? {
        let voters = byRound[slot.round + slot.wave - 2] ?? []
        var blaming: [BlockReference] = []
        for voter in voters where support(voter, slot) == nil { blaming.append(voter) }
        if authors(blaming) >= quorum { return .skip }
        for block in candidates(slot) {
            var certifying: [BlockReference] = []
            for decider in byRound[slot.round + slot.wave - 1] ?? []
            where certifies(decider, block, slot) {
                certifying.append(decider)
            }
            if authors(certifying) >= quorum { return .commit(block) }
        }
        return nil
    }

    private func candidates(_ slot: Slot) -> [BlockReference] {
        (byRound[slot.round] ?? []).filter { $0.author.index == slot.author }
    }

    private var direct: [Slot: Decision.Verdict?] = [:]

    private mutating func decide(_ slots: [Slot]) -> [Decision.Verdict] {
        var verdicts = [Decision.Verdict](repeating: .undecided, count: slots.count)
        for index in slots.indices.reversed() {
            let slot = slots[index]
            guard slot.author != nil else { continue }
            let own = direct[slot] ?? directVerdict(slot)
            direct[slot] = .some(own)
            if let own {
                verdicts[index] = own
                continue
            }
            let later = slots.indices.first {
                $0 > index && slots[$0].round >= slot.round + slot.wave && verdicts[$0] != .skip
            }
            guard let later, case .commit(let anchor) = verdicts[later] else { continue }
            verdicts[index] = .skip
            let past = history(of: anchor)
            for block in candidates(slot) {
                for decider in byRound[slot.round + slot.wave - 1] ?? []
                where past.contains(decider) && certifies(decider, block, slot) {
                    verdicts[index] = .commit(block)
                }
            }
        }
        return verdicts
    }

    // Commits (§6)

    /// All commits from the start of the chain, and the verdicts after the last of them.
    public mutating func replay() -> (commits: [Step], open: [Decision]) {
        var steps: [Step] = []
        var done: Set<BlockReference> = []
        var head: UInt64 = 0
        while true {
            let slots = slots(after: head)
            let verdicts = decide(slots)
            let decisions = zip(slots, verdicts).map {
                Decision(round: $0.round, author: $0.author, verdict: $1)
            }
            guard let round = firstCommitted(decisions) else { return (steps, decisions) }
            let leaders = decisions.filter { $0.round == round }.compactMap {
                if case .commit(let block) = $0.verdict { block } else { nil }
            }
            let lowest = round > depth ? round - depth : 0
            let all = leaders.reduce(into: Set<BlockReference>()) { $0.formUnion(history(of: $1)) }
            let fresh = all.filter { $0.round.number > lowest && !done.contains($0) }.sorted {
                ($0.round.number, $0.author.index, $0.digest.hex)
                    < ($1.round.number, $1.author.index, $1.digest.hex)
            }
            done.formUnion(fresh)
            let time = max(steps.last?.time ?? genesisTime, medianTime(leaders[0]))
            steps.append(
                Step(
                    index: UInt64(steps.count + 1), round: round, time: time, leaders: leaders,
                    blocks: fresh,
                    digest: digest(steps.last?.digest, steps.count + 1, time, leaders, fresh),
                    decisions: decisions.filter { $0.round <= round }))
            head = round
        }
    }

    private func firstCommitted(_ decisions: [Decision]) -> UInt64? {
        for round in Set(decisions.map(\.round)).sorted() {
            let row = decisions.filter { $0.round == round }
            if row.contains(where: { $0.verdict == .undecided }) { return nil }
            if row.contains(where: { $0.verdict != .skip }) { return round }
        }
        return nil
    }

    private func medianTime(_ leader: BlockReference) -> UInt64 {
        let times = parents(of: leader)
            .filter { $0.round.number + 1 == leader.round.number }
            .map { blocks[$0]?.header.time.nanoseconds ?? genesisTime }
            .sorted()
        return times[(times.count - 1) / 2]
    }

    private func digest(
        _ previous: Digest?, _ index: Int, _ time: UInt64, _ leaders: [BlockReference],
        _ blocks: [BlockReference]
    ) -> Digest {
        func number(_ value: UInt64) -> [UInt8] {
            (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        }
        var bytes = previous?.bytes ?? [UInt8](repeating: 0, count: 32)
        bytes += number(UInt64(index)) + number(time)
        for list in [leaders, blocks] {
            bytes += number(UInt64(list.count))
            for reference in list {
                bytes += [reference.author.index] + number(reference.round.number)
                bytes += reference.digest.bytes
            }
        }
        return HashDomain("althing 2026 commit v1").hash(bytes)
    }
}
