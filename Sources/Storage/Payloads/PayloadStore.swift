// The payload store: byte strings under their digest, in chunks that are each stored once.
import Compression
import Cryptography
import Primitives

/// Content-addressed payloads over a journal of its own. `stage` takes payloads, `commit` makes
/// them durable and hands the index keys over, and from the moment the caller commits that batch
/// `payload` returns them.
///
/// The digest of a payload is the plain BLAKE3 of its bytes. Payloads of up to
/// `ChunkCutter.meanBytes` are one chunk.
public final class PayloadStore {
    let journal: Journal
    /// The index it was opened with: the caller commits the batches of `commit(into:)` to it.
    public let index: Index
    let settings: PayloadSettings
    var codec: ZstdCodec
    public internal(set) var statistics = PayloadStatistics()
    var recent = RecentDigests()
    var fingerprints = Fingerprints()
    var cache: [(sequence: UInt64, block: StoredBlock)] = []
    private var block = OpenBlock()
    private var chunks: [(digest: Digest, place: ChunkPlace)] = []
    private var blocks: [(sequence: UInt64, position: FramePosition)] = []
    private var manifests = ByteWriter()
    private var manifestRanges: [(digest: Digest, range: Range<Int>)] = []
    private var committed = PayloadStatistics()

    /// Takes both over; nothing else may append to the journal. Frames that the index does not
    /// know yet are indexed first: after a crash a few, after the index was destroyed all.
    public init(
        journal: Journal, index: Index, settings: PayloadSettings = PayloadSettings()
    ) throws(StorageFailure) {
        self.journal = journal
        self.index = index
        self.settings = settings
        do {
            codec = try ZstdCodec(level: min(max(settings.compressionLevel, 1), 19))
        } catch {
            throw .index(.open, "out of memory for zstd")
        }
        try completeIndex()
        committed = statistics
    }

    /// Bytes of new content that wait for `commit`; commit before they reach 64 MiB.
    public var pendingBytes: Int { journal.bufferedBytes + block.raw.count + manifests.bytes.count }

    /// Takes a payload, unless it is stored already, and returns its digest. After a failure
    /// everything staged since the last commit is dropped.
    public func stage(_ payload: UnsafeRawBufferPointer) throws(StorageFailure) -> Digest {
        let digest = BLAKE3.hash(payload)
        try stage(payload, digest: digest)
        return digest
    }

    /// The same where the payload was hashed before.
    /// - Parameter digest: its plain BLAKE3 digest. A wrong one is found when it is read.
    public func stage(
        _ payload: UnsafeRawBufferPointer, digest: Digest
    ) throws(StorageFailure) {
        guard payload.count <= Limits.payloadBytes else {
            throw .tooLarge(bytes: payload.count, limit: Limits.payloadBytes)
        }
        statistics.payloads += 1
        statistics.payloadBytes += UInt64(payload.count)
        do throws(StorageFailure) {
            if try find(digest) != nil { return }
            if payload.count <= ChunkCutter.meanBytes {
                _ = try add(digest, payload)
            } else {
                try cut(payload, digest)
            }
        } catch {
            drop()
            throw error
        }
    }

    /// The same for an array.
    public func stage(_ payload: [UInt8], digest: Digest) throws(StorageFailure) {
        try payload.withUnsafeBufferPointer { bytes throws(StorageFailure) in
            try stage(UnsafeRawBufferPointer(bytes), digest: digest)
        }
    }

    /// The same for an array.
    public func stage(_ payload: [UInt8]) throws(StorageFailure) -> Digest {
        try payload.withUnsafeBufferPointer { bytes throws(StorageFailure) in
            try stage(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Makes all staged payloads durable and puts their keys into `batch`, which the caller must
    /// commit to the index before the next one; until then they are not found. When that fails,
    /// this object is of no more use: opening the store again finds the keys in the journal. When
    /// this throws, the batch is as it was and the payloads are dropped; they can be staged
    /// again.
    public func commit(into batch: WriteBatch) throws(StorageFailure) {
        do throws(StorageFailure) {
            try sealBlock()
            try sealManifests()
            try journal.commit()
        } catch {
            drop()
            throw error
        }
        // RocksDB takes neighbours faster than strangers.
        chunks.sort { $0.digest < $1.digest }
        for (digest, place) in chunks { batch.put(digest, place.bytes, in: .chunks) }
        for (sequence, position) in blocks { batch.put(block: sequence, at: position) }
        for (digest, range) in manifestRanges {
            batch.put(digest, Array(manifests.bytes[range]), in: .manifests)
        }
        putProgress(into: batch)
        committed = statistics
        clearPending()
    }

    /// Forgets what was staged since the last commit.
    public func discard() { drop() }

    /// Closes the journal; what is not committed is gone. The index stays open while it is held.
    public func close() {
        drop()
        journal.close()
    }

    private func drop() {
        journal.discard()
        statistics = committed
        // It may name places that will now hold something else.
        recent.clear()
        clearPending()
    }

    private func clearPending() {
        block.clear()
        chunks.removeAll(keepingCapacity: true)
        blocks.removeAll(keepingCapacity: true)
        manifests.bytes.removeAll(keepingCapacity: true)
        manifestRanges.removeAll(keepingCapacity: true)
    }

    /// What is stored or pending under a digest; nil may also mean that it was forgotten, see
    /// `Fingerprints`.
    private func find(_ digest: Digest) throws(StorageFailure) -> Known? {
        if let known = recent.find(digest) { return known }
        guard fingerprints.mayContain(digest) else { return nil }
        guard let known = try indexed(digest) else { return nil }
        recent.insert(digest, known)
        return known
    }

    private func cut(_ payload: UnsafeRawBufferPointer, _ digest: Digest) throws(StorageFailure) {
        var manifest = Manifest()
        manifest.length = UInt32(payload.count)
        var rest = payload
        while !rest.isEmpty {
            let length = ChunkCutter.firstLength(of: rest)
            let chunk = UnsafeRawBufferPointer(rebasing: rest[..<length])
            rest = UnsafeRawBufferPointer(rebasing: rest[length...])
            let chunkDigest = BLAKE3.hash(chunk)
            if case .chunk(let place) = try find(chunkDigest) {
                manifest.append(place)
            } else {
                manifest.append(try add(chunkDigest, chunk))
            }
        }
        let start = manifests.bytes.count
        manifests.write(digest)
        manifest.write(to: &manifests)
        let range = start + Digest.width..<manifests.bytes.count
        manifestRanges.append((digest, range))
        remember(digest, .manifest)
    }

    /// Puts a chunk into the open block, which will get the next sequence of the journal.
    private func add(
        _ digest: Digest, _ chunk: UnsafeRawBufferPointer
    ) throws(StorageFailure) -> ChunkPlace {
        let limit = min(max(settings.blockBytes, PayloadSettings.blockBytesRange.lowerBound),
            PayloadSettings.blockBytesRange.upperBound)
        if block.raw.count + chunk.count > limit { try sealBlock() }
        let place = ChunkPlace(block: journal.nextSequence, index: block.count)
        block.append(digest, chunk)
        chunks.append((digest, place))
        remember(digest, .chunk(place))
        statistics.chunks += 1
        statistics.chunkBytes += UInt64(chunk.count)
        return place
    }

    private func remember(_ digest: Digest, _ known: Known) {
        recent.insert(digest, known)
        fingerprints.insert(digest)
    }

    private func sealBlock() throws(StorageFailure) {
        guard block.count > 0 else { return }
        let (header, table, body) = block.parts(compressed: codec.compress(block.raw))
        let sequence = journal.nextSequence
        let position = try append(BlockFrame.kind, header, table, body)
        blocks.append((sequence, position))
        block.clear()
    }

    private func sealManifests() throws(StorageFailure) {
        guard !manifestRanges.isEmpty else { return }
        _ = try append(ManifestFrame.kind, manifests.bytes, [], [])
    }

    private func append(
        _ kind: UInt8, _ first: [UInt8], _ second: [UInt8], _ third: [UInt8]
    ) throws(StorageFailure) -> FramePosition {
        statistics.storedBytes += UInt64(first.count + second.count + third.count)
        return try first.withUnsafeBufferPointer { first throws(StorageFailure) in
            try second.withUnsafeBufferPointer { second throws(StorageFailure) in
                try third.withUnsafeBufferPointer { third throws(StorageFailure) in
                    let parts = [first, second, third].map { UnsafeRawBufferPointer($0) }
                    return try journal.append(kind: kind, parts: parts)
                }
            }
        }
    }
}
