// The node: one owner of the state, which wires the replica to its store and fills batches from
// submissions.
//
// A node lives on one thread. Its caller posts submissions, operations and queries to that thread,
// and calls
// `advance` when the time it last returned has come. Nothing is answered before it is durable: an
// answer waits for the commit that carries its records, and a failed commit answers everything that
// waited with a failure, drops the state in memory, and opens the store again.
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
    /// Called on the node's thread for everything that became durable.
    public var onEvent: (NodeEvent) -> Void = { _ in }

    /// Opens or creates the store and replays what the index or the snapshot do not hold yet.
    ///
    /// - Parameters:
    ///   - genesis: made into the first entry of a new store; demanded of one that exists.
    ///   - naming: reads the name of an operation out of its payload; used when the index is made
    /// again.
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
    }

    private func load() throws(NodeFailure) -> Working {
        guard
            let replica = Replica(
                genesis: genesis, key: keys.validator, settings: settings.replica)
        else { throw .notAValidator }
        return try Self.load(
            replica, submitter: keys.submitter, settings: settings, opening: opening)
    }

    /// The id under which this node submits what its gateway takes in.
    public var submitter: SubmitterID { SubmitterID(key: keys.submitter.publicKey) }

    /// Whether the store can be written; false between a failure of the disk and the next opening.
    public var isWritable: Bool { working != nil }

    // MARK: Taking in

    /// Adds the submissions to the open batch; `reply` is called once, when everything not refused
    /// is durable.
    public func submit(
        _ submissions: [Submission], owner: OwnerID,
        reply: @escaping (SubmissionOutcome) -> Void
    ) {
        guard let working = recovered() else { return reply(.storageFailed) }
        guard working.core.mayRecord(for: owner) else { return reply(.ownerRefused) }
        let arrival = clock.monotonicNanoseconds()
        let outcome: SubmissionOutcome.Recorded
        do {
            outcome = try add(submissions, owner: owner, at: arrival, to: working)
        } catch {
            reply(.storageFailed)
            return fail(error)
        }
        working.core.wait(
            Waiting(arrival: arrival, records: outcome.recorded) { durable in
                reply(durable ? .recorded(outcome) : .storageFailed)
            })
        advance()
    }

    private func add(
        _ submissions: [Submission], owner: OwnerID, at arrival: UInt64, to working: Working
    ) throws(StorageFailure) -> SubmissionOutcome.Recorded {
        var outcome = SubmissionOutcome.Recorded()
        let now = clock.now()
        for (index, submission) in submissions.enumerated() {
            let addition = try working.core.add(
                submission, owner: owner, at: now, arrival, working.store)
            switch addition {
            case .added: outcome.recorded += 1
            case .duplicate: outcome.duplicates += 1
            case .refused(let reason): outcome.refused.append((index, reason))
            }
            if working.core.open.columns.count >= settings.batchRecords { try seal(working) }
        }
        return outcome
    }

    /// Carries out an operation; `reply` is called once, when it is durable or refused.
    public func submit(
        _ operation: SignedOperation, reply: @escaping (LedgerOutcome) -> Void
    ) {
        perform(.operation(operation), reply: reply)
    }

    /// Takes a batch that somebody else sealed; `reply` is called once, when it is durable or
    /// refused.
    public func submit(_ batch: Batch, reply: @escaping (LedgerOutcome) -> Void) {
        do {
            perform(.batch(try CheckedBatch(checking: batch)), reply: reply)
        } catch {
            reply(.malformed(error))
        }
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
        do {
            let digest = try working.store.stage(request)
            var signal = KeptSignal(
                kind, time: clock.now(), owner: owner, payload: digest,
                size: UInt64(request.count))
            signal.count = count
            _ = try working.store.append(.signal(signal))
            working.store.put(signal)
            working.core.wait(
                Waiting(arrival: 0, records: 0) { reply($0 ? .kept : .storageFailed) })
            advance()
        } catch {
            reply(.storageFailed)
            fail(error)
        }
    }

    private func perform(_ input: Replica.Input, reply: @escaping (LedgerOutcome) -> Void) {
        guard let working = recovered() else { return reply(.storageFailed) }
        do {
            // What was added before must not meet the state that this input leaves behind.
            try seal(working)
            let outcome = try working.core.step(
                input, at: clock.now(), arrival: nil, working.store)
            if case .accepted = outcome {
                working.core.wait(
                    Waiting(arrival: 0, records: 0) { durable in
                        reply(durable ? outcome : .storageFailed)
                    })
            } else {
                reply(outcome)
            }
            try commit(working)
        } catch {
            fail(error)
        }
    }

    // MARK: Time

    /// Closes a batch that is old enough, makes a checkpoint that is due, and makes everything
    /// durable.
    ///
    /// - Returns: the nanoseconds until it should be called again.
    @discardableResult public func advance() -> UInt64 {
        guard let working = recovered() else { return settings.reopenIntervalNanoseconds }
        do {
            if isOpenBatchDue(working) { try seal(working) }
            _ = try working.core.step(.tick, at: clock.now(), arrival: nil, working.store)
            // Payloads of the open batch alone are no reason to wait for the disk.
            if working.core.hasAnswersDue || working.core.hasEventsDue { try commit(working) }
        } catch {
            fail(error)
            return settings.reopenIntervalNanoseconds
        }
        return nanosecondsToNextDeadline(working)
    }

    private func isOpenBatchDue(_ working: Working) -> Bool {
        guard !working.core.open.isEmpty else { return false }
        let age = clock.monotonicNanoseconds() &- working.core.open.openedAt
        return age >= settings.batchAgeNanoseconds
    }

    private func nanosecondsToNextDeadline(_ working: Working) -> UInt64 {
        let checkpoint = working.core.replica.nextCheckpoint.nanoseconds(since: clock.now())
        guard !working.core.open.isEmpty else { return checkpoint }
        let age = clock.monotonicNanoseconds() &- working.core.open.openedAt
        let limit = settings.batchAgeNanoseconds
        return min(checkpoint, age >= limit ? 0 : limit - age)
    }

    /// Seals the open batch, whatever its age, and makes everything durable.
    public func flush() {
        guard let working else { return }
        do {
            try seal(working)
            try commit(working)
        } catch {
            fail(error)
        }
    }

    /// Makes everything durable and closes the store; nothing can be asked of the node after this.
    public func close() {
        flush()
        working?.store.close()
        working = nil
        reopenAt = .max
    }

    private func seal(_ working: Working) throws(StorageFailure) {
        guard !working.core.open.isEmpty else { return }
        try working.core.seal(at: clock.now(), working.store)
    }

    private func commit(_ working: Working) throws(StorageFailure) {
        let batches = try working.store.commit(at: clock.monotonicNanoseconds())
        let now = clock.monotonicNanoseconds()
        let done = working.core.takeCommitted()
        for waiting in done.waiting {
            if waiting.records > 0 {
                onEvent(.agentFinal(records: waiting.records, nanoseconds: now &- waiting.arrival))
            }
            waiting.reply(true)
        }
        for batch in batches { onEvent(.batch(batch)) }
        for event in done.events { onEvent(event) }
        for final in done.checkpointed {
            onEvent(.checkpointFinal(records: final.records, nanoseconds: now &- final.arrival))
        }
    }

    // MARK: A disk that fails

    /// Everything that waits is told so; the state in memory is dropped, for it is ahead of the
    /// disk.
    private func fail(_ failure: StorageFailure) {
        guard let failed = working else { return }
        reopenAt = clock.monotonicNanoseconds() &+ settings.reopenIntervalNanoseconds
        working = nil
        failed.store.close()
        for waiting in failed.core.takeWaiting() { waiting.reply(false) }
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

/// What a node works with while its disk does.
final class Working {
    let store: Store
    var core: Core
    var decoded = DecodedBatches()

    init(store: Store, core: Core) {
        self.store = store
        self.core = core
    }
}

/// The keys a node signs with.
public struct NodeKeys: Sendable {
    /// Signs checkpoints.
    public var validator: SigningKey
    /// Signs the batches that the gateway fills.
    public var submitter: SigningKey

    public init(validator: SigningKey, submitter: SigningKey) {
        self.validator = validator
        self.submitter = submitter
    }
}

/// Somebody who waits until what he gave is durable.
struct Waiting {
    /// By the monotonic clock.
    var arrival: UInt64
    var records: Int
    /// Called once; false where it is not durable.
    var reply: (Bool) -> Void
}
