// The store of a node: the ledger's journal, the payloads and the index, committed together in the
// order that keeps them true.
import Environment
import Ledger
import Primitives
import Records
import Replica
import Storage

/// Where a store is and how it is opened.
public struct StoreOpening: Sendable {
    public var disk: any Disk & Sendable
    /// The directory that holds everything.
    public var path: String
    /// Used where the store is new.
    public var storeID: StoreID
    /// Writes the index beside the node's thread.
    public var worker: any Worker
    /// The name of an operation out of its payload, for views that are made again; nil where it has
    /// none.
    public var name: @Sendable ([UInt8]) -> String?

    public init(
        disk: any Disk & Sendable, path: String, storeID: StoreID, worker: any Worker,
        name: @escaping @Sendable ([UInt8]) -> String?
    ) {
        self.disk = disk
        self.path = path
        self.storeID = storeID
        self.worker = worker
        self.name = name
    }

    public var journalPath: String { path + "/journal" }
    public var payloadPath: String { path + "/payloads" }
    public var indexPath: String { path + "/index" }
}

/// Used by one thread.
final class Store {
    let journal: Journal
    let payloads: PayloadStore
    private let payloadJournal: Journal
    let index: Index
    private let writer: IndexWriter
    private var writes = WriteBatch()
    /// Batches whose view is written at the commit, with the arrival of their first record.
    var uncommittedBatches: [(view: BatchView, arrival: UInt64?)] = []
    /// New payload bytes that are written without waiting for the commit.
    private static let mostPendingPayloadBytes = 16 << 20
    /// Whether anything was appended since the last commit.
    private(set) var hasUncommitted = false

    init(_ opening: StoreOpening, settings: NodeSettings) throws(StorageFailure) {
        let found = try Journal.storeID(
            disk: opening.disk, directory: opening.journalPath, purpose: .records)
        let id = found ?? opening.storeID
        journal = try Journal(
            disk: opening.disk, directory: opening.journalPath,
            settings: JournalSettings(
                storeID: id, purpose: .records, segmentBytes: settings.segmentBytes))
        index = try Index(path: opening.indexPath, storeID: id)
        writer = IndexWriter(index, worker: opening.worker)
        let blocks = try Journal(
            disk: opening.disk, directory: opening.payloadPath,
            settings: JournalSettings(
                storeID: id, purpose: .payloads, segmentBytes: settings.segmentBytes))
        var payloadSettings = PayloadSettings()
        payloadSettings.compressionLevel = settings.compressionLevel
        payloads = try PayloadStore(journal: blocks, index: index, settings: payloadSettings)
        payloadJournal = blocks
    }

    // MARK: Writing

    func append(_ entry: JournalEntry) throws(StorageFailure) -> FramePosition {
        hasUncommitted = true
        let bytes = entry.encoded
        if journal.bufferedBytes + bytes.count + 65_536 > Journal.groupLimitBytes {
            // The payloads that buffered frames name must be durable before the frames are.
            try payloads.commit(into: writes)
            try journal.commit()
        }
        return try journal.append(kind: entry.kind.rawValue, bytes)
    }

    /// Keeps a payload; it is durable after the next commit.
    func stage(_ payload: [UInt8]) throws(StorageFailure) -> Digest {
        hasUncommitted = true
        if payloads.pendingBytes > Self.mostPendingPayloadBytes {
            try payloads.commit(into: writes)
        }
        return try payloads.stage(payload)
    }

    func put(_ key: [UInt8], _ value: [UInt8], in space: KeySpace) {
        writes.put(key, value, in: space)
    }

    func delete(_ key: [UInt8], in space: KeySpace) {
        writes.delete(key, in: space)
    }

    /// Puts a checkpoint with the placements of its batches and the snapshot it makes.
    func put(
        _ view: CheckpointView, changes: [(key: StateKey, value: [UInt8])], batchCount: UInt64,
        nextSequence: UInt64
    ) {
        let height = view.checkpoint.header.height
        put(IndexKey.number(height), view.encoded, in: Space.checkpoints)
        for (place, item) in view.items.enumerated() {
            guard let number = item.batch else { continue }
            let placement = Placement(height: height, index: UInt32(place))
            put(IndexKey.number(number), placement.encoded, in: Space.placements)
        }
        for change in changes { put(change.key.encoded, change.value, in: Space.state) }
        let snapshot = Snapshot(
            checkpoint: view.checkpoint, nextSequence: nextSequence, batchCount: batchCount)
        put(IndexKey.snapshot, snapshot.encoded, in: Space.meta)
    }

    /// Puts the step that ends an epoch, once its checkpoint is certified.
    func put(_ step: EpochStep) {
        put(IndexKey.step(step.epoch, isChange: false), step.encoded, in: Space.epochs)
        guard step.changesCommittee else { return }
        put(IndexKey.step(step.epoch, isChange: true), step.encoded, in: Space.epochs)
    }

    func put(_ signal: KeptSignal) {
        let key = IndexKey.number(signal.time.nanoseconds) + signal.payload.bytes
        put([signal.kind.rawValue] + key, signal.encoded, in: Space.signals)
    }

    /// Makes everything durable: payloads first, then the journal that names them, then the index
    /// that points at both.
    ///
    /// - Returns: the batches made durable.
    func commit(at monotonic: UInt64) throws(StorageFailure) -> [BatchView] {
        guard hasUncommitted else { return [] }
        try payloads.commit(into: writes)
        try journal.commit()
        let batches = uncommittedBatches.map { entry in
            var view = entry.view
            if let arrival = entry.arrival { view.agentFinalAfter = monotonic &- arrival }
            put(IndexKey.number(view.number), view.encoded, in: Space.batches)
            return view
        }
        uncommittedBatches.removeAll()
        put(IndexKey.position, IndexKey.number(journal.committedSequence), in: Space.meta)
        try writer.commit(writes)
        writes = WriteBatch()
        hasUncommitted = false
        return batches
    }

    /// Commits what replaying put into the index, which the journal holds already.
    func commitReplayed(upTo sequence: UInt64) throws(StorageFailure) {
        for entry in uncommittedBatches {
            put(IndexKey.number(entry.view.number), entry.view.encoded, in: Space.batches)
        }
        uncommittedBatches.removeAll()
        put(IndexKey.position, IndexKey.number(sequence), in: Space.meta)
        try index.commit(writes)
        writes.clear()
    }

    /// Returns when the index holds everything committed.
    func settle() throws(StorageFailure) { try writer.settle() }

    /// Ends the writing of the index and closes the journals.
    func close() {
        try? writer.settle()
        journal.close()
        payloadJournal.close()
    }

    // MARK: Reading

    /// The first journal sequence that is not indexed; 0 for an empty index.
    func indexedSequence() throws(StorageFailure) -> UInt64 {
        guard let bytes = try index.get(IndexKey.position, in: Space.meta) else { return 0 }
        return IndexKey.number(in: bytes[...])
    }

    /// What is known of a run, read from the index; a new state where it holds nothing.
    func run(_ key: RunKey) throws(StorageFailure) -> RunState {
        guard let bytes = try index.get(key.encoded, in: Space.runs),
            let summary = try? RunSummary(decoding: bytes)
        else { return RunState(RunSummary(run: key.run, owner: key.owner)) }
        var state = RunState(summary)
        state.indexed = summary
        for place in try places(of: key) { state.restore(place) }
        return state
    }

    /// The operations of a run in the order in which they were recorded; at most about `limit`.
    func places(
        of run: RunKey, limit: Int = .max
    ) throws(StorageFailure) -> [RecordPlace] {
        var scan = IndexScan(Space.operations)
        scan.prefix = run.encoded
        var places: [RecordPlace] = []
        var isSound = true
        try index.scan(scan) { key, value in
            let number = IndexKey.number(in: Array(key.suffix(8))[...])
            guard let rows = try? RunRows(batch: number, decoding: Array(value)) else {
                isSound = false
                return false
            }
            places += rows.places
            return places.count < limit
        }
        guard isSound else { throw .indexUnusable }
        return places
    }
}
