// Compressing a sealed segment: written beside it, synced, read back and compared, then put in its
// place (docs/spec/storage.md §3).
import Compression
import Environment
import Primitives

/// What compressing a segment did, in bytes of its file.
public struct SegmentSizes: Hashable, Sendable {
    public var before: UInt64
    public var after: UInt64
}

extension Journal {
    /// Compresses a sealed segment that is here. A crash leaves the old file or the new one; places
    /// of frames stay what they are.
    ///
    /// - Returns: nil where it is compressed already, lies elsewhere, or would not get smaller by a
    ///   twentieth.
    public func compress(
        segment first: UInt64, _ split: @escaping FrameSplit
    ) throws(StorageFailure) -> SegmentSizes? {
        guard first != currentSegment, try directory.list().local.contains(first),
            let sizes = try directory.compress(first, split)
        else { return nil }
        close(readerOf: first)
        note(bytes: sizes.after, ofSegment: first)
        return sizes
    }
}

extension JournalDirectory {
    private func compressedPath(_ first: UInt64) -> String { segmentPath(first) + ".compressed" }

    func compress(
        _ first: UInt64, _ split: @escaping FrameSplit
    ) throws(StorageFailure) -> SegmentSizes? {
        let reader = try open(first, .reading, AlignedBuffer())
        defer { reader.file.close() }
        if reader.file.isCompressed { return nil }
        let path = compressedPath(first)
        try removeLeft(path)
        let disk = disk
        let file = try onDisk { () throws(DiskFailure) in try disk.open(path, .creating) }
        let writing = try PieceWriting(file, of: reader)
        do {
            try writing.take(reader, split)
        } catch {
            file.close()
            throw error
        }
        let sizes = SegmentSizes(before: reader.file.storedBytes, after: file.size)
        file.close()
        guard sizes.after < sizes.before - sizes.before / 20 else {
            try removeLeft(path)
            return nil
        }
        try compare(reader, with: path)
        let (target, folder) = (segmentPath(first), self.path)
        try onDisk { () throws(DiskFailure) in
            try disk.rename(path, to: target)
            try disk.syncDirectory(folder)
        }
        return sizes
    }

    private func removeLeft(_ path: String) throws(StorageFailure) {
        let (disk, folder) = (disk, self.path)
        try onDisk { () throws(DiskFailure) in
            let names = try disk.list(folder)
            if names.contains(where: { path == folder + "/" + $0 }) { try disk.remove(path) }
        }
    }

    /// Reads both, piece by piece.
    ///
    /// - Throws: `damaged` where they differ.
    private func compare(
        _ reader: SegmentReader, with path: String
    ) throws(StorageFailure) {
        let disk = disk
        let file = try onDisk { () throws(DiskFailure) in try disk.open(path, .reading) }
        defer { file.close() }
        let first = reader.header.first
        let copy = try SegmentReader(
            file: file, first: first, settings: settings, buffer: AlignedBuffer())
        let (left, right) = (AlignedBuffer(), AlignedBuffer())
        left.reserve(PieceWriting.pieceBytes, keeping: 0)
        right.reserve(PieceWriting.pieceBytes, keeping: 0)
        var offset: UInt64 = 0
        while offset < reader.end {
            let count = min(PieceWriting.pieceBytes, Int(reader.end - offset))
            let old = UnsafeMutableRawBufferPointer(start: left.base, count: count)
            let new = UnsafeMutableRawBufferPointer(start: right.base, count: count)
            let read = (
                try reader.file.read(at: offset, into: old),
                try copy.file.read(at: offset, into: new)
            )
            guard read == (count, count), old.elementsEqual(new) else {
                throw .damaged(JournalFault(segment: first, offset: offset, kind: .piece))
            }
            offset += UInt64(count)
        }
    }
}

/// The compressed file under way.
private final class PieceWriting {
    /// Pieces are closed at the end of a frame once they have so many bytes of the segment.
    static let pieceBytes = 1 << 20
    /// Of zstd: slow, for what is written once and read seldom.
    private static let level = 12
    /// Bytes written at one time.
    private static let writtenBytes = 4 << 20

    private let file: any DiskFile
    private let header: SegmentHeader
    private var codec: ZstdCodec
    private var table = PieceTable()
    private var sections: [FrameSection] = []
    /// Where the open piece begins, and where its sections end, in the segment.
    private var start: UInt64 = 0
    private var end: UInt64 = 0
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

    /// Writes everything, durably. Every frame is checked before.
    func take(_ reader: SegmentReader, _ split: @escaping FrameSplit) throws(StorageFailure) {
        var failure: StorageFailure?
        let walk = try SegmentWalk(reader) { frame in
            do throws(StorageFailure) {
                try self.take(frame, split, reader)
            } catch { failure = error }
            return failure == nil
        }
        if let failure { throw failure }
        if let fault = walk.faults.first { throw .damaged(fault) }
        guard walk.stop == .seal else {
            throw .damaged(reader.fault(.segmentCutOff, at: walk.offset))
        }
        skip(to: reader.end)
        try closePiece(reader)
        table.size = reader.end
        try write(table.encoded(header))
        try flush(all: true)
        try onDisk { () throws(DiskFailure) in try file.sync() }
    }

    private func take(
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
