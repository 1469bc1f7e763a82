// What a node holds in memory: the replica, the open batch, the runs in progress, and who waits for
// what.
import Cryptography
import Ledger
import Merkle
import Primitives
import Records
import Replica
import Storage

/// The state that a failed commit throws away. It is ahead of the disk until the store has
/// committed.
struct Core {
    var replica: Replica
    var open = OpenBatch()
    var runs = RunCache()
    /// Batches accepted since genesis; the number of the last one.
    var batchCount: UInt64 = 0
    /// The tile log over checkpoint headers.
    var log = TileLog()
    /// Accepted since the last checkpoint, in order.
    var unplaced: [Unplaced] = []
    /// Those whose records are all sealed or need no batch.
    private var sealedWaiting: [Waiting] = []
    /// Those with a record in the open batch.
    private var openWaiting: [Waiting] = []
    private var events: [NodeEvent] = []
    private var checkpointed: [(records: Int, arrival: UInt64)] = []
    private var agentIDs: [AgentName: AgentID] = [:]
    /// Signs what the gateway submits; nil where nothing is submitted.
    private let submitter: SigningKey?

    /// An item that waits for its checkpoint.
    struct Unplaced {
        var view: ItemView
        var records: Int
        /// By the monotonic clock; nil where it came from elsewhere.
        var arrival: UInt64?
    }

    private struct AgentName: Hashable {
        var owner: OwnerID
        /// UTF-8: as strings, two spellings of one text are equal, but they are two agents.
        var name: [UInt8]
    }

    /// Names kept at hand, at most.
    private static let cachedNames = 100_000

    init(replica: Replica, submitter: SigningKey?) {
        self.replica = replica
        self.submitter = submitter
    }

    // MARK: Submissions

    enum Addition {
        case added
        case duplicate
        case refused(SubmissionRefusal)
    }

    /// Whether `owner` let this node's gateway record for its agents.
    func mayRecord(for owner: OwnerID) -> Bool {
        guard let submitter else { return false }
        return replica.state.grant(owner, SubmitterID(key: submitter.publicKey))?.inForce == true
    }

    /// Adds one submission to the open batch.
    mutating func add(
        _ submission: Submission, owner: OwnerID, at now: Instant, _ monotonic: UInt64,
        _ store: Store
    ) throws(StorageFailure) -> Addition {
        if let refusal = Self.refusal(of: submission, at: now) { return .refused(refusal) }
        let key = RunKey(run: submission.run, owner: owner)
        var run = try take(key, store)
        defer { runs.put(run) }
        guard !run.contains(submission.operation) else { return .duplicate }
        guard let agent = try agent(of: submission, owner: owner, at: now, store) else {
            return .refused(.agentRefused)
        }
        guard agent.status == .registered || agent.status == .active else {
            return .refused(.agentNotActive)
        }
        guard hasHeadroom(agent.id) else { return .refused(.quantityTooLarge) }
        let payload = try store.stage(submission.payload)
        open.add(submission, agent: agent.id, payload: payload, to: &run, at: monotonic)
        return .added
    }

    /// The state of a run, out of memory or of the index; the caller puts it back.
    mutating func take(_ key: RunKey, _ store: Store) throws(StorageFailure) -> RunState {
        if let state = runs.take(key) { return state }
        return try store.run(key)
    }

    private static func refusal(of submission: Submission, at now: Instant) -> SubmissionRefusal? {
        if submission.payload.count > Limits.payloadBytes { return .payloadTooLarge }
        if submission.start > now.advanced(byNanoseconds: clockTolerance) {
            return .startInFuture
        }
        let tokens = submission.tokens
        let most = max(tokens.input, tokens.output, tokens.cached, tokens.reasoning)
        guard most <= Limits.tokensPerRecord, submission.cost <= Limits.costPerRecord else {
            return .quantityTooLarge
        }
        return nil
    }

    /// A full batch of the largest records must not overflow a total, or the ledger would refuse
    /// the batch.
    private func hasHeadroom(_ agent: AgentID) -> Bool {
        guard let usage = replica.state.usage(agent) else { return true }
        let half = UInt64.max / 2
        return max(usage.tokensInput, usage.tokensOutput) < half
            && max(usage.tokensCached, usage.tokensReasoning) < half && usage.gas < half
            && usage.cost.nanoCredits < UInt128.max / 2
    }

    /// The agent of that name, registered now where it is seen for the first time; nil where that
    /// is refused.
    private mutating func agent(
        of submission: Submission, owner: OwnerID, at now: Instant, _ store: Store
    ) throws(StorageFailure) -> Agent? {
        let name = AgentName(owner: owner, name: Array(submission.agentName.utf8))
        if let id = agentIDs[name] { return replica.state.agent(id) }
        let readable = readableName(submission.agentName, limit: Limits.nameBytes)
        let id = AgentID(owner: owner, name: readable)
        if replica.state.agent(id) == nil {
            guard let submitter else { return nil }
            let version = readableName(submission.agentVersion, limit: Limits.versionBytes)
            let profile = AgentProfile(version: submission.agentVersion.isEmpty ? "" : version)
            let operation = SignedOperation(
                chain: replica.genesis.digest, owner: owner,
                sequence: replica.state.lastSequence(of: submitter.publicKey) + 1,
                command: .agent(.register(name: readable, profile: profile)), key: submitter)
            guard case .accepted = try step(.operation(operation), at: now, arrival: nil, store)
            else { return nil }
        }
        if agentIDs.count >= Self.cachedNames { agentIDs.removeAll() }
        agentIDs[name] = id
        return replica.state.agent(id)
    }

    // MARK: Steps of the replica

    /// Closes the open batch as the next of this node's submitter.
    mutating func seal(at now: Instant, _ store: Store) throws(StorageFailure) {
        guard let key = submitter else { return }
        let id = SubmitterID(key: key.publicKey)
        guard let chain = replica.state.submitter(id) else { return }
        var header = BatchHeader()
        header.chain = replica.genesis.digest
        header.submitter = id
        header.sequence = chain.sequence + 1
        header.previous = chain.last
        header.closed = now
        let batch = CheckedBatch(sealing: open.columns, header: header, key: key)
        let names = open.names
        let arrival = open.openedAt
        open = OpenBatch()
        let outcome = try step(
            .batch(batch), at: now, arrival: arrival, store, names: { names[$0] })
        guard case .accepted = outcome else {
            // Every rule was checked when the records were added, so that this is a fault of ours:
            // the
            // senders are told that nothing was recorded, and the runs are read again from the
            // index.
            for waiting in openWaiting { waiting.reply(false) }
            openWaiting.removeAll()
            try store.settle()
            runs.removeAll()
            return
        }
        sealedWaiting += openWaiting
        openWaiting.removeAll()
        try trimRuns(store)
    }

    /// Forgets runs that were not touched for long. A run that is forgotten is read from the index
    /// when it
    /// comes back, so the index must hold it first.
    mutating func trimRuns(_ store: Store) throws(StorageFailure) {
        guard runs.isFull else { return }
        try store.settle()
        runs.trim()
    }

    /// Gives one input to the replica and its records to the store.
    ///
    /// - Parameter names: the name of each row where the input is a batch of this node.
    mutating func step(
        _ input: Replica.Input, at now: Instant, arrival: UInt64?, _ store: Store,
        names: (Int) -> String = { _ in "" }
    ) throws(StorageFailure) -> LedgerOutcome {
        var actions: [Replica.Action] = []
        replica.step(input, at: now, into: &actions)
        var outcome = LedgerOutcome.storageFailed
        var position: FramePosition?
        for action in actions {
            switch action {
            case .record(let entry): position = try store.append(entry)
            case .refused(let failure): outcome = .refused(failure)
            case .accepted(let item, let effect):
                var number: UInt64?
                if case .batch(let batch) = input, let position {
                    number = try take(batch, at: position, arrival: arrival, store, names: names)
                }
                note(item, batch: number, records: input.records, arrival: arrival)
                if case .agentRegistered(let id) = effect { events.append(.agent(id)) }
                if case .agentChanged(let id) = effect { events.append(.agent(id)) }
                outcome = .accepted(item, effect, batch: number)
            case .certified(let sealed):
                place(sealed, nextSequence: store.journal.nextSequence, store)
            }
        }
        return outcome
    }

    /// Notes that an item was accepted and waits for its checkpoint.
    mutating func note(_ item: CheckpointItem, batch: UInt64?, records: Int, arrival: UInt64?) {
        unplaced.append(
            Unplaced(
                view: ItemView(item: item, batch: batch), records: records, arrival: arrival))
    }

    /// Numbers and indexes an accepted batch.
    mutating func take(
        _ batch: CheckedBatch, at position: FramePosition, arrival: UInt64?, _ store: Store,
        names: (Int) -> String
    ) throws(StorageFailure) -> UInt64 {
        batchCount += 1
        let touched = try index(batch, number: batchCount, into: store, names: names)
        let view = BatchView(
            number: batchCount, digest: batch.digest, header: batch.batch.header,
            bytes: UInt64(position.length), agentFinalAfter: 0, position: position)
        store.uncommittedBatches.append((view, arrival))
        events += touched.map { .run($0) }
        return batchCount
    }

    /// Indexes a checkpoint and the places of its batches.
    mutating func place(_ sealed: SealedCheckpoint, nextSequence: UInt64, _ store: Store) {
        let view = CheckpointView(checkpoint: sealed.checkpoint, items: unplaced.map(\.view))
        store.put(
            view, changes: sealed.changes, batchCount: batchCount,
            nextSequence: nextSequence)
        log.append(entry: sealed.checkpoint.header.encoded)
        for item in unplaced {
            if let arrival = item.arrival { checkpointed.append((item.records, arrival)) }
        }
        unplaced.removeAll()
        events.append(.checkpoint(view))
    }

    // MARK: Waiting

    mutating func wait(_ waiting: Waiting) {
        if open.isEmpty { sealedWaiting.append(waiting) } else { openWaiting.append(waiting) }
    }

    /// Whether a commit would answer somebody.
    var hasAnswersDue: Bool { !sealedWaiting.isEmpty }

    /// Whether a commit would announce something.
    var hasEventsDue: Bool { !events.isEmpty }

    /// Takes out what the commit that just succeeded made durable.
    mutating func takeCommitted() -> Committed {
        defer {
            sealedWaiting.removeAll()
            events.removeAll()
            checkpointed.removeAll()
        }
        return Committed(waiting: sealedWaiting, events: events, checkpointed: checkpointed)
    }

    /// Takes out everybody who waits.
    mutating func takeWaiting() -> [Waiting] {
        defer {
            sealedWaiting.removeAll()
            openWaiting.removeAll()
        }
        return sealedWaiting + openWaiting
    }

    struct Committed {
        var waiting: [Waiting]
        var events: [NodeEvent]
        var checkpointed: [(records: Int, arrival: UInt64)]
    }
}

extension Replica.Input {
    /// Records in the input.
    fileprivate var records: Int {
        if case .batch(let batch) = self { return batch.columns.count }
        return 0
    }
}

/// `text` as the ledger takes names: no control characters, not longer than `limit` bytes, not
/// empty.
func readableName(_ text: String, limit: Int) -> String {
    var name = ""
    for scalar in text.unicodeScalars {
        let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        let readable: Unicode.Scalar = isControl ? "\u{FFFD}" : scalar
        guard name.utf8.count + UTF8.width(readable) <= limit else { break }
        name.unicodeScalars.append(readable)
    }
    return name.isEmpty ? "unknown" : name
}
