// How bodies come in: from this node's clients, and with the proposals of other gateways.
import Cryptography
import Ledger
import Primitives
import Records

import struct Consensus.ChainHead
import struct Consensus.Proposal
import enum Consensus.RejectReason
import struct Consensus.Seat
import struct Consensus.FastPath
import enum Consensus.LockRecord
import struct Consensus.Update

/// A proposal that the ledger does not allow yet: another seat's state is a commit ahead.
struct EarlyProposal: Sendable {
    var proposal: Proposal
    var bodies: [Body]
    var gateway: Seat
    var deadline: Instant
}

/// An own submission that is held back.
struct HeldSubmission: Sendable {
    var body: Body
    var since: Instant
}

extension Replica {
    /// Own submissions held back, at most; one more is refused.
    static let mostHeldSubmissions = 4096
    /// Proposals held back and their items, at most; one more is voted on as it stands.
    static let mostEarlyProposals = 256
    static let mostEarlyItems = 2048
    /// Nanoseconds after which it is looked at what is held back though nothing was carried out.
    static let heldBackInterval = 50 * Nanoseconds.perMillisecond
    /// Nanoseconds until an own submission is offered again that others could not take yet.
    static let postponement = 100 * Nanoseconds.perMillisecond
    /// Nanoseconds between two looks at what is held back, at least.
    static let reconsiderInterval = 2 * Nanoseconds.perMillisecond

    /// The last update of a body's chain that was carried out.
    func head(of body: Body) -> ChainHead { head(of: body.chain) }

    /// The last update of the chain of `update` that was carried out.
    func head(of update: Update) -> ChainHead { head(of: update.chain) }

    /// The last update of a chain that was carried out. Submitters' names are hashes of keys: no
    /// name is a key.
    func head(of chain: Digest) -> ChainHead {
        if let submitter = state.submitter(SubmitterID(chain)) {
            return head(chain, sequence: submitter.sequence, digest: submitter.last)
        }
        return head(
            chain, sequence: state.lastSequence(of: PublicKey(chain)), digest: Digest())
    }

    private func head(_ chain: Digest, sequence: UInt64, digest: Digest) -> ChainHead {
        ChainHead(
            sequence: sequence, digest: digest,
            attempt: chainAttempt(chain).attempt)
    }

    // MARK: This node's clients

    mutating func submit(_ body: Body, at now: Instant, into actions: inout [Action]) {
        let digest = body.digest
        guard seat != nil, halted == nil else {
            actions.append(.refused(digest, .notAValidator))
            return
        }
        if let known = pool[digest] {
            // It came with another gateway's proposal, or before this one started again: that
            // gateway may be gone.
            pool.put(body, isOwn: true, at: now)
            if !known.isOwn { offer([body]) }
            return
        }
        guard !pool.isFull else {
            actions.append(.refused(digest, .overloaded))
            return
        }
        admit(
            HeldSubmission(body: body, since: now), isWaiting: isUnderWay, at: now,
            into: &actions)
    }

    /// Takes an own submission in, or holds it back while what is under way may make it pass.
    private mutating func admit(
        _ submission: HeldSubmission, isWaiting: Bool, at now: Instant,
        into actions: inout [Action]
    ) {
        let body = submission.body
        let totals: BatchTotals?
        do {
            totals = try check(body, after: place(of: body), at: now)
        } catch {
            let mayPass = error.mayPass && !error.isForbidden || error.isAhead
            if mayPass, now < deadline(of: submission, isWaiting: isWaiting),
                held.count < Self.mostHeldSubmissions
            {
                held.append(submission)
                alarms.set(.heldBack, at: reconsiderAt(now))
            } else {
                actions.append(.refused(body.digest, .ledger(error)))
            }
            return
        }
        actions.append(.record(.body(now, body)))
        pool.put(body, totals: totals, isOwn: true, at: now)
        offer([body])
    }

    /// What an own submission has to follow: the last locked update of its chain. One for a place
    /// that is locked but not carried out contests that lock, or the chain would be stuck with an
    /// update that nobody offers any more.
    private func place(of body: Body) -> ChainHead {
        let carriedOut = head(of: body)
        guard let locked = locks.lockedHead(of: body.chain) else { return carriedOut }
        guard body.sequence > carriedOut.sequence, body.sequence <= locked.sequence else {
            return locked
        }
        return ChainHead(
            sequence: body.sequence - 1, digest: body.previous ?? Digest(), attempt: 0)
    }

    /// Until when a submission is held back: for long while anything is under way that could make
    /// it pass, and for the time that other seats may be ahead where nothing is.
    private func deadline(of submission: HeldSubmission, isWaiting: Bool) -> Instant {
        if isWaiting {
            return submission.since.advanced(byNanoseconds: settings.holdNanoseconds)
        }
        return view.count == 1
            ? submission.since
            : submission.since.advanced(byNanoseconds: settings.patienceNanoseconds)
    }

    private var isUnderWay: Bool {
        !pool.isEmpty || !held.isEmpty || !early.isEmpty || flow.isClosing
    }

    /// Gives own submissions to the fast path.
    mutating func offer(_ bodies: [Body]) {
        if !bodies.isEmpty { work.append(.offer(bodies)) }
    }

    /// An own submission cannot be certified as it stands. Where another update of its place is
    /// held, the order settles which of them goes on, and it is offered again after that.
    mutating func reject(
        _ update: Update, _ reasons: [RejectReason], at now: Instant,
        into actions: inout [Action]
    ) {
        guard let entry = pool[update.digest], entry.isOwn else { return }
        // It is offered again when the next epoch begins.
        if flow.isClosing || reasons.contains(.closed) { return }
        let head = head(of: update)
        let isOpen = update.sequence > head.sequence
        // It was offered again for the attempt that is open now.
        if isOpen, update.attempt < head.attempt { return }
        let rivals = reasons.compactMap { if case .held(let digest) = $0 { digest } else { nil } }
        // Too few answered, or they have to catch up first. It may have been locked, so that it is
        // offered until they take it.
        if isOpen, rivals.isEmpty, reasons.allSatisfy(\.isPassing) {
            return postpone(update.digest, at: now)
        }
        guard isOpen, let rival = rivals.first, update.attempt < Self.mostAttempts else {
            // Whoever contests a lock that stands here has to show what is locked.
            if locks.isLocked(update) {
                pool.disown(update.digest)
            } else {
                pool.take(update.digest)
            }
            let refusal = refusal(of: entry.body, reasons, at: now)
            actions.append(.refused(update.digest, refusal))
            return
        }
        contested.insert(update.chain)
        if let other = pool[rival] {
            put([.unlock(Conflict(SignedClaim(entry.body), SignedClaim(other.body)))])
        } else {
            disputes[rival] = update.digest
            for peer in others { actions.append(.send(.bodiesWanted([rival]), to: peer)) }
        }
    }

    /// What is told of an own submission that the committee does not certify: where somebody or a
    /// limit forbids it by now, that, since the others may have seen it first.
    private func refusal(
        of body: Body, _ reasons: [RejectReason], at now: Instant
    ) -> SubmitRefusal {
        let before = ChainHead(
            sequence: max(body.sequence, 1) - 1, digest: body.previous ?? Digest(), attempt: 0)
        do {
            _ = try check(body, after: before, at: now)
        } catch {
            if error.isForbidden { return .ledger(error) }
        }
        return .committee(reasons)
    }

    /// Offers an own submission again after a while.
    mutating func postpone(_ digest: Digest, at now: Instant) {
        guard !postponed.contains(where: { $0.digest == digest }) else { return }
        let due = now.advanced(byNanoseconds: Self.postponement)
        postponed.append((digest, due))
        alarms.set(.postponed, at: due)
    }

    /// Offers again what has waited long enough.
    mutating func offerPostponed(at now: Instant) {
        guard let first = postponed.first, first.due <= now else {
            if let first = postponed.first { alarms.set(.postponed, at: first.due) }
            return
        }
        let due = postponed.prefix { $0.due <= now }.map(\.digest)
        postponed.removeFirst(due.count)
        offer(due.compactMap { pool[$0] }.filter(\.isOwn).map(\.body))
        if let next = postponed.first { alarms.set(.postponed, at: next.due) }
    }

    /// Another update was carried out in the place of own submissions.
    mutating func refuseRivals(of update: Update, into actions: inout [Action]) {
        contested.remove(update.chain)
        for body in pool.own where body.chain == update.chain && body.sequence <= update.sequence {
            pool.take(body.digest)
            guard !isReplaying else { continue }
            actions.append(.refused(body.digest, .committee([.past])))
        }
    }

    /// Nothing can be submitted here any more.
    mutating func refuseOwn(into actions: inout [Action]) {
        let bodies = pool.own + held.map(\.body)
        held.removeAll()
        for body in bodies {
            pool.disown(body.digest)
            actions.append(.refused(body.digest, .notAValidator))
        }
    }

    /// The body that holds the place of an own submission has come.
    mutating func note(rival body: Body) {
        guard let own = disputes.removeValue(forKey: body.digest), let entry = pool[own] else {
            return
        }
        put([.unlock(Conflict(SignedClaim(entry.body), SignedClaim(body)))])
    }

    /// After so many voided attempts a submission is given up.
    static let mostAttempts: UInt32 = 8

    /// Whether the ledger would carry the body out after `head`.
    private func check(
        _ body: Body, after head: ChainHead, at now: Instant
    ) throws(LedgerFailure) -> BatchTotals? {
        let time = max(now, execution.trail.head.time)
        switch body {
        case .batch(let batch):
            return try Ledger.check(
                batch, head: .init(sequence: head.sequence, last: head.digest), at: time,
                in: state)
        case .operation(let operation):
            try Ledger.check(
                operation, lastSequence: head.sequence, at: time, in: state)
            return nil
        }
    }

    // MARK: Other gateways

    /// Votes on a proposal, or holds it back while the ledger may yet allow what it does not allow
    /// now.
    mutating func consider(
        _ early: EarlyProposal, at now: Instant, into actions: inout [Action]
    ) {
        let items = early.proposal.items
        var verdicts: [FastPath.Verdict] = []
        var mayPass = false
        var found: [BatchTotals?] = []
        let isFull = pool.isFull(for: early.gateway, of: view.count)
        for (item, body) in zip(items, early.bodies) {
            let head = head(of: item)
            let before = ChainHead(
                sequence: item.sequence - 1, digest: item.previous ?? Digest(), attempt: 0)
            do {
                found.append(try check(body, after: before, at: now))
                verdicts.append(
                    isFull && pool[body.digest] == nil
                        ? .refused(code: Self.fullCode) : .admissible(head: head))
            } catch {
                found.append(nil)
                mayPass = mayPass || error.mayPass
                verdicts.append(.refused(code: error.code))
            }
        }
        if mayPass, now < early.deadline, mayHold(early) {
            self.early.append(early)
            alarms.set(.heldBack, at: reconsiderAt(now))
            return
        }
        for (body, totals) in zip(early.bodies, found) where pool[body.digest] == nil {
            candidates[body.digest] = (body, totals)
        }
        work.append(
            .locks(.proposal(early.proposal, from: early.gateway, verdicts: verdicts)))
        drain(at: now, into: &actions)
        candidates.removeAll(keepingCapacity: true)
    }

    /// What was locked must be at hand when it is carried out: bodies are recorded before locks.
    mutating func keep(
        _ record: LockRecord, at now: Instant, into actions: inout [Action]
    ) {
        guard case .locked(let updates, let gateway) = record else { return }
        for update in updates {
            guard let (body, totals) = candidates.removeValue(forKey: update.digest),
                pool[update.digest] == nil
            else { continue }
            actions.append(.record(.body(now, body)))
            pool.put(body, totals: totals, gateway: gateway, at: now)
        }
    }

    /// The code of a refusal because this seat holds too much for the gateway.
    static let fullCode: UInt8 = 255

    private func mayHold(_ proposal: EarlyProposal) -> Bool {
        guard early.count < Self.mostEarlyProposals else { return false }
        let items = early.reduce(proposal.bodies.count) { $0 + $1.bodies.count }
        return items <= Self.mostEarlyItems
    }

    /// Nothing tells when another seat's state catches up: what is held back is looked at often
    /// enough.
    private func reconsiderAt(_ now: Instant) -> Instant {
        now.advanced(byNanoseconds: Self.heldBackInterval)
    }

    /// Looks again at what is held back: something was carried out, or time is up.
    mutating func reconsider(at now: Instant, into actions: inout [Action]) {
        guard !held.isEmpty || !early.isEmpty else { return }
        guard now >= reconsiderAt else { return alarms.set(.heldBack, at: reconsiderAt) }
        reconsiderAt = now.advanced(byNanoseconds: Self.reconsiderInterval)
        if !held.isEmpty {
            let waiting = held
            let isWaiting = isUnderWay
            held.removeAll()
            for submission in waiting {
                admit(submission, isWaiting: isWaiting, at: now, into: &actions)
            }
        }
        guard !early.isEmpty else { return }
        let waiting = early
        early.removeAll(keepingCapacity: true)
        for proposal in waiting { consider(proposal, at: now, into: &actions) }
    }
}
