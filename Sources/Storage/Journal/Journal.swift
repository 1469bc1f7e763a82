// The journal: frames go in at the end, commits make them last, every read checks its result.
import Environment
import Primitives

/// An append-only, checksummed log in segments. `append` fills a group in memory, `commit` writes
/// and syncs it; what `commit` acknowledged is there after any crash, and a group is there whole
/// or not at all.
///
/// After a failed commit its frames are gone. The journal cuts their bytes off at once and goes
/// on; where even that fails it is suspended and refuses to write until reopened, because a later
/// commit could make bytes durable that its caller was told are lost.
public final class Journal {
    let directory: JournalDirectory
    let lock: any DiskLock
    /// First sequences of all segments, ascending; the last is the current one.
    var segments: [UInt64]
    var current: SegmentReader
    /// The sequence after the last committed frame.
    public internal(set) var committedSequence: UInt64
    /// Bytes that were made durable since the journal was opened.
    public private(set) var writtenBytes: UInt64 = 0
    /// The group that is being written beside its owner.
    var pending: PendingCommit?
    /// True after a failed commit whose bytes could not be cut off.
    public internal(set) var isSuspended = false
    /// True between the seal of the current segment and the birth of the next, where a failure
    /// came between.
    var isSealed = false
    /// What opening found.
    public let recovery: JournalRecovery
    /// Bytes on this disk of the segments before the current one.
    private var sealedBytes: [UInt64: UInt64]
    private var sealedTotal: UInt64
    /// Where the room ends that was made ready in the current segment.
    var readyEnd: UInt64 = 0
    /// The group that is being filled.
    var group = GroupBuffer()
    /// The group before it, whose bytes `pending` writes.
    var written = GroupBuffer()
    private var readers: [SegmentReader] = []
    private let readBuffer = AlignedBuffer()

    /// Segments other than the current one that are kept open for reading.
    private static let openReaders = 16

    init(_ opening: consuming JournalOpening, lock: any DiskLock) {
        directory = opening.directory
        segments = opening.segments
        current = opening.current
        committedSequence = opening.next
        recovery = opening.recovery
        sealedBytes = opening.sealedBytes
        sealedTotal = sealedBytes.values.reduce(0, &+)
        self.lock = lock
    }

    /// Opens the journal in the directory, which is made if it is not there; one that has no
    /// segments is new. A torn last commit is cut off and told in `recovery`; any other damage
    /// that opening sees is thrown. Opening reads the last segment and the ends of the others;
    /// `check` reads everything.
    ///
    /// - Parameter bring: called where a segment is read that lies elsewhere; nil lets the reader
    ///   fail with `archived`.
    public convenience init(
        disk: any Disk, directory path: String, settings: JournalSettings,
        bring: SegmentBringing? = nil
    ) throws(StorageFailure) {
        try onDisk { () throws(DiskFailure) in try disk.createDirectory(path) }
        let directory = JournalDirectory(
            disk: disk, path: path, settings: settings, bring: bring)
        let lock = try directory.lock()
        self.init(try JournalOpening(directory), lock: lock)
    }

    /// The sequence the next frame gets.
    public var nextSequence: UInt64 { groupSequence + UInt64(group.frameCount) }

    /// Bytes of the segments on this disk, as they lie there: pruned, compressed, without those
    /// that lie elsewhere.
    public var storedBytes: UInt64 { sealedTotal + current.end }

    /// Bytes appended since the last commit was made or begun, headers included.
    public var bufferedBytes: Int { group.length }

    /// Bytes of one group at most, headers included: commit before `bufferedBytes` reaches it.
    public static var groupLimitBytes: Int { JournalFormat.groupLimit }

    /// The largest payload of a frame in bytes.
    public static var framePayloadLimitBytes: Int { JournalFormat.framePayloadLimit }

    /// The frame at a position that a committed `append` returned.
    public func read(_ position: FramePosition) throws(StorageFailure) -> StoredFrame {
        let reader = try reader(of: position.segment, at: position)
        let total = JournalFormat.frameHeaderBytes + Int(position.length)
        guard position.length <= JournalFormat.framePayloadLimit,
            position.offset % UInt32(JournalFormat.frameAlignment) == 0,
            UInt64(position.offset) + UInt64(total) <= reader.end
        else { throw .noFrame(position) }
        let padded = JournalFormat.roundUp(total, to: JournalFormat.frameAlignment)
        readBuffer.reserve(padded, keeping: 0)
        defer { readBuffer.shrink(used: padded) }
        let target = UnsafeMutableRawBufferPointer(start: readBuffer.base, count: padded)
        let count = try reader.file.read(at: UInt64(position.offset), into: target)
        let offset = UInt64(position.offset)
        let found = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(target)[..<count])
        guard let header = FrameHeader(loading: found), header.length == position.length else {
            throw .damaged(reader.fault(.frameHeader, at: offset))
        }
        guard header.isIntact(at: readBuffer.base) else {
            throw .damaged(reader.fault(.frameChecksum, at: offset, header.sequence))
        }
        let payload = found[JournalFormat.frameHeaderBytes..<total]
        return StoredFrame(sequence: header.sequence, kind: header.kind, payload: Array(payload))
    }

    /// Closes the files and gives the lock back; frames not committed are gone. Every later call
    /// fails.
    public func close() {
        pending?.wait()
        pending = nil
        // What stays is cut off when the journal is opened.
        if !isSuspended { try? cutReady() }
        isSuspended = true
        group.clear()
        current.file.close()
        for reader in readers { reader.file.close() }
        readers = []
        lock.release()
    }

    /// So many more bytes of the current segment are durable.
    func grow(by count: Int) {
        current.end += UInt64(count)
        writtenBytes += UInt64(count)
    }

    /// Notes how large the file of a segment is now; 0 where it lies elsewhere.
    func note(bytes: UInt64, ofSegment first: UInt64) {
        sealedTotal = sealedTotal &- (sealedBytes[first] ?? 0) &+ bytes
        sealedBytes[first] = bytes
    }

    /// Closes the handle of a segment that is about to be another file.
    func close(readerOf first: UInt64) {
        guard let index = readers.firstIndex(where: { $0.header.first == first }) else { return }
        readers.remove(at: index).file.close()
    }

    private func reader(
        of first: UInt64, at position: FramePosition
    ) throws(StorageFailure) -> SegmentReader {
        if first == current.header.first { return current }
        if let index = readers.lastIndex(where: { $0.header.first == first }) {
            return readers[index]
        }
        guard segments.contains(first) else { throw .noFrame(position) }
        let reader = try directory.open(first, .reading, readBuffer)
        if readers.count == Self.openReaders { readers.removeFirst().file.close() }
        readers.append(reader)
        return reader
    }
}

/// A frame that was read back.
public struct StoredFrame: Hashable, Sendable {
    public var sequence: UInt64
    public var kind: UInt8
    public var payload: [UInt8]
}
