// The node: one owner of the state, which wires the replica to its store, its network and the
// batches it fills from submissions.
//
// A node lives on one thread. Its caller gives it submissions, messages of other validators and
// questions, and calls `advance` when the time it last returned has come. What is given between
// `beginTurn` and `endTurn` is stepped first and committed once; a call outside is a turn of its
// own.
// Nothing leaves the node, no answer and no message, before everything recorded before it is
// durable. A failed commit answers everything that waited with a failure, drops the state in
// memory, and opens the store again.
import Cryptography
import Environment
import Ledger
import Primitives
import Records
import Replica
import Storage

public final class Node {
    public let genesis: Genesis
    public let settings: NodeSettings
    let clock: any Clock
    let keys: NodeKeys
    let opening: StoreOpening
    /// The store and the state in memory; nil while the disk fails.
    private(set) var working: Working?
    /// While the disk fails: when to try again, by the monotonic clock.
    private var reopenAt: UInt64 = 0
    private var turnDepth = 0
    /// When the turn began, by the monotonic clock.
    private var turnStart: UInt64 = 0
    private var clockWatch = ClockWatch()
    /// Called on the node's thread for everything that became durable.
    public var onEvent: (NodeEvent) -> Void = { _ in }
    /// Called on the node's thread after every turn that ended with a commit.
    public var onTurn: (TurnTimes) -> Void = { _ in }
    /// Takes what is to be sent to other validators; on the node's thread.
    public var network = NodeNetwork()

    /// Opens or creates the store and replays what the index or the snapshot do not hold yet.
    ///
    /// - Parameter genesis: made into the first entry of a new store; demanded of one that exists.
    public init(
        genesis: Genesis, keys: NodeKeys, settings: NodeSettings, opening: StoreOpening,
        clock: any Clock
    ) throws(NodeFailure) {
        self.genesis = genesis
        self.settings = settings
        self.clock = clock
        self.keys = keys
        self.opening = opening
        working = try load()
        turn {}
    }

    private func load() throws(NodeFailure) -> Working {
        let replica = Replica(genesis: genesis, key: keys.validator, settings: settings.replica)
        return try Self.load(
            replica, submitter: keys.submitter, settings: settings, opening: opening, clock: clock)
    }

    /// The id under which this node submits what its gateway takes in.
    public var submitter: SubmitterID { SubmitterID(key: keys.submitter.publicKey) }

    /// Whether the store can be written; false between a failure of the disk and the next opening.
    public var isWritable: Bool { working != nil }

    // MARK: Taking in

    /// Adds the submissions to the open batch; `reply` is called once, when everything not refused
    /// is final.
    ///
    /// - Parameter isUrgent: closes the batch at the end of the turn, not at its age.
    public func submit(
        _ submissions: [Submission], owner: OwnerID, isUrgent: Bool = false,
        reply: @escaping (SubmissionOutcome) -> Void
    ) {
        guard let working = recovered() else { return reply(.storageFailed) }
        guard working.core.mayRecord(for: owner) else { return reply(.ownerRefused) }
        let waiter = Waiter(arrival: clock.monotonicNanoseconds()) { waiter, settlement in
            reply(SubmissionOutcome(settlement, waiter.recorded))
        }
        let request = Request(submissions, owner: owner, waiter: waiter)
        request.isUrgent = isUrgent
        step(waiter) { core, turn throws(StorageFailure) in
            try core.take(request, sealingAt: settings.batchRecords, turn)
        }
    }

    /// Submits an operation; `reply` is called once, when it is executed or refused.
    public func submit(
        _ operation: SignedOperation, reply: @escaping (LedgerOutcome) -> Void
    ) {
        submit(.operation(operation), reply: reply)
    }

    /// Submits a batch that somebody else sealed; `reply` is called once, when it is final or
    /// refused. The caller has checked it in itself, on a thread of its own.
    public func submit(_ batch: CheckedBatch, reply: @escaping (LedgerOutcome) -> Void) {
        submit(.batch(batch), reply: reply)
    }

    /// Keeps a metrics or logs request as it is; `reply` is called once, when it is durable or
    /// refused.
    ///
    /// - Parameter count: data points or log records in it.
    public func keep(
        _ kind: KeptSignal.Kind, _ request: [UInt8], count: UInt64, owner: OwnerID,
        reply: @escaping (KeepOutcome) -> Void
    ) {
        guard let working = recovered() else { return reply(.storageFailed) }
        guard working.core.mayRecord(for: owner) else { return reply(.ownerRefused) }
        let waiter = Waiter(arrival: clock.monotonicNanoseconds()) { _, settlement in
            if case .final = settlement { reply(.kept) } else { reply(.storageFailed) }
        }
        step(waiter) { core, turn throws(StorageFailure) in
            let digest = try turn.store.stage(request)
            var signal = KeptSignal(
                kind, time: turn.now, owner: owner, payload: digest, size: UInt64(request.count))
            signal.count = count
            _ = try turn.store.append(.signal(signal))
            turn.store.put(signal)
            core.outbox.append(.answer(waiter, .final))
        }
    }

    /// Keeps bytes under their digest; `reply` is called once, when they are durable or refused.
    ///
    /// - Parameter payload: at most `Limits.payloadBytes`.
    public func keep(
        payload: [UInt8], owner: OwnerID, reply: @escaping (KeepOutcome) -> Void
    ) {
        guard let working = recovered() else { return reply(.storageFailed) }
        guard working.core.mayRecord(for: owner) else { return reply(.ownerRefused) }
        let waiter = Waiter(arrival: clock.monotonicNanoseconds()) { _, settlement in
            if case .final = settlement { reply(.kept) } else { reply(.storageFailed) }
        }
        step(waiter) { core, turn throws(StorageFailure) in
            try turn.store.keep(payload)
            core.outbox.append(.answer(waiter, .final))
        }
    }

    private func submit(_ body: Body, reply: @escaping (LedgerOutcome) -> Void) {
        guard recovered() != nil else { return reply(.storageFailed) }
        let waiter = Waiter(arrival: clock.monotonicNanoseconds()) { waiter, settlement in
            reply(LedgerOutcome(settlement, of: body, number: waiter.number))
        }
        if case .batch = body { waiter.isBatch = true }
        step(waiter) { core, turn throws(StorageFailure) in
            // What was added before must not meet the state that this leaves behind.
            try core.seal(turn)
            core.submitters[body.digest, default: []].append(waiter)
            try core.step(.submit(body), turn)
        }
    }

    // MARK: Other validators

    /// Takes a message of an authenticated peer.
    public func receive(_ message: PeerMessage, from peer: PublicKey) {
        step { core, turn throws(StorageFailure) in
            try core.step(.message(message, from: peer), turn)
        }
    }

    /// A link to a peer is up.
    public func connected(_ peer: PublicKey) {
        step { core, turn throws(StorageFailure) in try core.step(.connected(peer), turn) }
    }

    // MARK: Turns

    /// Begins a turn: what is given from now on is committed with the call of `endTurn` that ends
    /// the outermost turn.
    public func beginTurn() {
        if turnDepth == 0 {
            turnStart = clock.monotonicNanoseconds()
            if clockWatch.isSetBack(wall: clock.now(), monotonic: turnStart) { startOver() }
        }
        turnDepth += 1
    }

    /// The wall clock was set back: whatever waits for a time would wait for as long again. What is
    /// under way is made durable, and the state comes again from the store, as after a start.
    private func startOver() {
        flush()
        guard let old = working else { return }
        working = nil
        old.close()
        for waiter in old.core.takeWaiters() { waiter.answer(.undecided) }
        reopenAt = 0
        _ = recovered()
    }

    /// Ends a turn: seals a batch that is old enough, lets the replica do what is due, makes
    /// everything durable with one commit, and lets out what waited for it.
    public func endTurn() {
        if turnDepth == 1 {
            finishTurn()
            network.flush()
        }
        turnDepth -= 1
    }

    private func turn(_ body: () -> Void) {
        beginTurn()
        body()
        endTurn()
    }

    /// Does what is due.
    ///
    /// - Returns: the nanoseconds until it should be called again.
    @discardableResult public func advance() -> UInt64 {
        turn {}
        return nanosecondsToNextDeadline
    }

    /// Seals the open batch, whatever its age, and makes everything durable.
    public func flush() {
        guard working != nil else { return }
        step { core, turn throws(StorageFailure) in try core.seal(turn) }
    }

    /// Makes everything durable and closes the store; nothing can be asked of the node after this.
    public func close() {
        flush()
        working?.close()
        working = nil
        reopenAt = .max
    }

    /// Runs `body` with the state, inside a turn.
    private func step(
        _ waiter: Waiter? = nil, _ body: (inout Core, Turn) throws(StorageFailure) -> Void
    ) {
        turn {
            guard let working = recovered() else {
                waiter?.answer(.storageFailed)
                return
            }
            if let waiter { working.core.room.enter(waiter) }
            do throws(StorageFailure) {
                try body(&working.core, thisTurn(working))
            } catch {
                fail(error)
            }
        }
    }

    private func thisTurn(_ working: Working) -> Turn {
        Turn(
            store: working.store, now: clock.now(), monotonic: clock.monotonicNanoseconds())
    }

    private func finishTurn() {
        guard let working = recovered() else { return }
        do throws(StorageFailure) {
            try doWhatIsDue(working)
            if working.core.hasToCommit(working.store) {
                working.core.mustCommit = false
                let worked = clock.monotonicNanoseconds() &- turnStart
                let views = try working.store.commit(clock)
                var times = working.store.times
                times.work = worked
                onTurn(times)
                try working.core.trimRuns(working.store)
                deliver(working.core.takeOutbox(), views, working)
            }
        } catch {
            return fail(error)
        }
        // Who was answered may have met a failure of the disk since.
        guard let working = self.working else { return }
        working.compaction?.advance(at: clock.monotonicNanoseconds(), working.store)
    }

    private func doWhatIsDue(_ working: Working) throws(StorageFailure) {
        let turn = thisTurn(working)
        try working.core.takeReady(sealingAt: settings.batchRecords, turn)
        if isOpenBatchDue(working.core) { try working.core.seal(turn) }
        // One tick may make the next one due; more than a few are left to the next turn.
        for _ in 0..<Self.mostTicks {
            guard let wakeAt = working.core.wakeAt, wakeAt <= turn.now else { break }
            working.core.wakeAt = nil
            try working.core.step(.tick, turn)
        }
        let timeout = settings.answerTimeoutNanoseconds
        working.offers.sweep(at: turn.monotonic)
        guard turn.monotonic >= timeout else { return }
        for waiter in working.core.room.take(until: turn.monotonic - timeout) {
            working.core.outbox.append(.answer(waiter, .undecided))
        }
    }

    /// Ticks of the replica in one turn, at most.
    private static let mostTicks = 8

    private func isOpenBatchDue(_ core: Core) -> Bool {
        guard !core.open.isEmpty else { return false }
        if core.open.isUrgent { return true }
        return clock.monotonicNanoseconds() &- core.open.openedAt >= settings.batchAgeNanoseconds
    }

    /// The nanoseconds until `advance` should be called.
    public var nanosecondsToNextDeadline: UInt64 {
        guard let working else { return settings.reopenIntervalNanoseconds }
        var next = UInt64.max
        if let wakeAt = working.core.wakeAt { next = wakeAt.nanoseconds(since: clock.now()) }
        let now = clock.monotonicNanoseconds()
        func note(_ start: UInt64, _ limit: UInt64) {
            let age = now &- start
            next = min(next, age >= limit ? 0 : limit - age)
        }
        if !working.core.open.isEmpty {
            note(working.core.open.openedAt, settings.batchAgeNanoseconds)
        }
        if let oldest = working.core.room.oldestArrival() {
            note(oldest, settings.answerTimeoutNanoseconds)
        }
        if let wait = working.compaction?.nanosecondsToNext(at: now) { next = min(next, wait) }
        return next
    }

    // MARK: Letting out

    private func deliver(
        _ deliveries: [Core.Delivery], _ views: [BatchView], _ working: Working
    ) {
        let now = clock.monotonicNanoseconds()
        working.core.noteCommitted(at: now)
        let first = views.first?.number ?? 0
        for delivery in deliveries {
            switch delivery {
            case .answer(let waiter, let settlement): answer(waiter, settlement, at: now)
            case .event(let event): onEvent(event)
            case .batch(let number):
                // The views of one commit have consecutive numbers.
                if number >= first, number - first < UInt64(views.count) {
                    onEvent(.batch(views[Int(number - first)]))
                }
            case .checkpointFinal(let records, let arrival):
                onEvent(.checkpointFinal(records: records, nanoseconds: now &- arrival))
            case .send(let message, let peer): network.send(message, peer)
            case .broadcast(let message): network.broadcast(message)
            case .serve(let wanted, let peer): serve(wanted, to: peer, working)
            }
        }
    }

    private func answer(_ waiter: Waiter, _ settlement: Settlement, at now: UInt64) {
        let records = waiter.recorded.recorded
        if case .final = settlement, records > 0, !waiter.isAnswered {
            onEvent(.agentFinal(records: records, nanoseconds: now &- waiter.arrival))
        }
        waiter.answer(settlement)
    }

    // MARK: A disk that fails

    /// Everything that waits is told so; the state in memory is dropped, for it is ahead of the
    /// disk.
    private func fail(_ failure: StorageFailure) {
        guard let failed = working else { return }
        reopenAt = clock.monotonicNanoseconds() &+ settings.reopenIntervalNanoseconds
        working = nil
        failed.close()
        for waiter in failed.core.takeWaiters() { waiter.answer(.storageFailed) }
        onEvent(.storageFailed(failure))
    }

    /// The store and state, opened again where the disk failed and it is time to try.
    private func recovered() -> Working? {
        if let working { return working }
        guard clock.monotonicNanoseconds() >= reopenAt else { return nil }
        do {
            working = try load()
            onEvent(.storageRecovered)
        } catch {
            reopenAt = clock.monotonicNanoseconds() &+ settings.reopenIntervalNanoseconds
        }
        return working
    }
}

/// The keys a node signs with.
public struct NodeKeys: Sendable {
    /// Signs blocks, locks and checkpoints where it has a seat.
    public var validator: SigningKey
    /// Signs the batches that the gateway fills.
    public var submitter: SigningKey

    public init(validator: SigningKey, submitter: SigningKey) {
        self.validator = validator
        self.submitter = submitter
    }
}
