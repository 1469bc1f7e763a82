// When a validator makes its next block, what it names in it, and what it does when nothing moves.
import Cryptography
import Primitives

extension Validator {
    /// The round of the next own block: in every round above the last commit there is one, and none
    /// is left out (no jump above the own commit head).
    public var nextRound: Round {
        max(unsaved?.round ?? lastOwn.round, committer.head.round) + 1
    }

    /// Makes and persists the next own block if it is time for it; asks to be woken if only time is
    /// missing.
    mutating func propose(at now: Instant, into actions: inout [Action]) {
        guard unsaved == nil else { return }
        let round = nextRound
        let before = round - 1
        guard citable(in: before) >= committee.quorum else { return }
        if quorumSeen?.round != before { quorumSeen = (before, now) }
        guard let due = dueTime(of: round, at: now) else { return }
        guard due <= now else {
            actions.append(.wake(due))
            return
        }
        let isLate = round + settings.lateRounds <= store.quorumRound
        let stall = store.highestRound.number - min(
            committer.head.round.number, store.highestRound.number)
        let payload = isLate || stall > settings.payloadRounds ? [] : queue.take()
        let header = BlockHeader(
            epoch: committee.epoch, round: round, author: seat, parents: parents(of: round),
            at: now)
        let block = Block(signing: header, payload: payload, chain: committee.chain, with: key)
        // Our own block keeps the rules by construction; if it does not, better silent than wrong.
        guard let checked = try? CheckedBlock(block, in: committee) else { return }
        unsaved = checked
        lastProposal = now
        actions.append(.persist(checked))
    }

    /// The time from which a block of `round` may be made; nil if it is not to be made at all.
    private func dueTime(of round: Round, at now: Instant) -> Instant? {
        if round <= store.quorumRound { return now }
        let before = round - 1
        let paced = lastProposal.nanoseconds == 0
            ? now : lastProposal.advanced(byNanoseconds: settings.roundDelay)
        guard before > .genesis, committer.isKnown(before) else { return paced }
        let present = store.authors(in: before)
        let isComplete = committer.knownLeaders(of: before).allSatisfy {
            present.contains($0) || store.exposed.contains($0)
        }
        if isComplete { return paced }
        let since = quorumSeen?.since ?? now
        return max(paced, since.advanced(byNanoseconds: settings.leaderWait))
    }

    /// Authors of `round` that an own block may name.
    private func citable(in round: Round) -> Int {
        let authors = store.authors(in: round)
        return committee.seats.reduce(0) {
            $0 + (authors.contains($1) && !store.exposed.contains($1) ? 1 : 0)
        }
    }

    /// The own previous block, and of every other author not exposed its newest block below `round`
    /// that no own block covers yet.
    private func parents(of round: Round) -> [BlockReference] {
        var parents = [lastOwn]
        for author in committee.seats where author != seat && !store.exposed.contains(author) {
            if let newest = newestUncovered(of: author, below: round) { parents.append(newest) }
        }
        return parents
    }

    private func newestUncovered(of author: Seat, below round: Round) -> BlockReference? {
        var candidate = round - 1
        while true {
            for place in store.places(in: candidate) {
                let entry = store[place]
                if entry.reference.author == author {
                    return entry.isCovered ? nil : entry.reference
                }
            }
            if candidate == .genesis || candidate <= store.prunedThrough ?? .genesis { return nil }
            candidate = candidate - 1
        }
    }

    /// The own block is durable: from now on it counts, and may be seen.
    mutating func publish(
        _ reference: BlockReference, at now: Instant, into actions: inout [Action]
    ) {
        guard let block = unsaved, block.reference == reference else { return }
        unsaved = nil
        lastOwn = reference
        lastOwnBlock = block
        if !block.block.payload.isEmpty { unsequenced.append(block) }
        if case .accepted(let references) = store.insert(block) {
            keep(references, into: &actions)
        }
        if let place = store.place(of: reference) { store.cover(place) }
        lastSent = now
        actions.append(.broadcast(block))
    }

    /// Sends the last own block again and asks again for missing parents, when too long nothing
    /// moved. Asks another seat each time.
    mutating func retry(at now: Instant, into actions: inout [Action]) {
        if let block = lastOwnBlock, unsaved == nil, isDue(lastSent, at: now) {
            lastSent = now
            actions.append(.broadcast(block))
        }
        guard isDue(lastAsked, at: now) else { return }
        let missing = store.missing
        lastAsked = now
        guard !missing.isEmpty, committee.count > 1 else { return }
        asked &+= 1
        let step = 1 + (asked & 0xFFFF) % (committee.count - 1)
        let peer = Seat(UInt8((Int(seat.index) + step) % committee.count))
        actions.append(
            .request(
                Array(missing.prefix(settings.blocksPerAnswer)), above: store.quorumRound,
                from: peer))
    }

    private func isDue(_ last: Instant, at now: Instant) -> Bool {
        last.advanced(byNanoseconds: settings.retryAfter) <= now
    }
}
