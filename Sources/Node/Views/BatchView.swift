// What the index keeps of a batch and of a checkpoint: enough to list them and to find them in the
// journal.
import Primitives
import Records
import Storage

/// A batch in a list.
public struct BatchView: Hashable, Sendable {
    /// In order of acceptance, from 1.
    public var number: UInt64
    public var digest: Digest
    public var header: BatchHeader
    /// Bytes in the journal.
    public var bytes: UInt64
    /// Nanoseconds from the arrival of its first record until it was durable; 0 where that is not
    /// known.
    public var agentFinalAfter: UInt64
    var position: FramePosition

    var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 320)
        writer.write(number)
        writer.write(digest)
        writer.writeCounted(header.encoded)
        writer.write(bytes)
        writer.write(agentFinalAfter)
        position.write(to: &writer)
        return writer.bytes
    }
}

extension BatchView {
    init(decoding raw: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(raw)
        number = try reader.read()
        digest = try reader.read()
        header = try BatchHeader(decoding: try reader.readCounted(limit: BatchHeader.width))
        bytes = try reader.read()
        agentFinalAfter = try reader.read()
        position = try FramePosition(from: &reader)
        try reader.finish()
    }
}

/// One thing a checkpoint put in order.
public struct ItemView: Hashable, Sendable {
    public var item: CheckpointItem
    /// The batch's number; nil for an operation.
    public var batch: UInt64?
}

/// A checkpoint in a list.
public struct CheckpointView: Hashable, Sendable {
    public var checkpoint: Checkpoint
    /// In the order of the tree.
    public var items: [ItemView]

    public init(checkpoint: Checkpoint, items: [ItemView]) {
        self.checkpoint = checkpoint
        self.items = items
    }

    var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 512 + items.count * 41)
        writer.writeCounted(checkpoint.encoded)
        writer.write(UInt32(items.count))
        for item in items {
            switch item.item {
            case .batch(let digest):
                writer.write(UInt8(1))
                writer.write(digest)
            case .operation(let digest):
                writer.write(UInt8(2))
                writer.write(digest)
            case .refused(let digest):
                writer.write(UInt8(3))
                writer.write(digest)
            }
            writer.write(item.batch ?? 0)
        }
        return writer.bytes
    }

    init(decoding raw: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(raw)
        checkpoint = try Checkpoint(decoding: try reader.readCounted(limit: raw.count))
        items = []
        for _ in 0..<(try reader.read(UInt32.self)) {
            let start = reader.offset
            let (kind, digest): (UInt8, Digest) = (try reader.read(), try reader.read())
            let number = try reader.read(UInt64.self)
            switch kind {
            case 1: items.append(ItemView(item: .batch(digest), batch: number))
            case 2: items.append(ItemView(item: .operation(digest), batch: nil))
            case 3: items.append(ItemView(item: .refused(digest), batch: nil))
            default: throw DecodingFailure(.outOfRange, at: start)
            }
        }
        try reader.finish()
    }
}

/// Where a batch stands in a checkpoint.
struct Placement: Hashable, Sendable {
    var height: UInt64
    var index: UInt32

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(height)
        writer.write(index)
        return writer.bytes
    }

    init(height: UInt64, index: UInt32) {
        self.height = height
        self.index = index
    }

    init(decoding raw: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(raw)
        height = try reader.read()
        index = try reader.read()
        try reader.finish()
    }
}
