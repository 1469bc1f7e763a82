// What the state entries in the index belong to: a checkpoint and its place in the journal.
import Primitives
import Records

struct Snapshot: Hashable, Sendable {
    var checkpoint: Checkpoint
    /// The sequence of the first journal frame after the checkpoint's.
    var nextSequence: UInt64
    /// Batches accepted up to it.
    var batchCount: UInt64

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.writeCounted(checkpoint.encoded)
        writer.write(nextSequence)
        writer.write(batchCount)
        return writer.bytes
    }

    init(checkpoint: Checkpoint, nextSequence: UInt64, batchCount: UInt64) {
        self.checkpoint = checkpoint
        self.nextSequence = nextSequence
        self.batchCount = batchCount
    }

    init(decoding raw: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(raw)
        checkpoint = try Checkpoint(decoding: try reader.readCounted(limit: raw.count))
        nextSequence = try reader.read()
        batchCount = try reader.read()
        try reader.finish()
    }
}
