// The node: one owner of the state, which wires the replica to its store and fills batches from submissions.
//
// A node lives on one thread. Its caller posts submissions, operations and queries to that thread, and calls
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
    var store: Store
    var core: Core
    /// Set while the disk fails: when to try again, by the monotonic clock.
    var reopenAt: UInt64?
    /// Called on the node's thread for everything that became durable.
    public var onEvent: (NodeEvent) -> Void = { _ in }

    /// Opens or creates the store and replays what the index or the snapshot do not hold yet.
    ///
    /// - Parameters:
    ///   - genesis: made into the first entry of a new store; demanded of one that exists.
    ///   - naming: reads the name of an operation out of its payload; used when the index is made again.
    public init(
        genesis: Genesis, keys: NodeKeys, settings: NodeSettings, opening: StoreOpening,
        clock: any Clock
    ) throws(NodeFailure) {
        self.genesis = genesis
        self.settings = settings
        self.clock = clock
        self.keys = keys
        self.opening = opening
        (store, core) = try Self.load(
            genesis: genesis, keys: keys, settings: settings, opening: opening)
    }

    /// The id under which this node submits what its gateway takes in.
    public var submitter: SubmitterID { SubmitterID(key: keys.submitter.publicKey) }

    /// Whether the store can be written; false between a failure of the disk and the next opening.
    public var isWritable: Bool { reopenAt == nil }

    // MARK: Taking in

    /// Adds the submissions to the open batch; `reply` is called once, when everything not refused is durable.
    public func submit(
        _ submissions: [Submission], owner: OwnerID,
        reply: @escaping (SubmissionOutcome) -> Void
    ) {
        guard recoverIfDue() else { return reply(.storageFailed) }
        guard core.mayRecord(for: owner) else { return reply(.ownerRefused) }
        let arrival = clock.monotonicNanoseconds()
        var outcome = SubmissionOutcome.Recorded()
        do {
            for (index, submission) in submissions.enumerated() {
                switch try core.add(submission, owner: owner, at: clock.now(), arrival, store) {
                case .added: outcome.recorded += 1
                case .duplicate: outcome.duplicates += 1
                case .refused(let reason): outcome.refused.append((index, reason))
                }
                if core.open.columns.count >= settings.batchRecords { try seal() }
            }
        } catch {
            reply(.storageFailed)
            return fail(error)
        }
        core.wait(
            Waiting(arrival: arrival, records: outcome.recorded) { durable in
                reply(durable ? .recorded(outcome) : .storageFailed)
            })
        advance()
    }

    /// Carries out an operation; `reply` is called once, when it is durable or refused.
    public func submit(
        _ operation: SignedOperation, reply: @escaping (LedgerOutcome) -> Void
    ) {
        guard recoverIfDue() else { return reply(.storageFailed) }
        perform(.operation(operation), reply: reply)
    }

    /// Takes a batch that somebody else sealed; `reply` is called once, when it is durable or refused.
    public func submit(_ batch: Batch, reply: @escaping (LedgerOutcome) -> Void) {
        guard recoverIfDue() else { return reply(.storageFailed) }
        do {
            perform(.batch(try CheckedBatch(checking: batch)), reply: reply)
        } catch {
            reply(.malformed(error))
        }
    }

    private func perform(_ input: Replica.Input, reply: @escaping (LedgerOutcome) -> Void) {
        do {
            // What was added before must not meet the state that this input leaves behind.
            try seal()
            let outcome = try core.step(input, at: clock.now(), arrival: nil, store)
            guard case .accepted = outcome else { return reply(outcome) }
            core.wait(
                Waiting(arrival: clock.monotonicNanoseconds(), records: 0) { durable in
                    reply(durable ? outcome : .storageFailed)
                })
            try commit()
        } catch {
            fail(error)
        }
    }

    // MARK: Time

    /// Closes a batch that is old enough, makes a checkpoint that is due, and makes everything durable.
    ///
    /// - Returns: the nanoseconds until it should be called again.
    @discardableResult public func advance() -> UInt64 {
        guard recoverIfDue() else { return settings.reopenIntervalNanoseconds }
        let now = clock.monotonicNanoseconds()
        do {
            if !core.open.isEmpty, now &- core.open.openedAt >= settings.batchAgeNanoseconds {
                try seal()
            }
            _ = try core.step(.tick, at: clock.now(), arrival: nil, store)
            // Payloads of the open batch alone are no reason to wait for the disk.
            if core.hasAnswersDue || core.hasEventsDue { try commit() }
        } catch {
            fail(error)
            return settings.reopenIntervalNanoseconds
        }
        return nanosecondsToNextDeadline()
    }

    private func nanosecondsToNextDeadline() -> UInt64 {
        let checkpoint = core.replica.nextCheckpoint.nanoseconds(since: clock.now())
        guard !core.open.isEmpty else { return checkpoint }
        let age = clock.monotonicNanoseconds() &- core.open.openedAt
        let limit = settings.batchAgeNanoseconds
        return min(checkpoint, age >= limit ? 0 : limit - age)
    }

    /// Seals the open batch, whatever its age, and makes everything durable: what a node does before it stops.
    public func flush() {
        do {
            try seal()
            try commit()
        } catch {
            fail(error)
        }
    }

    /// Makes everything durable and closes the store.
    public func close() {
        if isWritable { flush() }
        store.close()
    }

    private func seal() throws(StorageFailure) {
        guard !core.open.isEmpty else { return }
        try core.seal(at: clock.now(), key: keys.submitter, store)
    }

    private func commit() throws(StorageFailure) {
        let batches = try store.commit(at: clock.monotonicNanoseconds())
        let now = clock.monotonicNanoseconds()
        let done = core.takeCommitted()
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

    /// Everything that waits is told so; the state in memory is dropped, for it is ahead of the disk.
    private func fail(_ failure: StorageFailure) {
        reopenAt = clock.monotonicNanoseconds() &+ settings.reopenIntervalNanoseconds
        store.close()
        for waiting in core.takeWaiting() { waiting.reply(false) }
        onEvent(.storageFailed(failure))
    }

    /// True where the store can be used, after opening it again where that is due.
    private func recoverIfDue() -> Bool {
        guard let due = reopenAt else { return true }
        guard clock.monotonicNanoseconds() >= due else { return false }
        do {
            (store, core) = try Self.load(
                genesis: genesis, keys: keys, settings: settings, opening: opening)
            reopenAt = nil
            onEvent(.storageRecovered)
            return true
        } catch {
            reopenAt = clock.monotonicNanoseconds() &+ settings.reopenIntervalNanoseconds
            return false
        }
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
