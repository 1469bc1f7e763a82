// Compressing a sealed segment step by step: written beside it, synced, read back and compared,
// then put in its place (docs/spec/storage.md §3).
import Environment
import Primitives

/// What compressing a segment did, in bytes of its file.
public struct SegmentSizes: Hashable, Sendable {
    public var before: UInt64
    public var after: UInt64
}

/// One segment on its way. Used by one thread at a time; the journal's owner may read and append
/// meanwhile. A crash at any step leaves the old file or the new one, and maybe a file beside it
/// that no journal reads and the next attempt removes.
final class SegmentCompaction {
    private enum Stage {
        case writing
        /// Up to this byte of the segment both are the same.
        case comparing(UInt64)
        case compared
        case done
    }

    private let directory: JournalDirectory
    private let first: UInt64
    private let split: FrameSplit
    private let reader: SegmentReader
    private let file: any DiskFile
    private let writing: PieceWriting
    private var walk: FrameWalk
    private var copy: SegmentReader?
    private var stage = Stage.writing
    /// How large the files are, once it is in its place; nil also where it would not get smaller by
    /// a twentieth.
    private(set) var sizes: SegmentSizes?

    /// Begins; nil where the segment is compressed already or lies elsewhere.
    ///
    /// - Parameter first: a sealed segment.
    init?(
        _ directory: JournalDirectory, _ first: UInt64, _ split: @escaping FrameSplit
    ) throws(StorageFailure) {
        guard try directory.list().local.contains(first) else { return nil }
        let reader = try directory.open(first, .reading, AlignedBuffer())
        guard !reader.file.isCompressed else {
            reader.file.close()
            return nil
        }
        do {
            try directory.removeCompressed(first)
            let (disk, path) = (directory.disk, directory.compressedPath(first))
            file = try onDisk { () throws(DiskFailure) in try disk.open(path, .creating) }
            writing = try PieceWriting(file, of: reader)
        } catch {
            reader.file.close()
            throw error
        }
        (self.directory, self.first, self.split, self.reader) = (directory, first, split, reader)
        walk = FrameWalk(reader)
    }

    /// Whether nothing is left to do.
    var isDone: Bool { if case .done = stage { true } else { false } }

    /// Does the next part: about a piece is written or compared, or the file put in its place.
    ///
    /// - Returns: bytes that were read of the segment and written.
    /// - Throws: `damaged` where a frame of the segment is at fault, or what was written reads back
    ///   as something else. The segment is as it was then; `abandon` follows.
    func step() throws(StorageFailure) -> UInt64 {
        switch stage {
        case .writing: return try write()
        case .comparing(let offset): return try compare(from: offset)
        case .compared:
            try exchange()
            return 0
        case .done: return 0
        }
    }

    /// Closes the files, and removes the new one where it did not get its place; after the last
    /// step and after a failure.
    func abandon() {
        guard !isDone else { return }
        close()
        try? directory.removeCompressed(first)
    }

    private func write() throws(StorageFailure) -> UInt64 {
        let (start, stored) = (writing.end, file.size)
        while writing.end - start < UInt64(PieceWriting.pieceBytes) {
            guard let frame = try walk.next(reader) else {
                try finishWriting()
                break
            }
            try writing.take(frame, split, reader)
        }
        return writing.end - start + file.size - stored
    }

    private func finishWriting() throws(StorageFailure) {
        try writing.finish(reader)
        let before = reader.file.storedBytes
        guard file.size < before - before / 20 else {
            close()
            return try directory.removeCompressed(first)
        }
        let (disk, path) = (directory.disk, directory.compressedPath(first))
        let opened = try onDisk { () throws(DiskFailure) in try disk.open(path, .reading) }
        copy = try SegmentReader(
            file: opened, first: first, settings: directory.settings, buffer: AlignedBuffer())
        stage = .comparing(0)
    }

    private func compare(from offset: UInt64) throws(StorageFailure) -> UInt64 {
        let count = min(PieceWriting.pieceBytes, Int(reader.end - offset))
        guard let copy, count > 0 else {
            stage = .compared
            return 0
        }
        guard try bytes(of: reader, offset, count) == bytes(of: copy, offset, count) else {
            throw .damaged(JournalFault(segment: first, offset: offset, kind: .piece))
        }
        stage = .comparing(offset + UInt64(count))
        return UInt64(count)
    }

    private func bytes(
        of reader: SegmentReader, _ offset: UInt64, _ count: Int
    ) throws(StorageFailure) -> [UInt8] {
        let buffer = AlignedBuffer()
        buffer.reserve(count, keeping: 0)
        let target = UnsafeMutableRawBufferPointer(start: buffer.base, count: count)
        guard try reader.file.read(at: offset, into: target) == count else {
            throw .damaged(JournalFault(segment: first, offset: offset, kind: .piece))
        }
        return Array(target[..<count])
    }

    private func exchange() throws(StorageFailure) {
        let found = SegmentSizes(before: reader.file.storedBytes, after: file.size)
        let (disk, folder) = (directory.disk, directory.path)
        let (new, old) = (directory.compressedPath(first), directory.segmentPath(first))
        try onDisk { () throws(DiskFailure) in try disk.rename(new, to: old) }
        // From here on the old file is gone for whoever opens it, whatever comes next.
        sizes = found
        close()
        try onDisk { () throws(DiskFailure) in try disk.syncDirectory(folder) }
    }

    private func close() {
        stage = .done
        reader.file.close()
        copy?.file.close()
        file.close()
    }
}

extension JournalDirectory {
    /// Where a segment is compressed; no segment has such a name.
    fileprivate func compressedPath(_ first: UInt64) -> String {
        segmentPath(first) + ".compressed"
    }

    fileprivate func removeCompressed(_ first: UInt64) throws(StorageFailure) {
        let (disk, folder, path) = (disk, self.path, compressedPath(first))
        try onDisk { () throws(DiskFailure) in
            let names = try disk.list(folder)
            if names.contains(where: { path == folder + "/" + $0 }) { try disk.remove(path) }
        }
    }
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
        guard first != currentSegment,
            let compaction = try SegmentCompaction(directory, first, split)
        else { return nil }
        defer { compaction.abandon() }
        while !compaction.isDone { _ = try compaction.step() }
        if let sizes = compaction.sizes { take(sizes, ofSegment: first) }
        return compaction.sizes
    }

    /// Takes note that a segment was compressed: it is read from its new file from now on.
    public func take(_ sizes: SegmentSizes, ofSegment first: UInt64) {
        close(readerOf: first)
        note(bytes: sizes.after, ofSegment: first)
    }
}
