// The gateway's part: batch what clients submit, collect votes and confirms, send again.
import Primitives

extension FastPath {
    // Submitting

    mutating func submit(
        _ submissions: [Submission], at now: Instant, into actions: inout [Action]
    ) {
        for submission in submissions {
            let update = submission.update
            guard seat != nil, pending.count + delayedCount < settings.waitingUpdates else {
                actions.append(.rejected(update, [.overLimit]))
                continue
            }
            track(update.chain, submission.head, into: &actions)
            chains[update.chain]?.pins += 1
            let until = now.advanced(byNanoseconds: settings.patience)
            let item = DelayedUpdate(update: update, bytes: submission.bytes, until: until)
            admit(item, at: now, into: &actions)
        }
    }

    /// Puts a pinned update where it belongs: into the next proposal, aside until the one before it
    /// is here, or back to the client.
    private mutating func admit(
        _ item: DelayedUpdate, at now: Instant, into actions: inout [Action]
    ) {
        guard let seat else { return }
        let update = item.update
        switch lock(update, for: seat) {
        case nil: append(item, at: now)
        case .held? where chains[update.chain]?.slots[update.sequence]?.certified == nil:
            append(item, at: now)
        case .gap?, .early?:
            delayed[update.chain, default: []].append(item)
            delayedCount += 1
            timers.set(.patience(update.chain), at: item.until)
        case let reason?: reject(update, [reason], into: &actions)
        }
    }

    private mutating func append(_ item: DelayedUpdate, at now: Instant) {
        pending.append(Pending(update: item.update, bytes: item.bytes))
        pendingBytes += item.bytes
        guard pendingSince == nil else { return }
        pendingSince = now
        timers.set(.flush, at: now.advanced(byNanoseconds: settings.window))
        if settings.crowdedWindow > settings.window {
            timers.set(.flush, at: now.advanced(byNanoseconds: settings.crowdedWindow))
        }
    }

    private mutating func reject(
        _ update: Update, _ reasons: [RejectReason], into actions: inout [Action]
    ) {
        actions.append(.rejected(update, reasons))
        unpin(update.chain)
    }

    private mutating func unpin(_ chain: ChainKey) {
        chains[chain]?.pins -= 1
        drop(chain)
    }

    /// Looks again at the updates that waited for something in chains that moved.
    mutating func admitMoved(at now: Instant, into actions: inout [Action]) {
        while !moved.isEmpty {
            let chains = moved
            moved = []
            for chain in chains {
                let waiting = delayed.removeValue(forKey: chain) ?? []
                delayedCount -= waiting.count
                for item in waiting.sorted(by: { $0.update.sequence < $1.update.sequence }) {
                    admit(item, at: now, into: &actions)
                }
            }
        }
    }

    /// Gives back the updates of a chain that waited long enough.
    mutating func giveUp(_ chain: ChainKey, at now: Instant, into actions: inout [Action]) {
        guard let waiting = delayed[chain] else { return }
        let rest = waiting.filter { $0.until > now }
        delayed[chain] = rest.isEmpty ? nil : rest
        delayedCount -= waiting.count - rest.count
        for item in waiting where item.until <= now { reject(item.update, [.gap], into: &actions) }
    }

    // Proposing

    func isFlushDue(at now: Instant) -> Bool {
        guard let pendingSince, !pending.isEmpty, outstanding.count < settings.proposals else {
            return false
        }
        if pending.count >= settings.proposalItems || pendingBytes >= settings.proposalBytes {
            return true
        }
        return pendingSince.advanced(byNanoseconds: flushWindow) <= now
    }

    /// How long updates are collected as things stand.
    private var flushWindow: UInt64 {
        uncertifiedCount < settings.uncertified
            ? settings.window : max(settings.window, settings.crowdedWindow)
    }

    mutating func flush(at now: Instant, into actions: inout [Action]) {
        while isFlushDue(at: now) {
            let items = nextItems()
            pending.removeFirst(items.count)
            pendingBytes -= items.reduce(0) { $0 + $1.bytes }
            if pending.isEmpty { pendingSince = nil }
            propose(items.map(\.update), at: now, into: &actions)
        }
    }

    /// As many as one proposal takes, by number and bytes; at least one.
    private func nextItems() -> [Pending] {
        var bytes = 0
        let most = min(settings.proposalItems, Proposal.itemLimit)
        let end = pending.prefix(most).firstIndex {
            bytes += $0.bytes
            return bytes > settings.proposalBytes
        }
        return Array(pending.prefix(max(1, end ?? most)))
    }

    private mutating func propose(
        _ items: [Update], at now: Instant, into actions: inout [Action]
    ) {
        guard let seat else { return }
        lastNumber += 1
        let proposal = Proposal(
            epoch: committee.epoch, gateway: seat, number: lastNumber, items: items)
        let digest = proposal.digest(chain: committee.chain)
        let due = now.advanced(byNanoseconds: settings.retryAfter)
        outstanding[digest] = OutstandingProposal(
            proposal, digest: digest, seats: committee.count, dueAt: due)
        uncertifiedCount += 1
        timers.set(.resend(digest), at: due)
        list(items, of: digest)
        let others = committee.seats.filter { $0 != seat }
        if !others.isEmpty { actions.append(.propose(proposal, to: others)) }
        var rejections: [Rejection] = []
        for (index, item) in items.enumerated() {
            guard let reason = lock(item, for: seat) else { continue }
            rejections.append(Rejection(index: index, reason: reason))
        }
        if let vote = sign(proposal, rejections, into: &actions) {
            collect(vote, rejections, at: now, into: &actions)
        }
    }

    /// Notes where the slots of a proposal stand, and which of them stand elsewhere with another
    /// update.
    private mutating func list(_ items: [Update], of digest: Digest) {
        for (index, item) in items.enumerated() {
            for other in proposed[item.slot] ?? []
            where outstanding[other.proposal]?.proposal.items[other.index].digest != item.digest {
                outstanding[other.proposal]?.contested.append(other.index)
                outstanding[digest]?.contested.append(index)
            }
            if let certified = chains[item.chain]?.slots[item.sequence]?.certified,
                certified.digest != item.digest
            {
                outstanding[digest]?.contested.append(index)
            }
            proposed[item.slot, default: []].append((digest, index))
        }
    }

    // Collecting

    /// Whether a vote on this proposal can still change anything; if not, its signature need not be
    /// checked.
    public func awaitsVotes(on proposal: Digest) -> Bool {
        guard let entry = outstanding[proposal] else { return false }
        return !entry.certified.isFull || !entry.contested.isEmpty
    }

    /// Whether a confirm of this proposal can still change anything.
    public func awaitsConfirms(of proposal: Digest) -> Bool { outstanding[proposal] != nil }

    mutating func collect(
        _ vote: LockVote, _ rejections: [Rejection], at now: Instant,
        into actions: inout [Action]
    ) {
        guard outstanding[vote.proposal]?.take(vote, rejections) == true else { return }
        accuse(vote.voter, on: vote.proposal, into: &actions)
        let quorum = rules.certificateQuorum
        if let certificate = outstanding[vote.proposal]?.nextCertificate(quorum: quorum) {
            publish(certificate, at: now, into: &actions)
        }
        let least = committee.count - rules.certificateQuorum + 1
        for (update, reasons) in outstanding[vote.proposal]?.takeRefused(least: least) ?? [] {
            actions.append(.rejected(update, reasons))
        }
        finishProposal(vote.proposal)
    }

    private mutating func publish(
        _ certificate: CheckedCertificate, at now: Instant, into actions: inout [Action]
    ) {
        guard let seat, let entry = outstanding[certificate.reference.proposal] else { return }
        let fresh = certificate.certified.subtracting(entry.certified)
        if entry.certificate == nil { uncertifiedCount -= 1 }
        outstanding[entry.digest]?.certificate = certificate
        let others = committee.seats.filter { $0 != seat }
        if !others.isEmpty { actions.append(.certify(certificate, to: others)) }
        actions.append(.certified(fresh.indices.map { entry.proposal.items[$0] }))
        actions.append(.reference(certificate))
        let heads = certificate.updates.map { chains[$0.chain]?.head ?? .start }
        receive(certificate, heads: heads, at: now, into: &actions)
    }

    mutating func collect(_ confirm: Confirm, into actions: inout [Action]) {
        guard outstanding[confirm.proposal]?.take(confirm) == true,
            let reached = outstanding[confirm.proposal]?.takeFinal(quorum: rules.finalQuorum),
            let entry = outstanding[confirm.proposal]
        else { return }
        let finality = Finality(
            epoch: committee.epoch, proposal: confirm.proposal, confirms: reached.confirms)
        actions.append(.final(reached.items.indices.map { entry.proposal.items[$0] }, finality))
        finishProposal(confirm.proposal)
    }

    private mutating func finishProposal(_ digest: Digest) {
        if outstanding[digest]?.isFinished == true { abandon(digest) }
    }

    private mutating func abandon(_ digest: Digest) {
        guard let entry = outstanding.removeValue(forKey: digest) else { return }
        if entry.certificate == nil { uncertifiedCount -= 1 }
        for item in entry.proposal.items {
            proposed[item.slot]?.removeAll { $0.proposal == digest }
            if proposed[item.slot]?.isEmpty == true { proposed[item.slot] = nil }
            unpin(item.chain)
        }
    }

    // Time and the end

    /// Times that the patience between two sendings doubles, at most.
    private static let mostDoublings = 2

    mutating func resend(_ digest: Digest, at now: Instant, into actions: inout [Action]) {
        guard let seat, let entry = outstanding[digest], entry.dueAt <= now else { return }
        guard entry.tries < settings.retries else {
            for (update, reasons) in outstanding[digest]?.refuse(entry.undecided) ?? [] {
                actions.append(.rejected(update, reasons))
            }
            return abandon(digest)
        }
        let patience = settings.retryAfter << UInt64(min(entry.tries + 1, Self.mostDoublings))
        let due = now.advanced(byNanoseconds: patience)
        outstanding[digest]?.tries += 1
        outstanding[digest]?.dueAt = due
        timers.set(.resend(digest), at: due)
        let voters = isClosing ? [] : entry.unvoted(besides: seat)
        if !voters.isEmpty { actions.append(.propose(entry.proposal, to: voters)) }
        if let certificate = entry.certificate {
            let silent = entry.unconfirmed(besides: seat)
            if !silent.isEmpty { actions.append(.certify(certificate, to: silent)) }
        }
    }

    /// Gives back all that is not certified.
    mutating func endCollecting(into actions: inout [Action]) {
        for item in pending { reject(item.update, [.closed], into: &actions) }
        pending = []
        pendingBytes = 0
        pendingSince = nil
        for chain in delayed.keys.sorted() {
            for item in delayed[chain] ?? [] { reject(item.update, [.closed], into: &actions) }
        }
        delayed = [:]
        delayedCount = 0
        moved = []
        let entries = outstanding.values.sorted { $0.proposal.number < $1.proposal.number }
        for entry in entries {
            for (update, _) in outstanding[entry.digest]?.refuse(entry.undecided) ?? [] {
                actions.append(.rejected(update, [.closed]))
            }
            if entry.certificate == nil { abandon(entry.digest) }
        }
    }

    // Evidence

    /// Looks for a second lock of `seat` where an item of the proposal is contested.
    mutating func accuse(_ seat: Seat, on digest: Digest, into actions: inout [Action]) {
        guard let entry = outstanding[digest], !accused.contains(seat) else { return }
        for index in entry.contested {
            guard let own = entry.lock(of: seat, at: index) else { continue }
            let item = entry.proposal.items[index]
            for other in locks(of: seat, at: item.slot) where other.locked?.digest != item.digest {
                accused.insert(seat)
                actions.append(.accuse(LockEvidence(first: own, second: other)))
                return
            }
        }
    }

    /// The locks of a seat for a slot that own proposals and the certificate held of it show.
    private func locks(of seat: Seat, at slot: UpdateSlot) -> [SignedLock] {
        var found = (proposed[slot] ?? []).compactMap {
            outstanding[$0.proposal]?.lock(of: seat, at: $0.index)
        }
        if let reference = chains[slot.chain]?.slots[slot.sequence]?.certified?.reference,
            let certificate = held[reference]?.certificate
        {
            found += certificate.locks(of: seat, at: slot)
        }
        return found
    }

    /// A certificate came: own proposals of its slots for other updates are contested.
    mutating func contest(_ certificate: CheckedCertificate, into actions: inout [Action]) {
        for update in certificate.updates {
            for place in proposed[update.slot] ?? [] {
                guard let entry = outstanding[place.proposal],
                    entry.proposal.items[place.index].digest != update.digest
                else { continue }
                outstanding[place.proposal]?.contested.append(place.index)
                for seat in committee.seats { accuse(seat, on: place.proposal, into: &actions) }
            }
        }
    }
}

extension CheckedCertificate {
    /// The locks of `seat` for `slot` that the votes show.
    func locks(of seat: Seat, at slot: UpdateSlot) -> [SignedLock] {
        guard let vote = certificate.votes.first(where: { $0.seat == seat }) else { return [] }
        return proposal.items.indices.filter { proposal.items[$0].slot == slot }
            .map { SignedLock(proposal: proposal, vote: vote, index: $0) }
            .filter { $0.locked != nil }
    }
}
