// When a validator makes its next block, what it names in it, and what it does when nothing moves.
import Cryptography
import Primitives

extension Validator {
    /// The round of the next own block: in every round above the last commit there is one, and none
    /// is left out (no jump above the own commit head).
    public var nextRound: Round {
        let next = max(lastOwn?.round ?? .genesis, committer.head.round) + 1
        return lapses.contains(.jumpsRounds) ? max(next, store.quorumRound + 1) : next
    }

    /// Makes the next own block if it is time for it. Whether it did. It keeps the rules by
    /// construction; if it does not, this seat had better be silent than wrong.
    mutating func propose(at now: Instant, into actions: inout [Action]) -> Bool {
        guard let due = proposalTime(at: now), due <= now else { return false }
        guard let checked = nextBlock(at: now),
            case .accepted(let references) = store.insert(checked)
        else {
            isReady = false
            return false
        }
        lastOwn = checked.reference
        lastOwnBlock = checked
        lastProposal = now
        lastSent = now
        if lapses.contains(.persistsAfterSending) { actions.append(.broadcast(checked)) }
        keep(references, into: &actions)
        if carriers.contains(checked.reference) { unsequenced.append(checked) }
        if let place = store.place(of: checked.reference) { store.cover(place) }
        if !lapses.contains(.persistsAfterSending) { actions.append(.broadcast(checked)) }
        return true
    }

    private mutating func nextBlock(at now: Instant) -> CheckedBlock? {
        guard let key, let seat else { return nil }
        let round = nextRound
        var payload = BlockPayload()
        let isOut = lapses.contains(.keepsSystemItemsOut)
        if !isOut { systemQueue.take(into: &payload) }
        let stall = store.highestRound.number - min(
            committer.head.round.number, store.highestRound.number)
        let late = lapses.contains(.keepsPayloadOutWhenLate) ? 0 : settings.lateRounds
        let isLate = round + late <= store.quorumRound
        let isStalled = stall > settings.payloadRounds && !lapses.contains(.addsPayloadInAStall)
        if !isLate, !isStalled {
            if isOut { systemQueue.take(into: &payload) }
            queue.take(into: &payload)
            if isQueueUrgent { hurriedThrough = max(hurriedThrough, round) }
            isQueueUrgent = isQueueUrgent && !queue.isEmpty
        }
        let header = BlockHeader(
            epoch: committee.epoch, round: round, author: seat, parents: parents(of: round),
            at: ownTime(at: now))
        return try? CheckedBlock(signing: header, payload: payload, in: committee, with: key)
    }

    /// No less than that of the own block before, unless the clock was far ahead when that was
    /// made.
    private func ownTime(at now: Instant) -> Instant {
        guard let before = lastOwnBlock?.header.time,
            before <= now.advanced(byNanoseconds: settings.futureTolerance)
        else { return now }
        return max(now, before)
    }

    /// The time from which the next own block may be made; nil while it may not.
    private mutating func proposalTime(at now: Instant) -> Instant? {
        guard seat != nil, halted == nil, isReady || lapses.contains(.signsBeforeReady)
        else { return nil }
        guard hasLastOwn else { return nil }
        let round = nextRound
        let before = round - 1
        let citable = store.authors(in: before).subtracting(shunned(before: round))
        let lack = lapses.contains(.proposesWithoutQuorum) ? 1 : 0
        guard citable.count >= committee.quorum - lack else { return nil }
        if quorumSeen?.round != before { quorumSeen = (before, now) }
        if round <= store.quorumRound { return now }
        // Who is alone has nobody to collect blocks from.
        let paced = lastProposal?.advanced(byNanoseconds: pace) ?? now
        guard before > .genesis, !isComplete(before) else { return paced }
        if lapses.contains(.waitsForLeadersForEver) { return nil }
        let since = quorumSeen?.since ?? now
        return max(paced, since.advanced(byNanoseconds: settings.leaderWait))
    }

    /// Whether the block that the next own one must name is accepted here, or pruned: a seat that
    /// takes over a state from others knows its own last block before that block's history.
    private var hasLastOwn: Bool {
        guard let lastOwn, !store.contains(lastOwn) else { return true }
        return store.prunedThrough.map { lastOwn.round <= $0 } ?? false
    }

    /// From one own block to the next, as things stand.
    private var pace: UInt64 {
        if isIdle { return settings.idleDelay }
        // Who is alone has nobody to collect blocks from.
        if committee.count == 1 { return 0 }
        return isCalm ? max(settings.calmDelay, settings.roundDelay) : settings.roundDelay
    }

    /// Nobody waits for what is to be put in order, and nobody has gone on.
    private var isCalm: Bool {
        !isQueueUrgent && systemQueue.isEmpty && hurriedThrough <= committer.head.round
            && store.highestRound < nextRound
    }

    /// Nothing waits for the order, here or elsewhere, and nobody has gone on.
    private var isIdle: Bool {
        if lapses.contains(.neverRests) { return false }
        let hasNothing = queue.isEmpty && systemQueue.isEmpty && carriers.isEmpty
        return (hasNothing || lapses.contains(.restsWithPayload)) && store.highestRound < nextRound
    }

    /// Whether a block over `before` gains nothing by waiting: the known leaders are here, but for
    /// those that are exposed or long silent, and the votes on the leaders one round earlier are
    /// as good as counted.
    private mutating func isComplete(_ before: Round) -> Bool {
        guard committer.isKnown(before) else { return true }
        let present = store.authors(in: before)
        let leadersAreHere = committer.knownLeaders(of: before).allSatisfy {
            present.contains($0) || store.exposed.contains($0)
                || store.newestRound(of: $0) + settings.silentRounds < before
                    && !lapses.contains(.waitsForSilentLeaders)
        }
        return (leadersAreHere || lapses.contains(.waitsForNoLeader))
            && (committer.isSettled(before - 1, in: store) || lapses.contains(.waitsForNoVotes))
    }

    /// Seats that a block of `round` does not name: those that made twins. Right above the last
    /// commit it may: seats that were away make no blocks in rounds that the order has passed, so
    /// without the blocks of a twin maker a round may hold no quorum, for ever.
    private func shunned(before round: Round) -> SeatSet {
        if lapses.contains(.namesExposedAuthors) { return SeatSet() }
        let isPassed = round <= committer.head.round + 1
        return isPassed && !lapses.contains(.alwaysShunsTwinMakers) ? SeatSet() : store.exposed
    }

    /// The own previous block, and of every other author not shunned its newest block below `round`
    /// that no own block covers yet.
    private func parents(of round: Round) -> [BlockReference] {
        var parents = lastOwn.map { [$0] } ?? []
        let shunned = shunned(before: round)
        let limit = lapses.contains(.namesOnlyAQuorum) ? committee.quorum : committee.count
        for author in committee.seats where author != seat && !shunned.contains(author) {
            if parents.count >= limit { break }
            if let newest = newestUncovered(of: author, below: round) { parents.append(newest) }
        }
        return parents
    }

    private func newestUncovered(of author: Seat, below round: Round) -> BlockReference? {
        var candidate = min(round - 1, store.newestRound(of: author))
        while true {
            if let place = store.firstPlace(of: author, in: candidate) {
                return store.isCovered(place) ? nil : store.name(at: place)
            }
            if candidate == .genesis || candidate <= store.prunedThrough ?? .genesis { return nil }
            candidate = candidate - 1
        }
    }

    /// Sends the last own block again when no other follows, and asks for what is missing.
    mutating func retry(at now: Instant, into actions: inout [Action]) {
        if let block = lastOwnBlock, isStuck(at: now),
            lastSent.advanced(byNanoseconds: settings.retryAfter) <= now
        {
            lastSent = now
            if !lapses.contains(.neverResends) { actions.append(.broadcast(block)) }
        }
        for request in fetching.requests(at: now, store, own: seat) {
            actions.append(
                .request(request.references, above: store.quorumRound, from: request.peer))
        }
    }

    private mutating func isStuck(at now: Instant) -> Bool {
        halted == nil && proposalTime(at: now) == nil
    }

    /// Asks to be woken when only time is missing for the next thing to do.
    mutating func plan(at now: Instant, into actions: inout [Action]) {
        var times: [Instant] = []
        if let due = proposalTime(at: now) {
            times.append(due)
        } else if lastOwnBlock != nil, halted == nil {
            times.append(lastSent.advanced(byNanoseconds: settings.retryAfter))
        }
        if let due = fetching.wake(store) { times.append(due) }
        if let first = early.map(\.block.header.time.nanoseconds).min() {
            times.append(Instant(nanoseconds: first - min(first, settings.futureTolerance)))
        }
        guard let next = times.min().map({ max($0, now) }) else { return }
        if let planned, planned == next, planned > now { return }
        planned = next
        actions.append(.wake(next))
    }
}
