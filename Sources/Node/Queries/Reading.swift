// How queries read: entries of the index with their failures named, and batches out of the journal.
import Primitives
import Records
import Storage

/// A batch read back, with the digests that its records' parents need.
struct DecodedBatch {
    var columns: RecordColumns
    var digests: [Digest]

    func view(_ row: Int, number: UInt64, checkpoint: UInt64?) -> RecordView {
        RecordView(
            id: RecordID(batch: number, row: row),
            record: columns.record(at: row, digests: digests), digest: digests[row],
            checkpoint: checkpoint)
    }
}

/// The batches read last: pages of one run mostly lie in one batch.
struct DecodedBatches {
    /// Batches kept, at most; a full one is about 20 MB.
    private static let most = 4

    private var entries: [(number: UInt64, batch: DecodedBatch)] = []

    func find(_ number: UInt64) -> DecodedBatch? {
        entries.first { $0.number == number }?.batch
    }

    mutating func keep(_ number: UInt64, _ batch: DecodedBatch) {
        if entries.count == Self.most { entries.removeFirst() }
        entries.append((number, batch))
    }
}

extension Working {
    /// The failure of a read, whose segment is asked for where it lies elsewhere.
    func asking(_ failure: StorageFailure) -> NodeFailure {
        if case .archived(let segment) = failure { fetch?(segment) }
        return .storage(failure)
    }

    func entries(_ scan: IndexScan) throws(NodeFailure) -> [IndexEntry] {
        do { return try store.index.entries(scan) } catch { throw .storage(error) }
    }

    func get(_ key: [UInt8], in space: KeySpace) throws(NodeFailure) -> [UInt8]? {
        do { return try store.index.get(key, in: space) } catch { throw .storage(error) }
    }

    func read<Value>(
        _ key: [UInt8], in space: KeySpace, name: String,
        _ decode: ([UInt8]) throws(DecodingFailure) -> Value
    ) throws(NodeFailure) -> Value? {
        guard let raw = try get(key, in: space) else { return nil }
        do { return try decode(raw) } catch { throw .index(space: name, error) }
    }

    /// A page of a space whose keys are numbers after `prefix`, the highest first.
    func page<Item: Sendable>(
        _ space: KeySpace, prefix: [UInt8] = [], after: [UInt8]?, limit: Int, name: String,
        _ decode: ([UInt8]) throws(DecodingFailure) -> Item
    ) throws(NodeFailure) -> Page<Item> {
        var scan = IndexScan(space)
        scan.prefix = prefix
        scan.isDescending = true
        scan.limit = limit + 1
        if let after { scan.start = .after(after) }
        let found = try entries(scan)
        var items: [Item] = []
        for entry in found.prefix(limit) {
            do { items.append(try decode(entry.value)) } catch { throw .index(space: name, error) }
        }
        return Page(items: items, next: found.count > limit ? found[limit - 1].key : nil)
    }

    func batch(_ number: UInt64) throws(NodeFailure) -> BatchView? {
        try read(IndexKey.number(number), in: Space.batches, name: "batches") {
            raw throws(DecodingFailure) in try BatchView(decoding: raw)
        }
    }

    /// When a batch was closed; nil for 0 and for one that is not there.
    func closing(ofBatch number: UInt64) throws(NodeFailure) -> Instant? {
        number == 0 ? nil : try batch(number)?.header.closed
    }

    func placement(_ number: UInt64) throws(NodeFailure) -> Placement? {
        try read(IndexKey.number(number), in: Space.placements, name: "placements") {
            raw throws(DecodingFailure) in try Placement(decoding: raw)
        }
    }

    func placement(operation digest: Digest) throws(NodeFailure) -> Placement? {
        try read(digest.bytes, in: Space.operationPlacements, name: "operationPlacements") {
            raw throws(DecodingFailure) in try Placement(decoding: raw)
        }
    }

    func checkpoint(_ height: UInt64) throws(NodeFailure) -> CheckpointView? {
        try read(IndexKey.number(height), in: Space.checkpoints, name: "checkpoints") {
            raw throws(DecodingFailure) in try CheckpointView(decoding: raw)
        }
    }

    func places(
        of run: RunKey, limit: Int = .max
    ) throws(NodeFailure) -> [RecordPlace] {
        do { return try store.places(of: run, limit: limit) } catch { throw .storage(error) }
    }

    func summary(_ runKey: [UInt8]) throws(NodeFailure) -> RunSummary? {
        try read(runKey, in: Space.runs, name: "runs") {
            raw throws(DecodingFailure) in try RunSummary(decoding: raw)
        }
    }

    /// Everybody's runs of one id, by their first record: whoever takes up a foreign id later
    /// stands behind the run that was there.
    func runs(_ id: RunID) throws(NodeFailure) -> [RunSummary] {
        var scan = IndexScan(Space.runs)
        scan.prefix = id.bytes
        scan.limit = QueryLimits.ownersPerRun
        var found: [(summary: RunSummary, first: RecordID)] = []
        for entry in try entries(scan) {
            let summary: RunSummary
            do { summary = try RunSummary(decoding: entry.value) } catch {
                throw .index(space: "runs", error)
            }
            let key = RunKey(run: summary.run, owner: summary.owner)
            if let first = try places(of: key, limit: 1).first {
                found.append((summary, first.id))
            } else if summary.lastBatch <= store.prunedThrough {
                found.append((summary, RecordID(batch: summary.lastBatch, row: 0)))
            }
        }
        return found.sorted { ($0.first.batch, $0.first.row) < ($1.first.batch, $1.first.row) }
            .map(\.summary)
    }

    func record(_ id: RecordID) throws(NodeFailure) -> RecordView? {
        guard try batch(id.batch) != nil else { return nil }
        let decoded = try batch(decoding: id.batch)
        guard id.row < decoded.columns.count else { return nil }
        return decoded.view(id.row, number: id.batch, checkpoint: try placement(id.batch)?.height)
    }

    /// The records at places, which lie batch by batch: each batch is looked up once.
    func records(at places: [RecordPlace]) throws(NodeFailure) -> [RecordView] {
        var views: [RecordView] = []
        views.reserveCapacity(places.count)
        var current: (number: UInt64, batch: DecodedBatch, height: UInt64?)?
        for place in places {
            if current?.number != place.batch {
                current = (
                    place.batch, try batch(decoding: place.batch),
                    try placement(place.batch)?.height
                )
            }
            guard let (number, batch, height) = current, place.row < batch.columns.count else {
                continue
            }
            views.append(batch.view(Int(place.row), number: number, checkpoint: height))
        }
        return views
    }

    /// The highest number not above `limit` of a batch that is indexed and holds a record of
    /// `agent`.
    func newestBatch(upTo limit: UInt64, of agent: AgentID?) throws(NodeFailure) -> UInt64? {
        var scan = IndexScan(agent == nil ? Space.batches : Space.agentBatches)
        scan.prefix = agent?.bytes ?? []
        scan.start = .at(scan.prefix + IndexKey.number(limit))
        scan.isDescending = true
        scan.limit = 1
        return try entries(scan).first.map { IndexKey.number(in: $0.key.suffix(8)) }
    }

    /// A batch out of the journal, its columns decoded; the number is one that the index has.
    func batch(decoding number: UInt64) throws(NodeFailure) -> DecodedBatch {
        if let known = decoded.find(number) { return known }
        guard number > store.prunedThrough else { throw .pruned(batch: number) }
        guard let view = try batch(number) else {
            throw .index(space: "batches", DecodingFailure(.truncated, at: 0))
        }
        let batch = try sealedBatch(view)
        do {
            let columns = try RecordColumns(decoding: batch.body)
            let result = DecodedBatch(columns: columns, digests: columns.recordDigests())
            decoded.keep(number, result)
            return result
        } catch { throw .index(space: "batches", error) }
    }

    /// The batch as it was accepted.
    func sealedBatch(_ view: BatchView) throws(NodeFailure) -> Batch {
        let frame: StoredFrame
        do { frame = try store.journal.read(view.position) } catch { throw asking(error) }
        do {
            var reader = ByteReader(frame.payload)
            _ = try reader.readInstant()
            return try Batch(decoding: try reader.readSlice(count: reader.remaining))
        } catch { throw .frame(sequence: frame.sequence, .malformed(error)) }
    }
}
