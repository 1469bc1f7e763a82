// Settings, figures and check results of a payload store.
import Primitives

/// Settings of one payload store.
public struct PayloadSettings: Hashable, Sendable {
    /// zstd level of new blocks, 1...19; blocks of every level can be read.
    public var compressionLevel = 1
    /// Bytes of chunks that are compressed together, before compression; 8 KiB to 256 KiB.
    public var blockBytes = 128 << 10

    public static let blockBytesRange = (8 << 10)...(256 << 10)

    public init() {}
}

/// What a payload store was given and what it keeps, since the store was made; after a rebuild of
/// the index, repeated payloads are no longer counted.
public struct PayloadStatistics: Hashable, Sendable {
    /// Payloads staged, repeated ones included.
    public internal(set) var payloads: UInt64 = 0
    /// Bytes of those payloads.
    public internal(set) var payloadBytes: UInt64 = 0
    /// Chunks stored.
    public internal(set) var chunks: UInt64 = 0
    /// Bytes of those chunks before compression.
    public internal(set) var chunkBytes: UInt64 = 0
    /// Bytes of the frames that hold them, manifests included.
    public internal(set) var storedBytes: UInt64 = 0

    public init() {}

    func write(to writer: inout ByteWriter) {
        for value in [payloads, payloadBytes, chunks, chunkBytes, storedBytes] {
            writer.write(value)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        payloads = try reader.read()
        payloadBytes = try reader.read()
        chunks = try reader.read()
        chunkBytes = try reader.read()
        storedBytes = try reader.read()
    }
}

/// What a walk over a whole payload store found.
public struct PayloadReport: Hashable, Sendable {
    public var journal = JournalReport()
    /// Chunks and payloads whose bytes do not have their digest, or cannot be put together, in
    /// order of storage.
    public var damaged: [Digest] = []
    public var chunks: UInt64 = 0
    /// Payloads of more than one chunk; the others are counted as chunks.
    public var manifests: UInt64 = 0

    public init() {}
}
