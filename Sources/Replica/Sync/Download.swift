// Taking over the state from others, where a seat is too far behind to follow the graph.
import Consensus
import Ledger
import Merkle
import Primitives
import Records

/// A snapshot that is being fetched.
struct Download: Sendable {
    var peer: PublicKey
    var request: SnapshotRequest
    var askedAt: Instant
    var checkpoint: Checkpoint?
    var steps: [EpochStep] = []
    var entries: [SnapshotEntry] = []
    var bytes = 0
}

extension Replica {
    /// Bytes of a snapshot, at most.
    static let mostSnapshotBytes = 8 << 30
    /// Nanoseconds after which an unanswered question goes to another peer.
    static let downloadPatience = 5 * Nanoseconds.perSecond

    /// Begins to fetch a snapshot where `status` shows that the graph cannot be followed.
    mutating func considerDownload(
        _ status: SeatStatus, from peer: PublicKey, at now: Instant, into actions: inout [Action]
    ) {
        guard download == nil, !isReplaying, !isStopped, isBehind(status) else { return }
        // One seat alone may lie.
        let ahead = others.count { contacts.statuses[$0].map(isBehind) ?? false }
        guard ahead >= view.someHonest else { return }
        // Answered first: a state of another history is not taken over.
        askForHistory(of: peer, into: &actions)
        ask(peer, SnapshotRequest(height: 0, epoch: epoch, part: 0), at: now, into: &actions)
    }

    /// Whether the graph cannot be followed to where a peer is.
    private func isBehind(_ status: SeatStatus) -> Bool {
        guard status.height > sealedHeight else { return false }
        return status.epoch > epoch
            || status.epoch == epoch && status.floor > order.committer.head.round
    }

    /// The height of the newest checkpoint that follows from what was carried out here; to take
    /// over an older state would be to forget what this seat signed since.
    private var sealedHeight: UInt64 { sealing.newest?.height ?? 0 }

    private mutating func ask(
        _ peer: PublicKey, _ request: SnapshotRequest, at now: Instant,
        into actions: inout [Action]
    ) {
        if download == nil || request.part == 0 {
            download = Download(peer: peer, request: request, askedAt: now)
        }
        download?.request = request
        download?.askedAt = now
        actions.append(.send(.snapshotWanted(request), to: peer))
        alarms.set(.download, at: now.advanced(byNanoseconds: Self.downloadPatience))
    }

    /// Gives a download up that goes on no more; the next status begins another.
    mutating func continueDownload(at now: Instant, into actions: inout [Action]) {
        guard let current = download else { return }
        let due = current.askedAt.advanced(byNanoseconds: Self.downloadPatience)
        if now >= due { download = nil } else { alarms.set(.download, at: due) }
    }

    mutating func take(
        _ part: SnapshotPart, from peer: PublicKey, at now: Instant, into actions: inout [Action]
    ) {
        guard var current = download, !isStopped, current.peer == peer,
            current.request.part == part.part
        else { return }
        if part.part == 0 {
            guard isTrusted(part) else { return download = nil }
            current.checkpoint = part.checkpoint
            current.steps = part.steps
        }
        guard part.checkpoint == current.checkpoint else { return download = nil }
        current.entries += part.entries
        current.bytes += part.entries.reduce(0) { $0 + $1.value.count + 64 }
        guard current.bytes <= Self.mostSnapshotBytes else { return download = nil }
        download = current
        guard part.isLast else {
            let request = SnapshotRequest(
                height: part.checkpoint.header.height, epoch: current.request.epoch,
                part: part.part + 1)
            return ask(peer, request, at: now, into: &actions)
        }
        download = nil
        adopt(
            Snapshot(
                checkpoint: part.checkpoint, steps: current.steps, entries: current.entries),
            at: now, into: &actions)
    }

    /// Whether the committees known here lead to one that certified the checkpoint.
    private func isTrusted(_ part: SnapshotPart) -> Bool {
        guard part.checkpoint.header.height > sealedHeight else { return false }
        var trail = CommitteeTrail(chain: genesis.digest, epoch: epoch, committee: committee)
        for step in part.steps {
            do { try trail.extend(by: step) } catch { return false }
        }
        return trail.certifies(part.checkpoint)
    }

    /// Goes on from a snapshot, if its entries are what its checkpoint says.
    private mutating func adopt(
        _ snapshot: Snapshot, at now: Instant, into actions: inout [Action]
    ) {
        // While it was fetched the graph may have led further than the snapshot.
        guard snapshot.checkpoint.header.height > sealedHeight else { return }
        let kept = order.newestOwn
        let before = epoch
        let wasReady = order.isReady && !contacts.isAsking
        let promises = locks.records
        do throws(ReplayFailure) {
            try restore(
                checkpoint: snapshot.checkpoint,
                entries: snapshot.entries.map { ($0.key, $0.value) })
        } catch { return }
        actions.append(.adopted(snapshot))
        if before == epoch {
            // What this seat signed in the epoch must outlive the journal before the snapshot.
            for promise in promises {
                replay(promise)
                actions.append(.record(.locks(epoch: epoch, promise)))
            }
            var nothing: [Validator.Action] = []
            if let kept {
                order.replay(kept, into: &nothing)
                actions.append(.record(.block(kept.block)))
            }
        }
        // Promises of this run are in memory: nothing has to be asked for again.
        if wasReady { makeReady() } else { contacts.isAsking = true }
        answerOvertaken(into: &actions)
        resubmit(at: now)
        for peer in others { greet(peer, into: &actions) }
    }

    /// Own submissions that the adopted state has passed: what the heads of their chains lead back
    /// to was carried out, of the rest nobody here can tell.
    private mutating func answerOvertaken(into actions: inout [Action]) {
        var carriedOut: Set<Digest> = []
        let passed = pool.own.filter { $0.sequence <= head(of: $0).sequence }
        for body in passed.sorted(by: { $0.sequence > $1.sequence }) {
            pool.take(body.digest)
            let isHead = !head(of: body).digest.isZero && head(of: body).digest == body.digest
            guard isHead || carriedOut.contains(body.digest) else {
                actions.append(.refused(body.digest, .overtaken))
                continue
            }
            if let previous = body.update(attempt: 0).previous { carriedOut.insert(previous) }
            actions.append(.final([body.digest]))
        }
    }
}
