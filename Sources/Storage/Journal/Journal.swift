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
    private var group = GroupBuffer()
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
    public var nextSequence: UInt64 { committedSequence + UInt64(group.frameCount) }

    /// Bytes of the segments on this disk, as they lie there: pruned, compressed, without those that
    /// lie elsewhere.
    public var storedBytes: UInt64 { sealedTotal + current.end }

    /// Bytes appended since the last commit, headers included.
    public var bufferedBytes: Int { group.length }

    /// Bytes of one group at most, headers included: commit before `bufferedBytes` reaches it.
    public static var groupLimitBytes: Int { JournalFormat.groupLimit }

    /// The largest payload of a frame in bytes.
    public static var framePayloadLimitBytes: Int { JournalFormat.framePayloadLimit }

    /// Adds a frame whose payload is the parts one after the other. It is not durable, nor
    /// readable, before `commit`.
    /// - Parameter kind: a number of the caller's.
    /// - Returns: where the frame will be if the next commit succeeds.
    @discardableResult
    public func append(
        kind: UInt8, parts: [UnsafeRawBufferPointer]
    ) throws(StorageFailure) -> FramePosition {
        guard !isSuspended else { throw .suspended }
        let length = parts.reduce(0) { $0 + $1.count }
        guard length <= JournalFormat.framePayloadLimit else {
            throw .tooLarge(bytes: length, limit: JournalFormat.framePayloadLimit)
        }
        let total = group.length + length + JournalFormat.blockBytes
        guard total <= JournalFormat.groupLimit else {
            throw .tooLarge(bytes: total, limit: JournalFormat.groupLimit)
        }
        let place = groupPlace
        let start = group.append(
            kind: kind, sequence: nextSequence, parts: parts, length: length)
        return FramePosition(
            segment: place.segment, offset: UInt32(place.offset) + UInt32(start),
            length: UInt32(length))
    }

    /// Adds a frame whose payload is `payload` with `rest` behind it.
    @discardableResult
    public func append(
        kind: UInt8, _ payload: [UInt8], _ rest: [UInt8] = []
    ) throws(StorageFailure) -> FramePosition {
        try payload.withUnsafeBufferPointer { bytes throws(StorageFailure) in
            try rest.withUnsafeBufferPointer { more throws(StorageFailure) in
                let parts = [UnsafeRawBufferPointer(bytes), UnsafeRawBufferPointer(more)]
                return try append(kind: kind, parts: rest.isEmpty ? [parts[0]] : parts)
            }
        }
    }

    /// Writes all frames since the last commit and returns when they survive a loss of power.
    /// When it throws, none of them will ever be read, unless `isSuspended` is true: then
    /// reopening decides, for all of them alike.
    public func commit() throws(StorageFailure) {
        guard !isSuspended else { throw .suspended }
        guard !group.isEmpty else { return }
        defer { group.clear() }
        if isRollDue { try rollOver() }
        let place = groupPlace
        let bytes = group.finish(first: committedSequence, at: place)
        try write(bytes)
        committedSequence += UInt64(group.frameCount)
    }

    /// Forgets the frames appended since the last commit.
    public func discard() { group.clear() }

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
        // What stays is cut off when the journal is opened.
        if !isSuspended { try? cutReady() }
        isSuspended = true
        group.clear()
        current.file.close()
        for reader in readers { reader.file.close() }
        readers = []
        lock.release()
    }

    /// Where the group that is being filled will stand: fixed from its first frame on.
    private var groupPlace: GroupPlace {
        isRollDue
            ? GroupPlace(
                storeID: current.header.storeID, segment: committedSequence,
                offset: UInt64(JournalFormat.blockBytes))
            : current.place(current.end)
    }

    private var isRollDue: Bool {
        current.end >= directory.settings.segmentBytes
            && current.header.first != committedSequence
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
