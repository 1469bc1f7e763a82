// Dropping payloads: blocks of sealed segments lose the chunks that no payload still wanted needs.
import Primitives

/// What pruning of payloads found and did.
public struct PayloadPruning: Hashable, Sendable {
    /// Segments written again.
    public var segments: UInt64 = 0
    /// Chunks dropped.
    public var chunks: UInt64 = 0
    /// Bytes of files, before and after, of those segments.
    public var bytesBefore: UInt64 = 0
    public var bytesAfter: UInt64 = 0

    public init() {}
}

/// The chunks that are needed.
public struct WantedChunks {
    /// Numbers of chunks by block.
    private var wanted: [UInt64: Set<UInt32>] = [:]
    private(set) var manifests: Set<Digest> = []

    fileprivate mutating func insert(_ place: ChunkPlace) {
        wanted[place.block, default: []].insert(place.index)
    }

    fileprivate mutating func insert(_ manifest: Manifest, _ digest: Digest) {
        manifests.insert(digest)
        for run in manifest.runs {
            for number in 0..<run.count {
                insert(ChunkPlace(block: run.start.block, index: run.start.index &+ number))
            }
        }
    }

    func contains(_ block: UInt64, _ number: Int) -> Bool {
        wanted[block]?.contains(UInt32(number)) ?? false
    }

    func hasAny(_ block: UInt64) -> Bool { wanted[block] != nil }
}

extension PayloadStore {
    /// Adds what a payload is put together from; one that is not kept here is passed over.
    public func want(_ digest: Digest, in wanted: inout WantedChunks) throws(StorageFailure) {
        if let place = try chunkPlace(digest) {
            wanted.insert(place)
        } else if let manifest = try indexedManifest(digest) {
            wanted.insert(manifest, digest)
        }
    }

    public func nothingWanted() -> WantedChunks { WantedChunks() }

    /// Whether a sealed segment holds chunks or manifests that are not wanted.
    func hasUnwanted(
        _ segment: UInt64, _ wanted: WantedChunks
    ) throws(StorageFailure) -> Bool {
        var found = false
        try journal.walk(segment: segment) { frame throws(StorageFailure) in
            if found { return }
            let bytes = Array(frame.payload)
            switch frame.kind {
            case BlockFrame.kind:
                let table = try? BlockTable(bytes)
                found = table?.digests.indices.contains { index in
                    table?.digests[index].isZero == false
                        && !wanted.contains(frame.sequence, index)
                } ?? false
            case ManifestFrame.kind:
                let entries = (try? ManifestFrame.decode(bytes)) ?? []
                found = entries.contains { !wanted.manifests.contains($0.digest) }
            default: break
            }
        }
        return found
    }

    /// Drops from the sealed segments whatever is not wanted. A crash leaves each segment as it was
    /// or without that; to be called again then.
    public func prune(
        keeping wanted: WantedChunks
    ) throws(StorageFailure) -> PayloadPruning {
        var report = PayloadPruning()
        let wanted = try withManifestsThatStay(wanted)
        for segment in journal.sealedSegments where try hasUnwanted(segment, wanted) {
            report.bytesBefore += try journal.bytes(ofSegment: segment)
            let dropped = WriteBatch()
            try journal.rewrite(segment: segment) { frame throws(StorageFailure) in
                try thinned(frame, wanted, dropped, &report)
            }
            // Whoever comes by one of these again must store it again.
            try index.commit(dropped)
            try index.flush()
            try RewriteIntent(.payloads, segment).put(into: index)
            try journal.exchange(segment: segment)
            try settle(rewritten: segment)
            report.segments += 1
            report.bytesAfter += try journal.bytes(ofSegment: segment)
        }
        recent.clear()
        cache.removeAll()
        return report
    }

    /// Manifests in the segment that is still written to stay, and so does what they are put
    /// together from.
    private func withManifestsThatStay(
        _ wanted: WantedChunks
    ) throws(StorageFailure) -> WantedChunks {
        var wanted = wanted
        var fault: JournalFault?
        try journal.replay(from: journal.currentSegment) { frame in
            guard frame.kind == ManifestFrame.kind else { return true }
            guard let entries = try? ManifestFrame.decode(Array(frame.payload)) else {
                fault = frame.contentFault
                return false
            }
            for (digest, manifest) in entries { wanted.insert(manifest, digest) }
            return true
        }
        if let fault { throw .damaged(fault) }
        return wanted
    }

    /// Puts the places of a rewritten segment into the index; also after a crash, whether or not
    /// the segment was exchanged.
    func settle(rewritten segment: UInt64) throws(StorageFailure) {
        let batch = WriteBatch()
        try journal.walk(segment: segment) { frame throws(StorageFailure) in
            if frame.kind == BlockFrame.kind {
                batch.put(block: frame.sequence, at: frame.position)
            }
        }
        RewriteIntent.clear(.payloads, in: batch)
        try index.commit(batch)
        try index.flush()
    }

    private func thinned(
        _ frame: JournalFrame, _ wanted: WantedChunks, _ dropped: WriteBatch,
        _ report: inout PayloadPruning
    ) throws(StorageFailure) -> FrameReplacement? {
        let bytes = Array(frame.payload)
        switch frame.kind {
        case BlockFrame.kind:
            guard let block = StoredBlock(bytes, &codec) else {
                throw .damaged(frame.contentFault)
            }
            return try thinned(block, frame.sequence, wanted, dropped, &report)
        case ManifestFrame.kind:
            guard let entries = try? ManifestFrame.decode(bytes) else {
                throw .damaged(frame.contentFault)
            }
            var kept = ByteWriter()
            for (digest, manifest) in entries {
                if wanted.manifests.contains(digest) {
                    kept.write(digest)
                    manifest.write(to: &kept)
                } else {
                    dropped.delete(digest.bytes, in: .manifests)
                }
            }
            return FrameReplacement(kind: ManifestFrame.kind, payload: kept.bytes)
        default: return nil
        }
    }

    /// The block without what is not wanted: the numbers of the others stay, since manifests name
    /// chunks by them.
    private func thinned(
        _ block: StoredBlock, _ sequence: UInt64, _ wanted: WantedChunks,
        _ dropped: WriteBatch, _ report: inout PayloadPruning
    ) throws(StorageFailure) -> FrameReplacement? {
        var open = OpenBlock()
        var hasDropped = false
        for (number, digest) in block.table.digests.enumerated() {
            let isWanted = wanted.contains(sequence, number)
            if isWanted, let chunk = block.chunks(UInt32(number), 1) {
                Array(chunk).withUnsafeBytes { open.append(digest, $0) }
                continue
            }
            open.append(Digest(), UnsafeRawBufferPointer(start: nil, count: 0))
            guard !digest.isZero else { continue }
            hasDropped = true
            report.chunks += 1
            let place = ChunkPlace(block: sequence, index: UInt32(number))
            if try chunkPlace(digest) == place { dropped.delete(digest.bytes, in: .chunks) }
        }
        guard hasDropped else { return nil }
        if !wanted.hasAny(sequence) { open.clear() }
        let parts = open.parts(compressed: codec.compress(open.raw))
        return FrameReplacement(
            kind: BlockFrame.kind, payload: parts.header + parts.table + parts.body)
    }
}
