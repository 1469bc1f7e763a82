// The file of a compressed segment while it is written: frames are dealt out into pieces
// (docs/spec/storage.md §3).
import Compression
import Environment
import Primitives

/// A compressed file under way.
final class PieceWriting {
    /// Pieces are closed at the end of a frame once they have so many bytes of the segment.
    static let pieceBytes = 1 << 20
    /// Of zstd: slow, for what is written once and read seldom.
    private static let level = 12
    /// Bytes written at one time: a sync that comes behind them on the disk waits for no more.
    private static let writtenBytes = 1 << 20

    private let file: any DiskFile
    private let header: SegmentHeader
    private var codec: ZstdCodec
    private var table = PieceTable()
    private var sections: [FrameSection] = []
    /// Where the open piece begins in the segment.
    private var start: UInt64 = 0
    /// Bytes of the segment that were taken: where the sections of the open piece end.
    private(set) var end: UInt64 = 0
    private var place = UInt64(JournalFormat.blockBytes)
    private let raw = AlignedBuffer()
    private let pending = AlignedBuffer()
    private var pendingCount = JournalFormat.blockBytes

    init(_ file: any DiskFile, of reader: SegmentReader) throws(StorageFailure) {
        self.file = file
        header = reader.header
        do { codec = try ZstdCodec(level: Self.level) } catch {
            throw .disk(DiskFailure(.append, path: "", code: 12))
        }
        var head = header
        head.version = JournalFormat.compressedVersion
        head.store(
            to: UnsafeMutableRawBufferPointer(
                start: pending.base, count: JournalFormat.blockBytes))
    }

    /// Takes the next frame of the segment, and what lies before it.
    func take(
        _ frame: JournalFrame, _ split: FrameSplit, _ reader: SegmentReader
    ) throws(StorageFailure) {
        let payload = UInt64(frame.position.offset) + UInt64(JournalFormat.frameHeaderBytes)
        skip(to: payload)
        let found = split(frame.kind, frame.payload) ?? []
        let isSound = found.allSatisfy { (1...8).contains($0.stride) && $0.stream > 0 }
            && found.reduce(UInt64(0)) { $0 + UInt64($1.length) } == UInt64(frame.payload.count)
        if isSound {
            sections += found.filter { $0.length > 0 }
            end += UInt64(frame.payload.count)
        } else {
            skip(to: payload + UInt64(frame.payload.count))
        }
        if end - start >= UInt64(Self.pieceBytes) { try closePiece(reader) }
    }

    /// Takes what follows the last frame, and makes the file whole and durable.
    func finish(_ reader: SegmentReader) throws(StorageFailure) {
        skip(to: reader.end)
        try closePiece(reader)
        table.size = reader.end
        try write(table.encoded(header))
        try flush(all: true)
        try onDisk { () throws(DiskFailure) in try file.sync() }
    }

    /// What lies between is of no known kind.
    private func skip(to place: UInt64) {
        guard place > end else { return }
        sections.append(.rest(Int(place - end)))
        end = place
    }

    private func closePiece(_ reader: SegmentReader) throws(StorageFailure) {
        let count = Int(end - start)
        guard count > 0 else { return }
        raw.reserve(count, keeping: 0)
        let target = UnsafeMutableRawBufferPointer(start: raw.base, count: count)
        guard try reader.file.read(at: start, into: target) == count else {
            throw .damaged(reader.fault(.segmentCutOff, at: start))
        }
        let stored = SegmentPiece.encode(UnsafeRawBufferPointer(target), sections, &codec)
        let checksum = stored.withUnsafeBytes {
            JournalFormat.checksum($0, in: CompressedPiece.domain)
        }
        table.pieces.append(
            CompressedPiece(
                start: start, place: place, stored: UInt32(stored.count), checksum: checksum))
        place += UInt64(stored.count)
        start = end
        sections.removeAll(keepingCapacity: true)
        try write(stored)
    }

    private func write(_ bytes: [UInt8]) throws(StorageFailure) {
        pending.reserve(pendingCount + bytes.count, keeping: pendingCount)
        bytes.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(start: pending.base + pendingCount, count: $0.count)
                .copyMemory(from: $0)
        }
        pendingCount += bytes.count
        if pendingCount >= Self.writtenBytes { try flush(all: false) }
    }

    /// Appends whole blocks, at the end also what is left.
    private func flush(all: Bool) throws(StorageFailure) {
        let count = all ? pendingCount : pendingCount / diskBlockBytes * diskBlockBytes
        let bytes = UnsafeRawBufferPointer(start: pending.base, count: count)
        try onDisk { () throws(DiskFailure) in try file.append(bytes) }
        pendingCount -= count
        let rest = UnsafeRawBufferPointer(start: pending.base + count, count: pendingCount)
        UnsafeMutableRawBufferPointer(start: pending.base, count: pendingCount)
            .copyMemory(from: rest)
    }
}
