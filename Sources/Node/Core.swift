// What a node holds in memory: the replica, what is being taken in, and what the next commit lets
// out.
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
    /// When the replica wants a tick.
    var wakeAt: Instant?
    /// Why the replica signs nothing more; nil while it does.
    var halted: HaltReason?

    /// The last commits.
    var graph = GraphRing()
    /// The last batches on their way through the committee.
    var roads = BatchRoads()
    /// Certificates kept since the node was started.
    var certificates: UInt64 = 0

    // Intake.
    var open = OpenBatch()
    var gate = RecordGate()
    /// Whether the state changed since the gate looked at it.
    var isGateStale = false
    var runs = RunCache()
    /// Commits that had been handed to the index when runs were forgotten last.
    private var trimmedAfter: UInt64 = 0
    var chain = OwnChain()
    var registrations = Registrations()
    var room = WaitingRoom()
    /// Those with a record in the open batch.
    var openWaiters: [Waiter] = []
    /// Those who submitted an operation, or a batch sealed elsewhere, by its digest.
    var submitters: [Digest: [Waiter]] = [:]
    private var agentIDs: [AgentName: AgentID] = [:]
    /// Signs what the gateway submits; nil where nothing is submitted.
    let submitter: SigningKey?
    /// Under which it does.
    let submitterID: SubmitterID?

    // The order.
    /// Batches executed since genesis; the number of the last one.
    var batchCount: UInt64 = 0
    /// Of these, as many as are placed in certified checkpoints.
    var placedBatches: UInt64 = 0
    /// As many as the index holds already: while the journal is replayed, it may be ahead.
    var indexedBatches: UInt64 = 0
    /// The tile log over checkpoint headers; nil where headers are missing here, because the state
    /// was taken over from others.
    var log: TileLog? = TileLog()
    /// Executed since the last certified checkpoint, in order.
    var unplaced: [Unplaced] = []
    /// Those that are recorded and not placed in a certified checkpoint yet.
    var bodies = Bodies()
    var retention = Retention()
    /// While the journal is replayed, the chains as the snapshot has them: what it settled is not
    /// waited for again.
    var replayedUpon: ChainHeads?

    /// What waits for the next commit, in order.
    var outbox: [Delivery] = []
    /// Whether something was recorded since the last commit that is nowhere else yet.
    var mustCommit = false
    /// Bytes recorded and not committed that make a commit due whatever they are.
    private static let mostUncommittedBytes = 1 << 20

    /// An item that waits for its checkpoint.
    struct Unplaced {
        var view: ItemView
        var records: Int
        /// By the monotonic clock; nil where it came from elsewhere.
        var arrival: UInt64?
        /// What an operation that was carried out is about.
        var subjects: [Digest] = []
        var deed: Deed?
    }

    /// What happens once everything before it is durable.
    enum Delivery {
        case answer(Waiter, Settlement)
        case event(NodeEvent)
        /// A batch of that number is indexed.
        case batch(UInt64)
        /// So many records became checkpoint-final; with the arrival of the first one.
        case checkpointFinal(records: Int, arrival: UInt64)
        case send(PeerMessage, to: PublicKey)
        case broadcast(PeerMessage)
        case serve(Wanted, to: PublicKey)
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
        submitterID = submitter.map { SubmitterID(key: $0.publicKey) }
    }

    mutating func tell(_ event: NodeEvent) { outbox.append(.event(event)) }

    /// Whether this turn ends with a commit.
    func hasToCommit(_ store: Store) -> Bool {
        mustCommit || !outbox.isEmpty
            || store.journal.bufferedBytes > Self.mostUncommittedBytes
    }

    /// Takes out what waits for the commit that just succeeded.
    mutating func takeOutbox() -> [Delivery] {
        defer { outbox.removeAll() }
        return outbox
    }

    /// Takes out everybody who was not answered.
    mutating func takeWaiters() -> [Waiter] {
        room.take(until: .max)
            + takeOutbox().compactMap {
                if case .answer(let waiter, _) = $0 { waiter } else { nil }
            }
    }

    /// Forgets runs that were not touched since the last time; after a commit. A run that is
    /// forgotten is read from the index when it comes back, so the index must hold it first: what
    /// was handed to it until the last time, since a run is touched when it is indexed.
    mutating func trimRuns(_ store: Store) throws(StorageFailure) {
        guard runs.isFull else { return }
        try store.settle(through: trimmedAfter)
        runs.trim()
        trimmedAfter = store.handedToIndex
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

    /// Adds one submission, whose agent is registered or was refused, to the open batch.
    ///
    /// - Parameter id: of the agent that it names.
    mutating func add(
        _ submission: Submission, agent id: AgentID, owner: OwnerID, _ turn: Turn
    ) throws(StorageFailure) -> Addition {
        if let refusal = refusal(of: submission, at: turn.now) { return .refused(refusal) }
        let key = RunKey(run: submission.run, owner: owner)
        var run = try take(key, turn.store)
        defer { runs.put(run) }
        guard !run.contains(submission.operation) else { return .duplicate }
        guard let agent = replica.state.agent(id) else { return .refused(.agentRefused) }
        guard agent.status == .registered || agent.status == .active else {
            return .refused(.agentNotActive)
        }
        guard hasHeadroom(agent.id) else { return .refused(.quantityTooLarge) }
        do throws(RecordRefusal) {
            try pass(submission, of: agent, at: turn.now)
        } catch { return .refused(.limit(error)) }
        let payload = submission.payloadDigest
        try turn.store.stage(submission.payload, digest: payload)
        open.add(submission, agent: id, payload: payload, to: &run, at: turn.monotonic)
        return .added
    }

    /// Throws where a limit, a stop or a ruling does not allow the record.
    private mutating func pass(
        _ submission: Submission, of agent: Agent, at now: Instant
    ) throws(RecordRefusal) {
        if isGateStale {
            isGateStale = false
            gate.renew(
                inFlight: chain.batches.map(\.tally),
                others: replica.inFlight(besides: submitterID))
        }
        let record = MeteredRecord(
            kind: submission.kind, tokens: submission.tokens, cost: submission.cost,
            gas: Gas.record(payloadSize: UInt64(submission.payload.count)))
        try gate.take(record, of: agent, in: replica.state, at: now)
    }

    /// The state of a run, out of memory or of the index and the batches on their way; the caller
    /// puts it back.
    mutating func take(_ key: RunKey, _ store: Store) throws(StorageFailure) -> RunState {
        if let state = runs.take(key) { return state }
        var state = try store.run(key)
        let ledger = replica.state
        chain.forEach { own in
            let columns = own.batch.columns
            for row in own.rows(of: key.run)
            where ledger.agent(columns.agent(at: row))?.owner == key.owner {
                state.seal(
                    columns.operation(at: row), caller: columns.caller(at: row),
                    digest: own.batch.recordDigests[row])
            }
        }
        return state
    }

    /// Why the submission is no record of anybody, whatever the ledger says.
    func refusal(of submission: Submission, at now: Instant) -> SubmissionRefusal? {
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

    /// The id of the agent that a submission names.
    mutating func agentID(of submission: Submission, owner: OwnerID) -> AgentID {
        let name = AgentName(owner: owner, name: Array(submission.agentName.utf8))
        if let id = agentIDs[name] { return id }
        let id = AgentID(
            owner: owner, name: readableName(submission.agentName, limit: Limits.nameBytes))
        if agentIDs.count >= Self.cachedNames { agentIDs.removeAll() }
        agentIDs[name] = id
        return id
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
