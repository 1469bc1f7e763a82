// Carrying out what is in order, at its place, with the time of its commit.
import Consensus
import Ledger
import Primitives
import Records

extension Replica {
    /// Bodies asked for at once.
    static let mostWantedBodies = 64

    /// Goes on until the queue is empty or a body is missing.
    mutating func execute(at now: Instant, into actions: inout [Action]) {
        guard !isStopped else { return }
        var isMoving = false
        while let step = execution.first {
            switch step {
            case .update(let update, let time):
                guard carryOut(update, at: time, into: &actions) else {
                    askForBodies(at: now, into: &actions)
                    if isMoving { reconsider(at: now, into: &actions) }
                    return
                }
                isMoving = true
            case .certificate(let certificate): finish(certificate)
            case .ordered(let ordered, let author, let time):
                take(ordered, from: author, at: time, now: now, into: &actions)
                if isStopped { return }
            case .end(let summary): end(summary, at: now, into: &actions)
            }
            if case .end = step { continue }
            execution.removeFirst()
        }
        execution.askedAt = nil
        if isMoving { reconsider(at: now, into: &actions) }
    }

    /// Carries an update out if it is the next of its chain and passes it over if not; false where
    /// its body is not here.
    private mutating func carryOut(
        _ update: Update, at time: Instant, into actions: inout [Action]
    ) -> Bool {
        let head = head(of: update)
        guard update.sequence == head.sequence + 1, update.attempt == head.attempt,
            update.previous.map({ $0 == head.digest }) ?? true
        else { return true }
        guard let entry = pool[update.digest] else { return false }
        let outcome: Settled
        switch entry.body {
        case .batch(let batch):
            outcome = Ledger.settle(batch, totals: entry.totals, at: time, to: &state)
        case .operation(let operation):
            outcome = Ledger.settle(operation, at: time, to: &state)
        }
        pool.take(update.digest)
        endUnlock(of: update.chain)
        if contested.contains(update.chain) { refuseRivals(of: update, into: &actions) }
        work.append(.locks(.executed(chain: update.chain, head: self.head(of: update))))
        guard outcome != .misplaced else { return true }
        // What is in order is final, whether or not confirms came first.
        if entry.isOwn, !entry.isFinal { actions.append(.final([update.digest])) }
        let done = Execution(body: entry.body, outcome: outcome, time: time)
        sealing.pending.append(done.item)
        actions.append(.executed(done))
        return true
    }

    /// A certificate whose updates all had their turn need not be put in order again.
    private mutating func finish(_ certificate: CheckedCertificate) {
        let isDone = certificate.updates.allSatisfy { update in
            let head = head(of: update)
            return update.sequence <= head.sequence || update.attempt < head.attempt
        }
        if isDone {
            work.append(.locks(.sequenced(certificate.reference)))
        } else if certificate.proposal.gateway == seat,
            execution.overtaken.count < Self.mostOvertaken
        {
            execution.overtaken.append(certificate)
        }
    }

    /// Own certificates that were in order too early, at most; the rest comes again by and by.
    private static let mostOvertaken = 1024

    /// Puts own certificates in order again whose turn has come.
    private mutating func bringOvertaken() {
        guard !execution.overtaken.isEmpty else { return }
        let isNext = execution.overtaken.map { certificate in
            certificate.updates.contains { $0.sequence <= head(of: $0).sequence + 1 }
        }
        let ready = zip(execution.overtaken, isNext).filter(\.1).map(\.0)
        guard !ready.isEmpty else { return }
        execution.overtaken.removeAll { ready.contains($0) }
        put(ready.map { .certificate($0.certificate) })
    }

    /// The end of a commit: the place for checkpoints and for the end of an epoch.
    private mutating func end(
        _ summary: CommitSummary, at now: Instant, into actions: inout [Action]
    ) {
        execution.removeFirst()
        execution.trail.follow(
            summary.head, summary.blocks.map(\.reference), depth: settings.commits.depth)
        actions.append(.committed(summary))
        bringOvertaken()
        let isLast = flow.isOver(quorum: view.quorum)
        if isLast || sealing.isDue(at: summary.head.time, settings) {
            seal(at: summary.head.time, closing: isLast, now: now, into: &actions)
        }
        if isLast {
            turn(at: summary.head.time, now: now, into: &actions)
        } else {
            closeIfDue(at: summary.head.time)
        }
    }

    private mutating func askForBodies(at now: Instant, into actions: inout [Action]) {
        guard !isReplaying, view.count > 1 else { return }
        if let asked = execution.askedAt,
            now < asked.advanced(byNanoseconds: settings.retryNanoseconds)
        {
            alarms.set(
                .bodies, at: asked.advanced(byNanoseconds: settings.retryNanoseconds))
            return
        }
        let missing = execution.waiting(limit: 4 * Self.mostWantedBodies)
            .map(\.digest).filter { pool[$0] == nil }.prefix(Self.mostWantedBodies)
        execution.askedAt = now
        execution.outstanding = Set(missing)
        execution.asked &+= 1
        let peers = others
        guard !peers.isEmpty, !missing.isEmpty else { return }
        let peer = peers[(execution.asked & 0xFFFF) % peers.count]
        actions.append(.send(.bodiesWanted(Array(missing)), to: peer))
        alarms.set(.bodies, at: now.advanced(byNanoseconds: settings.retryNanoseconds))
    }

    /// The keys of the other seats.
    var others: [PublicKey] { view.keys.filter { $0 != key?.publicKey } }

    /// Bodies that were asked for.
    mutating func take(_ bodies: [Body], at now: Instant, into actions: inout [Action]) {
        let wanted = Set(execution.waiting(limit: 4 * Self.mostWantedBodies).map(\.digest))
        for body in bodies where wanted.contains(body.digest) && pool[body.digest] == nil {
            actions.append(.record(.body(now, body)))
            pool.put(body, at: now)
        }
        for body in bodies { note(rival: body) }
        // An answer comes in many messages: to ask again at each would be answered with as many
        // again.
        execution.outstanding.subtract(bodies.map(\.digest))
        if execution.outstanding.isEmpty { execution.askedAt = nil }
        execute(at: now, into: &actions)
    }
}
