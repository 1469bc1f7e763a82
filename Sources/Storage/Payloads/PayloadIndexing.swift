// The index keys of the payload store: written with each commit, completed when it is opened.
import Primitives

extension WriteBatch {
    /// Big-endian, so that the order of keys is that of sequences.
    static func blockKey(_ sequence: UInt64) -> [UInt8] {
        withUnsafeBytes(of: sequence.bigEndian) { Array($0) }
    }

    func put(_ digest: Digest, _ value: [UInt8], in space: KeySpace) {
        withUnsafeBytes(of: digest) { key in value.withUnsafeBytes { put(key, $0, in: space) } }
    }

    func put(block sequence: UInt64, at position: FramePosition) {
        var writer = ByteWriter(capacity: 16)
        position.write(to: &writer)
        put(Self.blockKey(sequence), writer.bytes, in: .blocks)
    }
}

extension PayloadStore {
    private static let progressKey: [UInt8] = Array("payloads".utf8)
    /// Keys of one batch while the index is completed.
    private static let keysPerBatch = 20_000

    /// The sequence up to which the index knows the journal, and the figures.
    func putProgress(into batch: WriteBatch, upTo sequence: UInt64? = nil) {
        var writer = ByteWriter()
        writer.write(sequence ?? journal.committedSequence)
        statistics.write(to: &writer)
        batch.put(Self.progressKey, writer.bytes, in: .meta)
    }

    private func loadProgress() throws(StorageFailure) -> UInt64 {
        guard let bytes = try index.get(Self.progressKey, in: .meta) else { return 0 }
        var reader = ByteReader(bytes)
        guard let next = try? reader.read(UInt64.self),
            let figures = try? PayloadStatistics(from: &reader)
        else { throw .indexUnusable }
        statistics = figures
        return next
    }

    /// Reads on from where the index ends, and then remembers what is stored.
    func completeIndex() throws(StorageFailure) {
        if let left = try RewriteIntent.left(.payloads, in: index) {
            try settle(rewritten: left.segment)
        }
        let next = try loadProgress()
        guard next <= journal.committedSequence else {
            throw .indexAheadOfJournal(indexed: next, journal: journal.committedSequence)
        }
        if next < journal.committedSequence { try completeIndex(from: next) }
        for space in [KeySpace.chunks, .manifests] {
            var scan = IndexScan(space)
            scan.limit = Fingerprints.capacity / 2
            try index.scan(scan) { key, _ in
                if key.count == Digest.width { fingerprints.insert(Digest(loading: key)) }
                return true
            }
        }
    }

    private func completeIndex(from next: UInt64) throws(StorageFailure) {
        let batch = WriteBatch()
        var failure: StorageFailure?
        try journal.replay(from: next) { frame in
            do throws(StorageFailure) {
                guard put(frame, into: batch) else { throw .damaged(frame.contentFault) }
                if batch.count >= Self.keysPerBatch {
                    putProgress(into: batch, upTo: frame.sequence + 1)
                    try index.commit(batch)
                    batch.clear()
                }
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        putProgress(into: batch)
        try index.commit(batch)
    }

    /// The keys of one frame; false where it does not decode.
    private func put(_ frame: JournalFrame, into batch: WriteBatch) -> Bool {
        let bytes = Array(frame.payload)
        statistics.storedBytes += UInt64(bytes.count)
        switch frame.kind {
        case BlockFrame.kind:
            guard let table = try? BlockTable(bytes) else { return false }
            batch.put(block: frame.sequence, at: frame.position)
            // Of chunks that were pruned nothing but the number is left.
            for (number, digest) in table.digests.enumerated() where !digest.isZero {
                let place = ChunkPlace(block: frame.sequence, index: UInt32(number))
                batch.put(digest, place.bytes, in: .chunks)
            }
            statistics.chunks += UInt64(table.digests.count { !$0.isZero })
            statistics.chunkBytes += UInt64(table.rawLength)
            return true
        case ManifestFrame.kind:
            guard let entries = try? ManifestFrame.decode(bytes) else { return false }
            for (digest, manifest) in entries {
                var writer = ByteWriter()
                manifest.write(to: &writer)
                batch.put(digest, writer.bytes, in: .manifests)
            }
            return true
        default:
            return false
        }
    }
}
