// Reading a whole journal: in order from a sequence, or past every fault to list them all.
import Environment
import Primitives

extension Journal {
    /// Calls `visit` with every committed frame from `sequence` on, in order, until it returns
    /// false. Every frame was checked before; damage ends the replay with the failure. `visit`
    /// must not append to this journal.
    public func replay(
        from sequence: UInt64 = 0, _ visit: (JournalFrame) -> Bool
    ) throws(StorageFailure) {
        let start = segments.lastIndex { $0 <= sequence } ?? 0
        let buffer = AlignedBuffer()
        for first in segments[start...] {
            var reader = try directory.open(first, .reading, buffer)
            defer { reader.file.close() }
            let isLast = first == current.header.first
            if isLast { reader.end = current.end }
            let stop = try withoutActuallyEscaping(visit) { visit throws(StorageFailure) in
                let walk = try SegmentWalk(reader, wanted: sequence, visit: visit)
                if let fault = walk.faults.first { throw .damaged(fault) }
                return walk.stop
            }
            if stop == .visitor { return }
            guard stop == (isLast ? .end : .seal) else {
                throw .damaged(reader.fault(.segmentCutOff, at: reader.end))
            }
        }
    }

    /// Reads everything and lists every fault; frames behind a fault are checked too, as far as
    /// they can be found.
    public func check() throws(StorageFailure) -> JournalReport {
        try directory.check()
    }

    /// The same for a journal that may be too damaged to open; changes nothing, and takes the
    /// lock meanwhile.
    public static func check(
        disk: any Disk, directory path: String, settings: JournalSettings,
        bring: SegmentBringing? = nil
    ) throws(StorageFailure) -> JournalReport {
        let directory = JournalDirectory(
            disk: disk, path: path, settings: settings, bring: bring)
        let lock = try directory.lock()
        defer { lock.release() }
        return try directory.check()
    }

    /// The store that the journal in a directory belongs to; nil where there is no journal yet.
    public static func storeID(
        disk: any Disk, directory path: String, purpose: JournalPurpose
    ) throws(StorageFailure) -> StoreID? {
        try onDisk { () throws(DiskFailure) in try disk.createDirectory(path) }
        let settings = JournalSettings(storeID: StoreID(), purpose: purpose)
        let directory = JournalDirectory(disk: disk, path: path, settings: settings)
        guard let first = try directory.list().segments.first else { return nil }
        do {
            return try directory.open(first, .reading, AlignedBuffer()).header.storeID
        } catch .damaged(let fault) {
            if case .wrongStore(let found) = fault.kind { return found }
            throw .damaged(fault)
        } catch {
            throw error
        }
    }
}

extension JournalDirectory {
    /// Walks every segment past its faults.
    func check() throws(StorageFailure) -> JournalReport {
        var report = JournalReport()
        let buffer = AlignedBuffer()
        let listing = try list()
        let segments = listing.segments
        var due: UInt64? = 0
        for first in segments {
            if let due, due != first {
                report.faults.append(
                    JournalFault(segment: due, offset: 0, kind: .segmentMissing))
            }
            let isLast = first == segments.last
            due = try check(first, isLast: isLast, buffer, &report)
        }
        if let due, report.isSealedAtEnd, !listing.unborn.contains(due) {
            report.faults.append(JournalFault(segment: due, offset: 0, kind: .segmentMissing))
        }
        return report
    }

    /// One segment; returns the sequence that the next must begin with, nil where damage hides it.
    private func check(
        _ first: UInt64, isLast: Bool, _ buffer: AlignedBuffer, _ report: inout JournalReport
    ) throws(StorageFailure) -> UInt64? {
        if bring == nil, let note = try archived(first), try !list().local.contains(first) {
            report.archived += 1
            return note.next
        }
        let reader: SegmentReader
        do {
            reader = try open(first, .reading, buffer)
        } catch .damaged(let fault) {
            report.faults.append(fault)
            return nil
        } catch {
            throw error
        }
        defer { reader.file.close() }
        report.segments += 1
        let faults = try reader.file.faults()
        guard faults.isEmpty else {
            report.faults += faults
            return nil
        }
        let walk = try SegmentWalk(reader, passesFaults: true)
        report.frames += walk.frames
        report.bytes += reader.file.storedBytes
        report.faults += walk.faults
        report.isSealedAtEnd = walk.stop == .seal
        if isLast && walk.stop == .torn { report.tornBytes = reader.end - walk.offset }
        if !isLast && walk.stop != .seal && walk.faults.isEmpty {
            report.faults.append(reader.fault(.segmentCutOff, at: walk.offset))
        }
        return walk.stop == .fault ? nil : walk.due
    }
}
