// The directory of a journal: which segments there are, how one is born, and the lock.
import Environment
import Primitives

/// Brings a copy of a segment that lies elsewhere, and returns when it is here.
public typealias SegmentBringing =
    @Sendable (ArchivedSegment) throws(StorageFailure) -> Void

/// The files of one journal.
struct JournalDirectory {
    let disk: any Disk
    let path: String
    let settings: JournalSettings
    /// Brings a segment that lies elsewhere, and returns when its copy is here; nil where that is
    /// the caller's matter.
    var bring: SegmentBringing?

    /// What the directory holds.
    struct Listing {
        /// First sequences of the segments, ascending, wherever they are.
        var segments: [UInt64] = []
        /// Of those whose files are here.
        var local: Set<UInt64> = []
        /// First sequences of segments that are written but not part of the journal yet.
        var unborn: [UInt64] = []
    }

    func lock() throws(StorageFailure) -> any DiskLock {
        let name = path + "/" + JournalFormat.lockName
        do {
            return try disk.lock(name)
        } catch {
            if error.code == 11 { throw .storeIsInUse(path: path) }
            throw .disk(error)
        }
    }

    func list() throws(StorageFailure) -> Listing {
        var listing = Listing()
        for name in try onDisk({ () throws(DiskFailure) in try disk.list(path) }) {
            // A note follows its segment in the order of names, where both are there.
            if name.hasSuffix(JournalFormat.segmentSuffix + ArchivedSegment.suffix),
                let first = JournalFormat.firstSequence(
                    ofName: String(name.dropLast(ArchivedSegment.suffix.count)))
            {
                if listing.segments.last != first { listing.segments.append(first) }
                continue
            }
            let isUnborn = name.hasSuffix(JournalFormat.unbornSuffix)
            let stem = isUnborn ? String(name.dropLast(JournalFormat.unbornSuffix.count)) : name
            guard stem.hasSuffix(JournalFormat.segmentSuffix) else { continue }
            guard let first = JournalFormat.firstSequence(ofName: stem) else {
                throw .damaged(JournalFault(segment: 0, offset: 0, kind: .unexpectedFile(name)))
            }
            if isUnborn { listing.unborn.append(first) } else { listing.local.insert(first) }
            if !isUnborn, listing.segments.last != first { listing.segments.append(first) }
        }
        return listing
    }

    func segmentPath(_ first: UInt64) -> String {
        path + "/" + JournalFormat.name(ofSegment: first)
    }

    func open(
        _ first: UInt64, _ access: FileAccess, _ buffer: AlignedBuffer
    ) throws(StorageFailure) -> SegmentReader {
        let file = try openFile(first, access)
        return try SegmentReader(file: file, first: first, settings: settings, buffer: buffer)
    }

    /// Writes a segment under its unborn name, so that its header is durable before its real name
    /// is. What an earlier attempt left is replaced.
    func conceive(_ first: UInt64) throws(StorageFailure) {
        if try list().unborn.contains(first) { try removeUnborn(first) }
        let name = segmentPath(first) + JournalFormat.unbornSuffix
        let header = SegmentHeader(
            purpose: settings.purpose, storeID: settings.storeID, first: first)
        let buffer = AlignedBuffer()
        let block = UnsafeMutableRawBufferPointer(
            start: buffer.base, count: JournalFormat.blockBytes)
        header.store(to: block)
        try onDisk { () throws(DiskFailure) in
            let file = try disk.open(name, .creating)
            defer { file.close() }
            try file.append(UnsafeRawBufferPointer(block))
            try file.sync()
            try disk.syncDirectory(path)
        }
    }

    /// Gives an unborn segment its name; where it has it already, makes that durable.
    func bear(_ first: UInt64) throws(StorageFailure) {
        let name = segmentPath(first)
        let isUnborn = try list().unborn.contains(first)
        try onDisk { () throws(DiskFailure) in
            if isUnborn { try disk.rename(name + JournalFormat.unbornSuffix, to: name) }
            try disk.syncDirectory(path)
        }
    }

    func removeUnborn(_ first: UInt64) throws(StorageFailure) {
        let name = segmentPath(first) + JournalFormat.unbornSuffix
        try onDisk { () throws(DiskFailure) in try disk.remove(name) }
    }
}
