// The places of chunks, and the list of them that makes up a payload.
import Primitives

/// A chunk: the sequence of its block in the payload journal and its number in the block.
struct ChunkPlace: Hashable {
    var block: UInt64
    var index: UInt32

    static let width = 12

    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: Self.width)
        writer.write(block)
        writer.write(index)
        return writer.bytes
    }

    init(block: UInt64, index: UInt32) {
        self.block = block
        self.index = index
    }

    /// Nil unless there are exactly 12 bytes.
    init?(loading bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.width else { return nil }
        block = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        index = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    }
}

/// A payload of several chunks: its length and runs of chunks that follow each other in one
/// block. The repeated part of a conversation was stored in long runs, so that a manifest is far
/// shorter than a list of digests.
struct Manifest: Hashable {
    struct Run: Hashable {
        var start: ChunkPlace
        var count: UInt32
    }

    var length: UInt32 = 0
    private(set) var runs: [Run] = []

    mutating func append(_ place: ChunkPlace) {
        if let last = runs.last, last.start.block == place.block,
            last.start.index + last.count == place.index
        {
            runs[runs.count - 1].count += 1
        } else {
            runs.append(Run(start: place, count: 1))
        }
    }

    func write(to writer: inout ByteWriter) {
        writer.write(length)
        writer.write(UInt32(runs.count))
        for run in runs {
            writer.write(run.start.block)
            writer.write(run.start.index)
            writer.write(run.count)
        }
    }

    init() {}

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        length = try reader.read()
        let count: UInt32 = try reader.read()
        guard Int(length) <= Limits.payloadBytes, Int(count) <= reader.remaining / 16 else {
            throw DecodingFailure(.overLimit, at: start)
        }
        for _ in 0..<count {
            let place = ChunkPlace(block: try reader.read(), index: try reader.read())
            runs.append(Run(start: place, count: try reader.read()))
        }
    }
}

/// The frame that holds the manifests of one commit.
enum ManifestFrame {
    static let kind: UInt8 = 2

    static func decode(
        _ bytes: [UInt8]
    ) throws(DecodingFailure) -> [(digest: Digest, manifest: Manifest)] {
        var reader = ByteReader(bytes)
        var entries: [(digest: Digest, manifest: Manifest)] = []
        while reader.remaining > 0 {
            entries.append((try reader.read(), try Manifest(from: &reader)))
        }
        return entries
    }
}
