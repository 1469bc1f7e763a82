// A walk over a whole store: every frame, every rule, every digest, and whether the index says the
// same.
import Environment
import Ledger
import Primitives
import Records
import Replica
import Storage

/// One thing that is wrong in a store.
public enum StoreFault: Hashable, Sendable {
    /// A damaged place in the ledger's journal.
    case journal(JournalFault)
    /// A damaged place in the payload journal.
    case payloadJournal(JournalFault)
    /// A payload or chunk that does not have its digest.
    case payload(Digest)
    /// An entry that the rules of the ledger do not allow after those before it; its sequence and
    /// the reason.
    case entry(sequence: UInt64, String)
    /// An entry of the index that is missing or says something else than the journal; rebuild the
    /// index.
    case index(String)
}

/// What a walk over a store found.
public struct StoreReport: Hashable, Sendable {
    public var faults: [StoreFault] = []
    public var frames: UInt64 = 0
    public var batches: UInt64 = 0
    public var records: UInt64 = 0
    public var operations: UInt64 = 0
    public var checkpoints: UInt64 = 0
    public var payloadChunks: UInt64 = 0
    /// Records whose payload is not kept here: their submitter kept it.
    public var payloadsElsewhere: UInt64 = 0
    /// Batches whose records were pruned.
    public var prunedBatches: UInt64 = 0
    /// Segments that lie in another store and could not be brought; where there is one, only what
    /// is here was looked at, and the entries were not replayed.
    public var archivedSegments: UInt64 = 0
    /// Bytes of both journals.
    public var bytes: UInt64 = 0

    public init() {}
}

public enum StoreCheck {
    /// Reads everything and recomputes every digest, signature, state root and index entry; changes
    /// nothing
    /// but a torn tail, which opening cuts.
    ///
    /// - Parameter progress: called with the number of frames done.
    /// - Throws: where the store cannot be read at all: it is in use, newer, or the disk fails.
    public static func run(
        _ opening: StoreOpening, progress: (UInt64) -> Void = { _ in }
    ) throws(StorageFailure) -> StoreReport {
        var report = StoreReport()
        try checkJournals(opening, &report)
        guard report.faults.isEmpty, report.archivedSegments == 0 else { return report }
        let store = try Store(opening, settings: NodeSettings())
        defer { store.close() }
        try checkEntries(of: store, &report, progress)
        let payloads = try store.payloads.check()
        report.payloadChunks = payloads.chunks
        report.faults += payloads.damaged.map { .payload($0) }
        return report
    }

    private static func checkJournals(
        _ opening: StoreOpening, _ report: inout StoreReport
    ) throws(StorageFailure) {
        let parts: [(String, JournalPurpose, (JournalFault) -> StoreFault)] = [
            (opening.journalPath, .records, { .journal($0) }),
            (opening.payloadPath, .payloads, { .payloadJournal($0) }),
        ]
        for (path, purpose, fault) in parts {
            guard
                let id = try Journal.storeID(
                    disk: opening.disk, directory: path, purpose: purpose)
            else { continue }
            let found = try Journal.check(
                disk: opening.disk, directory: path,
                settings: JournalSettings(storeID: id, purpose: purpose),
                bring: opening.bring)
            report.faults += found.faults.map(fault)
            report.bytes += found.bytes
            report.archivedSegments += UInt64(found.archived)
        }
    }

    private static func checkEntries(
        of store: Store, _ report: inout StoreReport, _ progress: (UInt64) -> Void
    ) throws(StorageFailure) {
        var walk = try EntryWalk(store: store, report: report)
        var failure: StorageFailure?
        try store.journal.replay { frame in
            do throws(StorageFailure) {
                try walk.take(frame)
            } catch {
                failure = error
            }
            walk.report.frames += 1
            if walk.report.frames % 256 == 0 { progress(walk.report.frames) }
            return failure == nil && walk.goesOn
        }
        if let failure { throw failure }
        report = walk.report
        let indexed = try store.indexedSequence()
        if indexed > store.journal.committedSequence {
            report.faults.append(.index("it is ahead of the journal"))
        }
    }
}

/// Replays a journal and holds the index against it.
private struct EntryWalk {
    let store: Store
    var report: StoreReport
    /// False after an entry that breaks a rule: nothing after it can be judged.
    var goesOn = true
    private var replica: Replica?
    private var unplaced: [UInt64?] = []
    /// Where the batches stand that are not executed yet.
    private var positions: [Digest: FramePosition] = [:]
    /// Of the last batch that was carried out.
    private var number: UInt64 = 0
    private var collector = PartCollector()
    private let indexedBatches: UInt64
    /// Of the snapshot in the index.
    private let indexedHeight: UInt64

    init(store: Store, report: StoreReport) throws(StorageFailure) {
        self.store = store
        self.report = report
        indexedBatches = try store.indexedBatches()
        indexedHeight = try store.snapshot()?.checkpoint.header.height ?? 0
    }

    mutating func take(_ frame: JournalFrame) throws(StorageFailure) {
        if frame.kind == Core.partKind { return takePart(frame) }
        guard let kind = JournalEntry.Kind(rawValue: frame.kind),
            let entry = try? JournalEntry(kind: kind, decoding: Array(frame.payload))
        else { return stop(frame, "it does not decode") }
        if frame.sequence == 0 {
            guard case .genesis(let genesis) = entry else {
                return stop(frame, "it is not a genesis")
            }
            let settings = ReplicaSettings(chain: genesis.settings)
            replica = Replica(genesis: genesis, key: nil, settings: settings)
            return
        }
        if case .batch(let batch)? = entry.body { positions[batch.digest] = frame.position }
        do {
            var actions: [Replica.Action] = []
            try replica?.replay(entry, into: &actions)
            for action in actions { try compare(action) }
        } catch let failure as StorageFailure {
            throw failure
        } catch {
            stop(frame, "\(error)")
        }
    }

    /// A state that was taken over from others: what led to it is not here.
    private mutating func takePart(_ frame: JournalFrame) {
        guard case .snapshot(let part)? = try? PeerMessage(decoding: Array(frame.payload)) else {
            return stop(frame, "it does not decode")
        }
        guard let adopted = collector.take(part), var replica else { return }
        do {
            try replica.restore(
                checkpoint: adopted.checkpoint,
                entries: adopted.entries.map { ($0.key, $0.value) })
        } catch { return stop(frame, "\(error)") }
        number = adopted.batchCount(in: replica.state)
        unplaced.removeAll()
        self.replica = replica
    }

    private mutating func stop(_ frame: JournalFrame, _ reason: String) {
        report.faults.append(.entry(sequence: frame.sequence, reason))
        goesOn = false
    }

    private mutating func compare(_ action: Replica.Action) throws {
        switch action {
        case .executed(let execution): try compare(execution)
        case .certified(let sealed): try compare(sealed)
        default: break
        }
    }

    private mutating func compare(_ execution: Execution) throws {
        if case .operation = execution.body { report.operations += 1 }
        guard case .batch(let batch) = execution.body, case .done = execution.outcome else {
            return unplaced.append(nil)
        }
        report.batches += 1
        report.records += UInt64(batch.batch.header.count)
        number += 1
        if batch.isPruned { report.prunedBatches += 1 }
        unplaced.append(number)
        let position = positions.removeValue(forKey: batch.digest)
        for row in 0..<batch.columns.count
        where try !store.payloads.contains(batch.columns.payloadDigest(at: row)) {
            report.payloadsElsewhere += 1
        }
        guard number <= indexedBatches else { return }
        let raw = try store.index.get(IndexKey.number(number), in: Space.batches)
        let view = try raw.map { try BatchView(decoding: $0) }
        if view?.digest != batch.digest || view?.position != position {
            report.faults.append(.index("batch \(number) differs"))
        }
        // What is pruned and lies in a segment that is still written to has no rows in the index.
        guard number > store.prunedThrough else { return }
        for row in 0..<batch.columns.count where try !isPlaced(row, of: batch, number: number) {
            report.faults.append(.index("record \(number)-\(row) differs"))
        }
    }

    private func isPlaced(
        _ row: Int, of batch: CheckedBatch, number: UInt64
    ) throws(StorageFailure) -> Bool {
        guard let agent = replica?.state.agent(batch.columns.agent(at: row)) else { return false }
        let run = RunKey(run: batch.columns.run(at: row), owner: agent.owner)
        let operation = batch.columns.operation(at: row)
        let raw = try store.index.get(IndexKey.rows(run, number), in: Space.operations) ?? []
        guard let rows = try? RunRows(batch: number, decoding: raw) else { return false }
        if let place = rows.places.first(where: { $0.row == UInt16(row) }) {
            return place.operation == operation && place.digest == batch.recordDigests[row]
        }
        // A batch from elsewhere may repeat an operation; the index keeps the first.
        return try store.places(of: run).contains {
            $0.operation == operation && $0.batch <= number
        }
    }

    private mutating func compare(_ sealed: SealedCheckpoint) throws {
        report.checkpoints += 1
        let items = zip(sealed.items, unplaced).map { ItemView(item: $0, batch: $1) }
        unplaced.removeFirst(min(sealed.items.count, unplaced.count))
        let height = sealed.checkpoint.header.height
        guard height <= indexedHeight else { return }
        let raw = try store.index.get(IndexKey.number(height), in: Space.checkpoints)
        let view = try raw.map { try CheckpointView(decoding: $0) }
        if view != CheckpointView(checkpoint: sealed.checkpoint, items: items) {
            report.faults.append(.index("checkpoint \(height) differs"))
        }
    }
}

public enum StoreRebuild {
    /// Makes the index again from the journals.
    ///
    /// - Throws: what makes a node refuse to start.
    public static func run(_ opening: StoreOpening) throws(NodeFailure) {
        let genesis: Genesis
        do {
            try Index.destroy(path: opening.indexPath)
            genesis = try Node.genesis(of: opening)
        } catch let failure as StorageFailure {
            throw .storage(failure)
        } catch let failure as NodeFailure {
            throw failure
        } catch {
            throw .noGenesis
        }
        let working = try Node.load(
            Replica(
                genesis: genesis, key: nil, settings: ReplicaSettings(chain: genesis.settings)),
            submitter: nil,
            settings: NodeSettings(), opening: opening, clock: StoppedClock())
        do { try working.store.index.flush() } catch { throw .storage(error) }
        working.store.close()
    }
}

/// A clock for work in which no time passes.
private struct StoppedClock: Clock {
    func now() -> Instant { Instant(nanoseconds: 0) }
    func monotonicNanoseconds() -> UInt64 { 0 }
}
