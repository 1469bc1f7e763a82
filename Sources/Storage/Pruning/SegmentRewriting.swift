// A sealed segment is written again with some of its frames replaced by shorter ones: what pruning
// does to a journal.
import Environment
import Primitives

/// What takes a frame's place in a rewritten segment; its sequence stays.
public struct FrameReplacement: Hashable, Sendable {
    public var kind: UInt8
    public var payload: [UInt8]

    public init(kind: UInt8, payload: [UInt8]) {
        self.kind = kind
        self.payload = payload
    }
}

extension Journal {
    /// First sequences of the segments that nothing is appended to any more, ascending.
    public var sealedSegments: [UInt64] { segments.filter { $0 != current.header.first } }

    /// The first of those from a sequence on; nil where there is none yet.
    public func sealedSegment(from sequence: UInt64) -> UInt64? {
        let first = segments.first { $0 >= sequence }
        return first == currentSegment ? nil : first
    }

    /// How many there are from a sequence on.
    public func sealedSegments(from sequence: UInt64) -> Int {
        sealedSegments.count { $0 >= sequence }
    }

    /// The segment that is appended to.
    public var currentSegment: UInt64 { current.header.first }

    public var storeID: StoreID { current.header.storeID }

    /// Bytes of the file of one segment that is here.
    public func bytes(ofSegment first: UInt64) throws(StorageFailure) -> UInt64 {
        let reader = try directory.open(first, .reading, AlignedBuffer())
        defer { reader.file.close() }
        return reader.file.storedBytes
    }

    /// Calls `visit` with every frame of one sealed segment, each of which was checked.
    public func walk(
        segment first: UInt64, _ visit: (JournalFrame) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        let reader = try directory.open(first, .reading, AlignedBuffer())
        defer { reader.file.close() }
        var failure: StorageFailure?
        let walk = try withoutActuallyEscaping(visit) { visit throws(StorageFailure) in
            try SegmentWalk(reader) { frame in
                do throws(StorageFailure) { try visit(frame) } catch { failure = error }
                return failure == nil
            }
        }
        if let failure { throw failure }
        if let fault = walk.faults.first { throw .damaged(fault) }
        guard walk.stop == .seal else {
            throw .damaged(reader.fault(.segmentCutOff, at: walk.offset))
        }
    }

    /// Writes a sealed segment again beside itself, durably; `exchange` puts it in its place. What
    /// an earlier attempt left is replaced.
    ///
    /// - Parameter replace: what takes the place of a frame; nil keeps it.
    public func rewrite(
        segment first: UInt64,
        _ replace: (JournalFrame) throws(StorageFailure) -> FrameReplacement?
    ) throws(StorageFailure) {
        let path = directory.rewrittenPath(first)
        let disk = directory.disk
        let name = String(path.split(separator: "/").last ?? "")
        if try onDisk({ () throws(DiskFailure) in try disk.list(directory.path) }).contains(name) {
            try onDisk { () throws(DiskFailure) in try disk.remove(path) }
        }
        var writing = try RewrittenSegment(directory, first)
        defer { writing.file.close() }
        try walk(segment: first) { frame throws(StorageFailure) in
            try writing.append(frame, try replace(frame))
        }
        try writing.seal()
    }

    /// Puts a segment that was rewritten in its place, which is here also where it lay elsewhere.
    /// Frames of it have other positions from then on.
    public func exchange(segment first: UInt64) throws(StorageFailure) {
        close(readerOf: first)
        let (disk, path) = (directory.disk, directory.path)
        let note = try directory.archived(first)
        let (new, old) = (directory.rewrittenPath(first), directory.segmentPath(first))
        try onDisk { () throws(DiskFailure) in
            try disk.rename(new, to: old)
            try disk.syncDirectory(path)
            guard let note else { return }
            // A crash before this leaves both; the file here counts.
            try disk.remove(directory.notePath(first))
            let copy = note.fetchedPath.split(separator: "/").last.map(String.init) ?? ""
            if try disk.list(path).contains(copy) { try disk.remove(note.fetchedPath) }
            try disk.syncDirectory(path)
        }
        self.note(bytes: try bytes(ofSegment: first), ofSegment: first)
    }
}

extension JournalDirectory {
    /// Where a segment is rewritten; no segment has such a name.
    func rewrittenPath(_ first: UInt64) -> String { segmentPath(first) + ".rewritten" }
}

/// The segment that is being written.
private struct RewrittenSegment {
    let file: any DiskFile
    private let header: SegmentHeader
    private var group = GroupBuffer()
    private var groupFirst: UInt64
    private var next: UInt64
    private var end = UInt64(JournalFormat.blockBytes)
    /// Groups are closed at this size.
    private static let groupBytes = 4 << 20

    init(_ directory: JournalDirectory, _ first: UInt64) throws(StorageFailure) {
        header = SegmentHeader(
            purpose: directory.settings.purpose, storeID: directory.settings.storeID,
            first: first)
        groupFirst = first
        next = first
        let (disk, path, header) = (directory.disk, directory.rewrittenPath(first), header)
        file = try onDisk { () throws(DiskFailure) in
            let file = try disk.open(path, .creating)
            let buffer = AlignedBuffer()
            let block = UnsafeMutableRawBufferPointer(
                start: buffer.base, count: JournalFormat.blockBytes)
            header.store(to: block)
            try file.append(UnsafeRawBufferPointer(block))
            return file
        }
    }

    mutating func append(
        _ frame: JournalFrame, _ replacement: FrameReplacement?
    ) throws(StorageFailure) {
        if let replacement {
            replacement.payload.withUnsafeBytes { put(replacement.kind, $0) }
        } else {
            put(frame.kind, frame.payload)
        }
        if group.length >= Self.groupBytes { try write(isSeal: false) }
    }

    private mutating func put(_ kind: UInt8, _ payload: UnsafeRawBufferPointer) {
        _ = group.append(NewFrame(kind: kind, parts: [payload]), sequence: next)
        next += 1
    }

    private mutating func write(isSeal: Bool) throws(StorageFailure) {
        let place = GroupPlace(storeID: header.storeID, segment: header.first, offset: end)
        let bytes = group.finish(isSeal: isSeal, first: groupFirst, at: place)
        try onDisk { () throws(DiskFailure) in try file.append(bytes) }
        end += UInt64(bytes.count)
        groupFirst = next
        group.clear()
    }

    mutating func seal() throws(StorageFailure) {
        if !group.isEmpty { try write(isSeal: false) }
        try write(isSeal: true)
        try onDisk { () throws(DiskFailure) in try file.sync() }
    }
}
