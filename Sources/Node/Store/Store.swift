// The store of a node: the ledger's journal, the payloads and the index, committed together in the
// order that keeps them true.
import Cryptography
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
    /// Writes large groups of the journal beside the node's thread.
    public var journalWorker: any Worker
    /// Compresses sealed segments, at a low priority, and does nothing else; nil leaves them.
    public var compactionWorker: (any Worker)?
    /// The name of an operation out of its payload, for views that are made again; nil where it has
    /// none.
    public var name: @Sendable ([UInt8]) -> String?
    /// Begins to bring a segment back that lies elsewhere, and returns at once; may be called again
    /// for one that is on its way.
    public var fetch: (@Sendable (ArchivedSegment) -> Void)?
    /// Brings such a segment before it returns: for work that reads everything. Nil lets the reader
    /// fail.
    public var bring: SegmentBringing?

    public init(
        disk: any Disk & Sendable, path: String, storeID: StoreID, worker: any Worker,
        name: @escaping @Sendable ([UInt8]) -> String?
    ) {
        self.disk = disk
        self.path = path
        self.storeID = storeID
        self.worker = worker
        journalWorker = worker
        compactionWorker = nil
        self.name = name
        fetch = nil
        bring = nil
    }

    public var journalPath: String { path + "/journal" }
    public var payloadPath: String { path + "/payloads" }
    public var indexPath: String { path + "/index" }
}

/// Used by one thread.
final class Store {
    let journal: Journal
    let payloads: PayloadStore
    let payloadJournal: Journal
    let index: Index
    private let writer: IndexWriter
    private let journalWorker: any Worker
    private var writes = WriteBatch()
    /// Batches whose view is written at the commit, with the arrival of their first record where
    /// they
    /// become final by it.
    private var uncommittedBatches: [(view: BatchView, arrival: UInt64?)] = []
    /// Bytes of the journal that are written without waiting for the commit.
    private static let mostBufferedBytes = 8 << 20
    /// New payload bytes that are written without waiting for the commit.
    private static let mostPendingPayloadBytes = 16 << 20
    /// Whether the journal got anything since the last commit. Staged payloads alone are no reason
    /// to wait for the disk: nobody was told of them.
    private(set) var needsCommit = false
    /// What the last commit took; without the work before it.
    private(set) var times = TurnTimes()
    /// How many batches are indexed once what is written so far is.
    private var batches: UInt64 = 0
    /// The last batch whose records were pruned; 0 for none.
    var prunedThrough: UInt64 = 0
    /// The last batch whose payloads were.
    var payloadsPrunedThrough: UInt64 = 0
    private let name: @Sendable ([UInt8]) -> String?

    init(_ opening: StoreOpening, settings: NodeSettings) throws(StorageFailure) {
        let found = try Journal.storeID(
            disk: opening.disk, directory: opening.journalPath, purpose: .records)
        let id = found ?? opening.storeID
        journal = try Journal(
            disk: opening.disk, directory: opening.journalPath,
            settings: JournalSettings(
                storeID: id, purpose: .records, segmentBytes: settings.segmentBytes),
            bring: opening.bring)
        var indexSettings = IndexSettings()
        indexSettings.writesDirectly = opening.disk.writesDirectly(in: opening.journalPath)
        index = try Index(path: opening.indexPath, storeID: id, settings: indexSettings)
        writer = IndexWriter(index, worker: opening.worker)
        journalWorker = opening.journalWorker
        let blocks = try Journal(
            disk: opening.disk, directory: opening.payloadPath,
            settings: JournalSettings(
                storeID: id, purpose: .payloads, segmentBytes: settings.segmentBytes),
            bring: opening.bring)
        var payloadSettings = PayloadSettings()
        payloadSettings.compressionLevel = settings.compressionLevel
        payloads = try PayloadStore(journal: blocks, index: index, settings: payloadSettings)
        payloadJournal = blocks
        name = opening.name
        batches = try indexedBatches()
        prunedThrough = try mark(IndexKey.pruned)
        payloadsPrunedThrough = try mark(IndexKey.prunedPayloads)
        try settleExchange()
    }

    // MARK: Writing

    func append(_ entry: JournalEntry) throws(StorageFailure) -> FramePosition {
        let (head, columns) = entry.encodedParts
        let body = columns.map { FrameBody($0.bytes, digest: $0.digest) }
        return try append(kind: entry.kind.rawValue, head, body)
    }

    /// Appends a frame of `bytes` with a body behind them.
    @discardableResult
    func append(
        kind: UInt8, _ bytes: [UInt8], _ body: FrameBody? = nil
    ) throws(StorageFailure) -> FramePosition {
        needsCommit = true
        let length = bytes.count + (body?.bytes.count ?? 0)
        if journal.bufferedBytes + length + 65_536 > Journal.groupLimitBytes {
            // The payloads that buffered frames name must be durable before the frames are.
            try payloads.commit(into: writes)
            try journal.commit()
        }
        // The disk works while the next batches are stepped; the commit that ends the turn waits.
        if journal.bufferedBytes >= Self.mostBufferedBytes, payloads.pendingBytes == 0,
            !journal.isCommitting
        {
            try journal.beginCommit(on: journalWorker)
        }
        guard let body else { return try journal.append(kind: kind, bytes) }
        return try journal.append(kind: kind, bytes, body)
    }

    /// Keeps a payload; it is durable after the next commit.
    func stage(_ payload: [UInt8]) throws(StorageFailure) -> Digest {
        let digest = BLAKE3.hash(payload)
        try stage(payload, digest: digest)
        return digest
    }

    /// The same where the digest of the payload is known.
    func stage(_ payload: [UInt8], digest: Digest) throws(StorageFailure) {
        if payloads.pendingBytes > Self.mostPendingPayloadBytes {
            try payloads.commit(into: writes)
        }
        try payloads.stage(payload, digest: digest)
    }

    /// Keeps a payload that no entry of the journal names: the next commit is for it, too.
    func keep(_ payload: [UInt8]) throws(StorageFailure) {
        _ = try stage(payload)
        needsCommit = true
    }

    func put(_ key: [UInt8], _ value: [UInt8], in space: KeySpace) {
        writes.put(key, value, in: space)
    }

    func delete(_ key: [UInt8], in space: KeySpace) {
        writes.delete(key, in: space)
    }

    /// Puts a batch in the place that its number gives it.
    ///
    /// - Parameter arrival: of its first record, where the next commit makes it final.
    func put(_ view: BatchView, arrival: UInt64?) {
        uncommittedBatches.append((view, arrival))
        batches = view.number
    }

    func put(body digest: Digest, at position: FramePosition) {
        var writer = ByteWriter(capacity: 16)
        position.write(to: &writer)
        put(digest.bytes, writer.bytes, in: Space.bodies)
    }

    /// Puts a checkpoint with the placements of its batches and operations.
    func put(_ view: CheckpointView) {
        let height = view.checkpoint.header.height
        put(IndexKey.number(height), view.encoded, in: Space.checkpoints)
        for (place, item) in view.items.enumerated() {
            let placement = Placement(height: height, index: UInt32(place)).encoded
            switch item.item {
            case .batch:
                guard let number = item.batch else { continue }
                put(IndexKey.number(number), placement, in: Space.placements)
            case .operation(let digest), .refused(let digest):
                put(digest.bytes, placement, in: Space.operationPlacements)
            }
        }
    }

    /// Puts a snapshot with the entries that changed since the one before.
    func put(_ snapshot: StoredSnapshot, changes: [(key: StateKey, value: [UInt8])]) {
        for change in changes {
            if case .law(let key) = change.key, key.kind == .task, !change.value.isEmpty {
                index(PostedTaskID(key.identifier), value: change.value)
            }
            // An empty value says that the entry was removed.
            if change.value.isEmpty {
                delete(change.key.encoded, in: Space.state)
            } else {
                put(change.key.encoded, change.value, in: Space.state)
            }
        }
        put(IndexKey.snapshot, snapshot.encoded, in: Space.meta)
    }

    /// Puts the step that ends an epoch, once its checkpoint is certified.
    func put(_ step: EpochStep) {
        put(IndexKey.step(step.epoch, isChange: false), step.encoded, in: Space.epochs)
        guard step.changesCommittee else { return }
        put(IndexKey.step(step.epoch, isChange: true), step.encoded, in: Space.epochs)
    }

    /// Puts a snapshot in place of everything that the state held.
    func replaceState(
        by entries: [SnapshotEntry], _ snapshot: StoredSnapshot
    ) throws(StorageFailure) {
        try settle()
        var changes: [StateKey: [UInt8]] = [:]
        for entry in try index.entries(IndexScan(Space.state)) {
            if let key = StateKey(decoding: entry.key) { changes[key] = [] }
        }
        for entry in entries { changes[entry.key] = entry.value }
        put(snapshot, changes: changes.map { (key: $0.key, value: $0.value) })
        batches = snapshot.batchCount
    }

    /// Remembers that this key signs nothing more: a start may begin after the frame that says so.
    func put(amnesiaOf key: PublicKey) { put(IndexKey.amnesia, key.bytes, in: Space.meta) }

    /// The key that signs nothing more; nil where none was given up.
    func keyGivenUp() throws(StorageFailure) -> PublicKey? {
        try index.get(IndexKey.amnesia, in: Space.meta).flatMap { PublicKey($0) }
    }

    func put(_ signal: KeptSignal) {
        let key = IndexKey.number(signal.time.nanoseconds) + signal.payload.bytes
        put([signal.kind.rawValue] + key, signal.encoded, in: Space.signals)
    }

    /// Makes everything durable: payloads first, then the journal that names them, then the index
    /// that points at both.
    ///
    /// - Returns: the batches that the index holds from now on.
    func commit(_ clock: any Clock) throws(StorageFailure) -> [BatchView] {
        guard needsCommit else { return [] }
        let hasPayloads = payloads.pendingBytes > 0
        let start = clock.monotonicNanoseconds()
        try payloads.commit(into: writes)
        let halfway = clock.monotonicNanoseconds()
        try journal.commit()
        let durable = clock.monotonicNanoseconds()
        let views = putBatches(at: durable)
        mark(journal.committedSequence)
        // Payloads are looked up in the index when they come again.
        try writer.commit(writes, atOnce: hasPayloads)
        times.payloads = halfway &- start
        times.journal = durable &- halfway
        times.index = clock.monotonicNanoseconds() &- durable
        writes = WriteBatch()
        needsCommit = false
        return views
    }

    /// Commits what was put into the index, and returns when it can be read. The journal holds what
    /// it says already.
    func commitIndex() throws(StorageFailure) {
        try writer.commit(writes, atOnce: true)
        writes = WriteBatch()
        try writer.settle()
    }

    private func putBatches(at monotonic: UInt64?) -> [BatchView] {
        defer { uncommittedBatches.removeAll() }
        return uncommittedBatches.map { entry in
            var view = entry.view
            if let monotonic, let arrival = entry.arrival {
                view.agentFinalAfter = monotonic &- arrival
            }
            put(IndexKey.number(view.number), view.encoded, in: Space.batches)
            return view
        }
    }

    /// Commits what replaying put into the index, which the journal holds already.
    func commitReplayed(upTo sequence: UInt64) throws(StorageFailure) {
        _ = putBatches(at: nil)
        mark(sequence)
        try index.commit(writes)
        writes.clear()
    }

    private func mark(_ sequence: UInt64) {
        put(IndexKey.position, IndexKey.number(sequence), in: Space.meta)
        put(IndexKey.batches, IndexKey.number(batches), in: Space.meta)
    }

    /// Returns when the index holds everything committed.
    func settle() throws(StorageFailure) { try writer.settle() }

    /// How many commits were handed to the index.
    var handedToIndex: UInt64 { writer.handed }

    /// Returns when the index holds the first so many of them.
    func settle(through count: UInt64) throws(StorageFailure) {
        try writer.settle(through: count)
    }

    /// Ends the writing of the index and closes the journals.
    func close() {
        try? writer.settle()
        journal.close()
        payloadJournal.close()
    }

    // MARK: Reading

    /// The first journal sequence that is not indexed; 0 for an empty index.
    func indexedSequence() throws(StorageFailure) -> UInt64 { try mark(IndexKey.position) }

    /// How many batches are indexed, in the order of execution.
    func indexedBatches() throws(StorageFailure) -> UInt64 { try mark(IndexKey.batches) }

    /// A number that the index keeps under a key; 0 where it keeps none.
    func mark(_ key: [UInt8]) throws(StorageFailure) -> UInt64 {
        guard let bytes = try index.get(key, in: Space.meta) else { return 0 }
        return IndexKey.number(in: bytes[...])
    }

    /// What the state entries of the index belong to; nil before the first checkpoint.
    ///
    /// - Throws: `indexUnusable` where it does not decode.
    func snapshot() throws(StorageFailure) -> StoredSnapshot? {
        guard let bytes = try index.get(IndexKey.snapshot, in: Space.meta) else { return nil }
        do { return try StoredSnapshot(decoding: bytes) } catch { throw .indexUnusable }
    }

    /// The name of an operation out of its payload; empty where it has none, or is not kept here.
    func name(ofPayload digest: Digest) -> String {
        guard let payload = try? payloads.payload(digest) else { return "" }
        return name(payload) ?? ""
    }

    /// Where a batch or operation stands in the journal; nil where it was never recorded.
    func position(ofBody digest: Digest) throws(StorageFailure) -> FramePosition? {
        guard let bytes = try index.get(digest.bytes, in: Space.bodies) else { return nil }
        var reader = ByteReader(bytes)
        return try? FramePosition(from: &reader)
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
