// What a store knows of its own pruning: how far it went, and where frames are now.
import Ledger
import Primitives
import Records
import Replica
import Storage

extension JournalFrame {
    /// A batch as it was accepted; nil for other frames.
    var sealedBatch: Batch? {
        guard kind == JournalEntry.Kind.batch.rawValue, payload.count > 8 else { return nil }
        return try? Batch(decoding: Array(payload[8...]))
    }

    /// The digest of a batch, whole or pruned; the frame's payload begins with a time.
    var headerDigest: Digest? {
        guard payload.count >= 8 + BatchHeader.width else { return nil }
        return try? BatchHeader(decoding: Array(payload[8..<8 + BatchHeader.width])).digest
    }

    /// The digest of the batch or operation in it.
    fileprivate var bodyDigest: Digest? {
        switch JournalEntry.Kind(rawValue: kind) {
        case .batch, .pruned: headerDigest
        case .operation:
            try? SignedOperation(decoding: Array(payload.dropFirst(8))).digest
        default: nil
        }
    }
}

extension Store {
    /// Calls `visit` with every batch that was carried out, by number.
    func forEachBatch(_ visit: (BatchView) -> Void) throws(StorageFailure) {
        var isSound = true
        try index.scan(IndexScan(Space.batches)) { _, value in
            guard let view = try? BatchView(decoding: Array(value)) else {
                isSound = false
                return false
            }
            visit(view)
            return true
        }
        guard isSound else { throw .indexUnusable }
    }

    /// Says durably that what belongs to batches up to this number is gone, before it is.
    func mark(prunedThrough number: UInt64, _ scope: PruneScope) throws(StorageFailure) {
        let batch = WriteBatch()
        forgetCompaction(in: batch)
        payloadsPrunedThrough = max(number, payloadsPrunedThrough)
        batch.put(
            IndexKey.prunedPayloads, IndexKey.number(payloadsPrunedThrough), in: Space.meta)
        if scope == .records {
            prunedThrough = max(number, prunedThrough)
            batch.put(IndexKey.pruned, IndexKey.number(prunedThrough), in: Space.meta)
        }
        try index.commit(batch)
        try index.flush()
    }

    /// While the index is made again: a batch came up that has no records any more.
    func note(pruned number: UInt64) {
        guard number > prunedThrough else { return }
        prunedThrough = number
        payloadsPrunedThrough = max(number, payloadsPrunedThrough)
        put(IndexKey.pruned, IndexKey.number(number), in: Space.meta)
        put(IndexKey.prunedPayloads, IndexKey.number(payloadsPrunedThrough), in: Space.meta)
    }

    /// Puts the places of the bodies of one segment, which were moved.
    func putPlaces(
        ofSegment segment: UInt64, _ numbers: [Digest: UInt64], into batch: WriteBatch
    ) throws(StorageFailure) {
        try journal.walk(segment: segment) { frame throws(StorageFailure) in
            guard let digest = frame.bodyDigest else { return }
            var writer = ByteWriter(capacity: 16)
            frame.position.write(to: &writer)
            batch.put(digest.bytes, writer.bytes, in: Space.bodies)
            guard let number = numbers[digest].map(IndexKey.number),
                let raw = try index.get(number, in: Space.batches),
                var view = try? BatchView(decoding: raw)
            else { return }
            view.position = frame.position
            view.bytes = UInt64(frame.position.length)
            batch.put(number, view.encoded, in: Space.batches)
        }
    }

    /// Finishes an exchange of segments that a crash interrupted.
    func settleExchange() throws(StorageFailure) {
        guard let segment = try SegmentExchange.interrupted(in: index) else { return }
        var numbers: [Digest: UInt64] = [:]
        try forEachBatch { numbers[$0.digest] = $0.number }
        try SegmentExchange.settle(index) { batch throws(StorageFailure) in
            try putPlaces(ofSegment: segment, numbers, into: batch)
        }
    }

    /// Removes the places of the records of batches up to this number.
    func forgetRows(upTo number: UInt64) throws(StorageFailure) {
        for space in [Space.operations, Space.agentBatches] {
            var batch = WriteBatch()
            var failure: StorageFailure?
            try index.scan(IndexScan(space)) { key, _ in
                let bytes = Array(key)
                guard IndexKey.number(in: bytes.suffix(8)) <= number else { return true }
                batch.delete(bytes, in: space)
                guard batch.count >= 20_000 else { return true }
                do throws(StorageFailure) { try index.commit(batch) } catch { failure = error }
                batch = WriteBatch()
                return failure == nil
            }
            if let failure { throw failure }
            try index.commit(batch)
        }
        try index.flush()
    }
}

extension Node {
    /// Whether nothing is left of a run but its sums.
    public func isPruned(_ run: RunSummary) -> Bool {
        run.lastBatch <= working?.store.prunedThrough ?? 0
    }

    /// Whether the payloads of the records of a batch were pruned.
    public func arePayloadsPruned(ofBatch number: UInt64) -> Bool {
        number <= working?.store.payloadsPrunedThrough ?? 0
    }
}
