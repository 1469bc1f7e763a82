// Reading payloads back, and checking that every digest is right.
import Cryptography
import Primitives

extension PayloadStore {
    /// Decompressed blocks kept for the next read.
    private static let cachedBlocks = 16

    /// The bytes under a digest, nil where there are none; their digest was recomputed.
    public func payload(_ digest: Digest) throws(StorageFailure) -> [UInt8]? {
        let manifest: Manifest
        if let place = try chunkPlace(digest) {
            var single = Manifest()
            single.append(place)
            manifest = single
        } else if let stored = try indexedManifest(digest) {
            manifest = stored
        } else {
            return nil
        }
        guard let bytes = try assemble(manifest), BLAKE3.hash(bytes) == digest else {
            throw .payloadDamaged(digest)
        }
        return bytes
    }

    /// True when `payload` would return bytes or a failure.
    public func contains(_ digest: Digest) throws(StorageFailure) -> Bool {
        try indexed(digest) != nil
    }

    /// What the index says of a digest.
    func indexed(_ digest: Digest) throws(StorageFailure) -> Known? {
        if let place = try chunkPlace(digest) { return .chunk(place) }
        return try index.get(digest, in: .manifests, { _ in Known.manifest })
    }

    /// Reads every block and recomputes the digest of every chunk and of every payload.
    public func check() throws(StorageFailure) -> PayloadReport {
        var report = PayloadReport()
        report.journal = try journal.check()
        guard report.journal.faults.isEmpty else { return report }
        var failure: StorageFailure?
        try journal.replay { frame in
            do throws(StorageFailure) {
                try check(frame, &report)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        return report
    }

    private func check(
        _ frame: JournalFrame, _ report: inout PayloadReport
    ) throws(StorageFailure) {
        let bytes = Array(frame.payload)
        if frame.kind == BlockFrame.kind, let block = StoredBlock(bytes, &codec) {
            for (number, digest) in block.table.digests.enumerated() where !digest.isZero {
                let chunk = block.chunks(UInt32(number), 1) ?? []
                if BLAKE3.hash(Array(chunk)) != digest { report.damaged.append(digest) }
            }
            report.chunks += UInt64(block.table.digests.count { !$0.isZero })
        } else if frame.kind == ManifestFrame.kind, let entries = try? ManifestFrame.decode(bytes) {
            for (digest, manifest) in entries {
                let payload = try assemble(manifest)
                if payload.map({ BLAKE3.hash($0) }) != digest { report.damaged.append(digest) }
            }
            report.manifests += UInt64(entries.count)
        } else {
            report.journal.faults.append(frame.contentFault)
        }
    }

    /// The chunks one after the other; nil where one of them is not there.
    private func assemble(_ manifest: Manifest) throws(StorageFailure) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(manifest.length))
        for run in manifest.runs {
            guard let block = try block(run.start.block),
                let part = block.chunks(run.start.index, run.count),
                bytes.count + part.count <= Limits.payloadBytes
            else { return nil }
            bytes += part
        }
        return bytes
    }

    private func block(_ sequence: UInt64) throws(StorageFailure) -> StoredBlock? {
        if let place = cache.lastIndex(where: { $0.sequence == sequence }) {
            let entry = cache.remove(at: place)
            cache.append(entry)
            return entry.block
        }
        guard let position = try blockPosition(sequence) else { return nil }
        let frame = try journal.read(position)
        guard frame.kind == BlockFrame.kind, frame.sequence == sequence,
            let block = StoredBlock(frame.payload, &codec)
        else { return nil }
        if cache.count == Self.cachedBlocks { cache.removeFirst() }
        cache.append((sequence, block))
        return block
    }

    func chunkPlace(_ digest: Digest) throws(StorageFailure) -> ChunkPlace? {
        guard let found = try index.get(digest, in: .chunks, { ChunkPlace(loading: $0) }) else {
            return nil
        }
        guard let found else { throw .indexUnusable }
        return found
    }

    func indexedManifest(_ digest: Digest) throws(StorageFailure) -> Manifest? {
        guard let bytes = try index.get(digest, in: .manifests, { Array($0) }) else { return nil }
        var reader = ByteReader(bytes)
        guard let manifest = try? Manifest(from: &reader), reader.remaining == 0 else {
            throw .indexUnusable
        }
        return manifest
    }

    private func blockPosition(_ sequence: UInt64) throws(StorageFailure) -> FramePosition? {
        guard let bytes = try index.get(WriteBatch.blockKey(sequence), in: .blocks) else {
            return nil
        }
        var reader = ByteReader(bytes)
        guard let position = try? FramePosition(from: &reader) else { throw .indexUnusable }
        return position
    }
}

extension Index {
    func get<Value>(
        _ digest: Digest, in space: KeySpace, _ read: (UnsafeRawBufferPointer) -> Value
    ) throws(StorageFailure) -> Value? {
        try withUnsafePointer(to: digest) { pointer throws(StorageFailure) in
            try get(UnsafeRawBufferPointer(start: pointer, count: Digest.width), in: space, read)
        }
    }
}

extension JournalFrame {
    /// That what is in it does not decode.
    public var contentFault: JournalFault {
        JournalFault(
            segment: position.segment, offset: UInt64(position.offset), sequence: sequence,
            kind: .frameContent)
    }
}
