// Opening a journal: the chain of segments is checked, the last one walked, and a torn end cut off.
import Environment
import Primitives

/// The state that an opened journal begins with.
struct JournalOpening {
    let directory: JournalDirectory
    private(set) var segments: [UInt64]
    private(set) var current: SegmentReader
    private(set) var next: UInt64
    /// Bytes on this disk of the segments before the last.
    private(set) var sealedBytes: [UInt64: UInt64] = [:]
    private(set) var recovery = JournalRecovery()

    init(_ directory: JournalDirectory) throws(StorageFailure) {
        self.directory = directory
        var listing = try directory.list()
        if listing.segments.isEmpty {
            guard listing.unborn.allSatisfy({ $0 == 0 }) else {
                throw .damaged(JournalFault(segment: 0, offset: 0, kind: .segmentMissing))
            }
            try directory.conceive(0)
            try directory.bear(0)
            listing = try directory.list()
        }
        segments = listing.segments
        let buffer = AlignedBuffer()
        sealedBytes = try Self.checkChain(segments, directory, buffer)
        current = try directory.open(segments[segments.count - 1], .appending, buffer)
        next = 0
        try settle(listing.unborn)
    }

    /// Every segment but the last must end in a seal that names its successor.
    ///
    /// - Returns: the bytes of those that are here.
    private static func checkChain(
        _ segments: [UInt64], _ directory: JournalDirectory, _ buffer: AlignedBuffer
    ) throws(StorageFailure) -> [UInt64: UInt64] {
        guard segments.first == 0 else {
            throw .damaged(JournalFault(segment: 0, offset: 0, kind: .segmentMissing))
        }
        let local = try directory.list().local
        var bytes: [UInt64: UInt64] = [:]
        for (first, successor) in zip(segments, segments.dropFirst()) {
            if !local.contains(first), let note = try directory.archived(first) {
                guard note.next == successor else {
                    throw .damaged(
                        JournalFault(segment: note.next, offset: 0, kind: .segmentMissing))
                }
                continue
            }
            let reader = try directory.open(first, .reading, buffer)
            defer { reader.file.close() }
            guard let seal = try reader.seal() else {
                let fault = try SegmentWalk(reader).faults.first
                throw .damaged(fault ?? reader.fault(.segmentCutOff, at: reader.end))
            }
            guard seal == successor else {
                throw .damaged(JournalFault(segment: seal, offset: 0, kind: .segmentMissing))
            }
            bytes[first] = reader.file.storedBytes
        }
        return bytes
    }

    /// Walks the last segment and brings it to an end that can be written on.
    private mutating func settle(_ unborn: [UInt64]) throws(StorageFailure) {
        let walk = try SegmentWalk(current)
        if let fault = walk.faults.first { throw .damaged(fault) }
        next = walk.due
        if walk.stop == .seal {
            try enterNextSegment(walk.due, unborn)
        } else {
            if walk.stop == .torn { note(cutAt: walk.offset) }
            if walk.stop == .torn || walk.stop == .blank { try cut(at: walk.offset) }
            for first in unborn { try directory.removeUnborn(first) }
        }
        // What was read may be in memory only, after a crash of the process but not of the machine.
        try current.file.sync()
        let (disk, path) = (directory.disk, directory.path)
        try onDisk { () throws(DiskFailure) in try disk.syncDirectory(path) }
    }

    private mutating func note(cutAt offset: UInt64) {
        recovery.tornBytes = current.end - offset
        recovery.segment = current.header.first
        recovery.offset = offset
    }

    private mutating func cut(at offset: UInt64) throws(StorageFailure) {
        try current.file.truncate(to: offset)
        current.end = offset
    }

    /// The last segment is sealed: a crash came before its successor got its name, or the
    /// successor is lost.
    private mutating func enterNextSegment(
        _ first: UInt64, _ unborn: [UInt64]
    ) throws(StorageFailure) {
        guard unborn.contains(first) else {
            throw .damaged(JournalFault(segment: first, offset: 0, kind: .segmentMissing))
        }
        try directory.bear(first)
        sealedBytes[current.header.first] = current.end
        current.file.close()
        current = try directory.open(first, .appending, current.buffer)
        segments.append(first)
    }
}

extension SegmentReader {
    /// The sequence that the seal in the last block names, nil where the last block is no seal.
    func seal() throws(StorageFailure) -> UInt64? {
        let block = UInt64(JournalFormat.blockBytes)
        guard end >= 2 * block, end % block == 0 else { return nil }
        let target = UnsafeMutableRawBufferPointer(
            start: buffer.base, count: JournalFormat.blockBytes)
        let offset = end - block
        let count = try file.read(at: offset, into: target)
        guard count == target.count,
            let group = GroupHeader(loading: buffer.base, at: place(offset)), group.isSeal,
            JournalFormat.isZero(
                UnsafeRawBufferPointer(
                    rebasing: UnsafeRawBufferPointer(target)[JournalFormat.headerBytes...]))
        else { return nil }
        return group.first
    }
}
