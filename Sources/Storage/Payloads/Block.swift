// Blocks: chunks compressed together, with a table of digests and lengths, in one frame.
import Compression
import Primitives

/// The layout: codec, number of chunks, bytes of all chunks; the table; the chunks one after the
/// other, compressed or not.
enum BlockFrame {
    static let kind: UInt8 = 1
    static let headerBytes = 9
    static let entryBytes = 36
    static let plain: UInt8 = 0
    static let zstd: UInt8 = 1
    /// Bytes of chunks in one block at most.
    static let rawLimit = PayloadSettings.blockBytesRange.upperBound
}

/// The block that is being filled.
struct OpenBlock {
    private(set) var raw: [UInt8] = []
    private var table: [UInt8] = []
    private(set) var count: UInt32 = 0

    mutating func append(_ digest: Digest, _ chunk: UnsafeRawBufferPointer) {
        withUnsafeBytes(of: digest) { table.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(chunk.count).littleEndian) { table.append(contentsOf: $0) }
        raw.append(contentsOf: chunk)
        count += 1
    }

    /// The three parts of the frame; zstd only where it saves something.
    func parts(compressed: [UInt8]) -> (header: [UInt8], table: [UInt8], body: [UInt8]) {
        let isSmaller = compressed.count < raw.count
        var header = ByteWriter(capacity: BlockFrame.headerBytes)
        header.write(isSmaller ? BlockFrame.zstd : BlockFrame.plain)
        header.write(count)
        header.write(UInt32(raw.count))
        return (header.bytes, table, isSmaller ? compressed : raw)
    }

    mutating func clear() {
        raw.removeAll(keepingCapacity: true)
        table.removeAll(keepingCapacity: true)
        count = 0
    }
}

/// The table of a stored block and the place of its body.
struct BlockTable {
    var codec: UInt8
    var rawLength: Int
    var digests: [Digest] = []
    /// `digests.count + 1` offsets of the chunks in the raw bytes.
    var offsets: [Int] = [0]
    var bodyOffset: Int

    init(_ frame: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(frame)
        codec = try reader.read()
        let count: UInt32 = try reader.read()
        rawLength = Int(try reader.read(UInt32.self))
        guard codec <= BlockFrame.zstd else { throw DecodingFailure(.outOfRange, at: 0) }
        guard Int(count) <= reader.remaining / BlockFrame.entryBytes else {
            throw DecodingFailure(.overLimit, at: 1)
        }
        guard rawLength <= BlockFrame.rawLimit else { throw DecodingFailure(.overLimit, at: 5) }
        digests.reserveCapacity(Int(count))
        for index in 0..<Int(count) {
            digests.append(try reader.read())
            offsets.append(offsets[index] + Int(try reader.read(UInt32.self)))
        }
        guard offsets[Int(count)] == rawLength else { throw DecodingFailure(.outOfRange, at: 5) }
        bodyOffset = reader.offset
    }
}

/// A block that was read back: its chunks in the clear.
struct StoredBlock {
    let table: BlockTable
    let raw: [UInt8]

    /// Nil where the frame does not decode.
    init?(_ frame: [UInt8], _ codec: inout ZstdCodec) {
        guard let table = try? BlockTable(frame) else { return nil }
        let body = Array(frame[table.bodyOffset...])
        if table.codec == BlockFrame.zstd {
            guard let raw = try? codec.decompress(body, limit: table.rawLength) else { return nil }
            self.raw = raw
        } else {
            raw = body
        }
        guard raw.count == table.rawLength else { return nil }
        self.table = table
    }

    /// The bytes of chunks `first..<first + count`, nil where the block has fewer.
    func chunks(_ first: UInt32, _ count: UInt32) -> ArraySlice<UInt8>? {
        let (last, overflow) = first.addingReportingOverflow(count)
        guard !overflow, Int(last) <= table.digests.count else { return nil }
        return raw[table.offsets[Int(first)]..<table.offsets[Int(last)]]
    }
}
