// Pruning a store: payloads first, then the records of old batches. What everything else rests on
// stays: operations, batch headers and totals, blocks, certificates, checkpoints.
import Environment
import Ledger
import Primitives
import Records
import Replica
import Storage

/// How much goes.
public enum PruneScope: Hashable, Sendable {
    /// The payloads of old records; the records stay.
    case payloads
    /// Payloads and records.
    case records
}

/// What pruning did.
public struct PruneReport: Hashable, Sendable {
    /// The last batch whose records or payloads are gone; 0 for none.
    public var through: UInt64 = 0
    /// Batches that lost their records now, and how many those were.
    public var batches: UInt64 = 0
    public var records: UInt64 = 0
    public var payloads = PayloadPruning()
    /// Segments of the records' journal written again, and their bytes.
    public var segments: UInt64 = 0
    public var bytesBefore: UInt64 = 0
    public var bytesAfter: UInt64 = 0

    public init() {}
}

public enum StorePrune {
    /// Drops what belongs to batches closed before `before`, as far as they are in certified
    /// checkpoints and nothing before them is younger. Segments that are still written to stay
    /// whole. May be called again after a crash, and finishes then what was begun.
    ///
    /// - Throws: what makes a node refuse to start.
    public static func run(
        _ opening: StoreOpening, before: Instant, scope: PruneScope, clock: any Clock
    ) throws(NodeFailure) -> PruneReport {
        let genesis = try Node.genesis(of: opening)
        let replica = Replica(
            genesis: genesis, key: nil, settings: ReplicaSettings(chain: genesis.settings))
        // The index is completed from the journal by this.
        let working = try Node.load(
            replica, submitter: nil, settings: NodeSettings(), opening: opening, clock: clock)
        defer { working.store.close() }
        do throws(StorageFailure) {
            try working.store.settle()
            try working.store.index.flush()
            var pruning = try Pruning(
                store: working.store, before: before, last: working.core.placedBatches)
            try pruning.run(scope)
            return pruning.report
        } catch { throw .storage(error) }
    }
}

private struct Pruning {
    let store: Store
    let before: Instant
    var report = PruneReport()
    /// Numbers of the batches that were carried out.
    private var numbers: [Digest: UInt64] = [:]

    init(store: Store, before: Instant, last: UInt64) throws(StorageFailure) {
        self.store = store
        self.before = before
        var isYounger = false
        var through: UInt64 = 0
        var numbers: [Digest: UInt64] = [:]
        try store.forEachBatch { view in
            numbers[view.digest] = view.number
            if view.number > last || view.header.closed >= before { isYounger = true }
            if !isYounger { through = view.number }
        }
        self.numbers = numbers
        report.through = max(through, store.prunedThrough)
    }

    mutating func run(_ scope: PruneScope) throws(StorageFailure) {
        guard report.through > 0 else { return }
        try store.mark(prunedThrough: report.through, scope)
        report.payloads = try store.payloads.prune(keeping: try wanted())
        guard scope == .records else { return }
        for segment in store.journal.sealedSegments where try hasRecords(segment) {
            try prune(segment)
        }
        try store.forgetRows(upTo: report.through)
    }

    private func isOld(_ digest: Digest) -> Bool {
        numbers[digest].map { $0 <= report.through } ?? false
    }

    /// What the records that stay, and the metrics and logs from `before` on, are put together
    /// from.
    private func wanted() throws(StorageFailure) -> WantedChunks {
        var wanted = store.payloads.nothingWanted()
        var failure: StorageFailure?
        try store.journal.replay { frame in
            do throws(StorageFailure) {
                try want(frame, in: &wanted)
            } catch { failure = error }
            return failure == nil
        }
        if let failure { throw failure }
        return wanted
    }

    private func want(
        _ frame: JournalFrame, in wanted: inout WantedChunks
    ) throws(StorageFailure) {
        let bytes = Array(frame.payload)
        if let signal = try? KeptSignal(decoding: bytes),
            frame.kind == JournalEntry.Kind.signal.rawValue, signal.time >= before
        {
            try store.payloads.want(signal.payload, in: &wanted)
        }
        guard let batch = frame.sealedBatch, !isOld(batch.header.digest) else { return }
        guard let columns = try? RecordColumns(decoding: batch.body) else {
            throw .damaged(frame.contentFault)
        }
        for row in 0..<columns.count {
            try store.payloads.want(columns.payloadDigest(at: row), in: &wanted)
        }
    }

    private func hasRecords(_ segment: UInt64) throws(StorageFailure) -> Bool {
        var found = false
        try store.journal.walk(segment: segment) { frame throws(StorageFailure) in
            if !found, frame.kind == JournalEntry.Kind.batch.rawValue,
                let digest = frame.headerDigest
            {
                found = isOld(digest)
            }
        }
        return found
    }

    private mutating func prune(_ segment: UInt64) throws(StorageFailure) {
        report.bytesBefore += try store.journal.bytes(ofSegment: segment)
        try store.journal.rewrite(segment: segment) { frame throws(StorageFailure) in
            guard frame.kind == JournalEntry.Kind.batch.rawValue,
                let digest = frame.headerDigest, isOld(digest)
            else { return nil }
            return try replacement(of: frame)
        }
        try SegmentExchange.run(segment: segment, of: store.journal, in: store.index) {
            batch throws(StorageFailure) in
            try store.putPlaces(ofSegment: segment, numbers, into: batch)
        }
        report.segments += 1
        report.bytesAfter += try store.journal.bytes(ofSegment: segment)
    }

    private mutating func replacement(
        of frame: JournalFrame
    ) throws(StorageFailure) -> FrameReplacement {
        guard case .body(let time, .batch(let batch))? = try? JournalEntry(
            kind: .batch, decoding: Array(frame.payload)),
            let pruned = try? PrunedBatch(of: batch)
        else { throw .damaged(frame.contentFault) }
        report.batches += 1
        report.records += UInt64(batch.columns.count)
        let entry = JournalEntry.pruned(time, pruned)
        return FrameReplacement(kind: entry.kind.rawValue, payload: entry.encoded)
    }
}
