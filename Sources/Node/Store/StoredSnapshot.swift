// What the state entries in the index belong to: a checkpoint and its place in the journal.
import Primitives
import Records

struct StoredSnapshot: Hashable, Sendable {
    var checkpoint: Checkpoint
    /// The sequence of the first journal frame that a start from here needs.
    var replayFrom: UInt64
    /// Batches executed up to it.
    var batchCount: UInt64

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.writeCounted(checkpoint.encoded)
        writer.write(replayFrom)
        writer.write(batchCount)
        return writer.bytes
    }

    init(checkpoint: Checkpoint, replayFrom: UInt64, batchCount: UInt64) {
        self.checkpoint = checkpoint
        self.replayFrom = replayFrom
        self.batchCount = batchCount
    }

    init(decoding raw: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(raw)
        checkpoint = try Checkpoint(decoding: try reader.readCounted(limit: raw.count))
        replayFrom = try reader.read()
        batchCount = try reader.read()
        try reader.finish()
    }
}
