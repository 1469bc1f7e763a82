// Reads one segment group by group and says of each whether it is whole, torn or damaged.
import Environment
import Primitives

/// One open segment file, its header checked.
struct SegmentReader {
    /// What stands at a group's place.
    enum Outcome {
        /// A group of which every bit is right; its bytes are in the buffer.
        case whole(GroupHeader)
        /// The file ends here.
        case end
        /// What a crash leaves of a group that was not synced.
        case torn
        /// Zeros up to the end of the file: room that was made ready.
        case blank
        /// One fault or more; the header is given where it can be trusted.
        case damaged([JournalFault], GroupHeader?)
        /// A group whose frames all come before the ones asked for; only its header was checked.
        case passed(GroupHeader)
    }

    let file: SegmentFile
    let header: SegmentHeader
    let buffer: AlignedBuffer
    /// Where the committed bytes end.
    var end: UInt64

    /// Checks the header against the name and the settings.
    init(
        file opened: any DiskFile, first: UInt64, settings: JournalSettings, buffer: AlignedBuffer
    ) throws(StorageFailure) {
        self.buffer = buffer
        var header = try Self.header(of: SegmentFile(opened), first, settings, buffer)
        file = try SegmentFile(opened, header)
        end = file.size
        if file.isCompressed { header = try Self.header(of: file, first, settings, buffer) }
        guard header.version <= JournalFormat.version else {
            throw .damaged(JournalFault(segment: first, offset: 0, kind: .segmentHeader))
        }
        self.header = header
    }

    private static func header(
        of file: SegmentFile, _ first: UInt64, _ settings: JournalSettings, _ buffer: AlignedBuffer
    ) throws(StorageFailure) -> SegmentHeader {
        let block = UnsafeMutableRawBufferPointer(
            start: buffer.base, count: JournalFormat.blockBytes)
        let count = try file.read(at: 0, into: block)
        let read = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(block)[..<count])
        func fault(_ kind: JournalFault.Kind) -> StorageFailure {
            .damaged(JournalFault(segment: first, offset: 0, kind: kind))
        }
        guard let header = SegmentHeader(loading: read) else { throw fault(.segmentHeader) }
        guard header.version <= JournalFormat.compressedVersion else {
            throw .storeIsNewer(
                found: header.version, supported: JournalFormat.compressedVersion)
        }
        guard header.storeID == settings.storeID else { throw fault(.wrongStore(header.storeID)) }
        guard header.purpose == settings.purpose.rawValue else {
            throw fault(.wrongPurpose(header.purpose))
        }
        guard header.version >= JournalFormat.oldestVersion, header.first == first else {
            throw fault(.segmentHeader)
        }
        return header
    }

    /// Reads the group at `offset`, which is a multiple of the block, and checks every bit of it.
    /// - Parameters:
    ///   - due: the sequence its first frame must have.
    ///   - wanted: groups that end before this sequence are passed over.
    func readGroup(
        at offset: UInt64, due: UInt64, wanted: UInt64 = 0
    ) throws(StorageFailure) -> Outcome {
        guard offset < end else { return .end }
        let count = try load(JournalFormat.blockBytes, at: offset)
        let sector = UnsafeRawBufferPointer(
            start: buffer.base, count: min(count, JournalFormat.sectorBytes))
        if JournalFormat.isZero(sector) { return try unwritten(at: offset) }
        guard count >= JournalFormat.headerBytes else { return .torn }
        guard let group = GroupHeader(loading: buffer.base, at: place(offset)) else {
            return .damaged([fault(.groupHeader, at: offset)], nil)
        }
        guard group.first == due else {
            return .damaged([fault(.sequenceGap(due: due), at: offset, group.first)], group)
        }
        guard end - offset >= group.paddedLength else { return .torn }
        if group.next <= wanted, !group.isSeal { return .passed(group) }
        if group.paddedLength > UInt64(count) {
            try loadRest(of: group, at: offset, have: count)
        }
        let faults = faults(of: group, at: offset)
        guard !faults.isEmpty else { return .whole(group) }
        return try isTorn(group, at: offset) ? .torn : .damaged(faults, group)
    }

    /// The frames of a whole group in the buffer, in order.
    func forEachFrame(of group: GroupHeader, at offset: UInt64, _ visit: (JournalFrame) -> Bool) {
        var start = JournalFormat.headerBytes
        while let found = nextFrame(of: group, at: offset, start), visit(found.frame) {
            start = found.next
        }
    }

    /// The frame that begins at byte `start` of a whole group in the buffer, and where the next
    /// one does; nil behind the last.
    func nextFrame(
        of group: GroupHeader, at offset: UInt64, _ start: Int
    ) -> (frame: JournalFrame, next: Int)? {
        guard start < Int(group.length), let found = frame(of: group, at: start) else { return nil }
        let payload = UnsafeRawBufferPointer(
            start: buffer.base + start + JournalFormat.frameHeaderBytes,
            count: Int(found.length))
        let position = FramePosition(
            segment: header.first, offset: UInt32(truncatingIfNeeded: offset) + UInt32(start),
            length: found.length)
        let frame = JournalFrame(
            sequence: found.sequence, kind: found.kind, position: position, payload: payload)
        return (frame, start + found.paddedLength)
    }

    /// The first block from `offset` on that begins with the header of a group, nil where there
    /// is none.
    func nextGroup(from offset: UInt64) throws(StorageFailure) -> UInt64? {
        var offset = offset
        while offset < end {
            let count = try load(JournalFormat.headerBytes, at: offset)
            guard count == JournalFormat.headerBytes else { return nil }
            if GroupHeader(loading: buffer.base, at: place(offset)) != nil { return offset }
            offset += UInt64(JournalFormat.blockBytes)
        }
        return nil
    }

    func place(_ offset: UInt64) -> GroupPlace {
        GroupPlace(storeID: header.storeID, segment: header.first, offset: offset)
    }

    func fault(
        _ kind: JournalFault.Kind, at offset: UInt64, _ sequence: UInt64? = nil
    ) -> JournalFault {
        JournalFault(segment: header.first, offset: offset, sequence: sequence, kind: kind)
    }

    /// A group whose first sector is zero was never synced, unless a later one stands behind it.
    private func unwritten(at offset: UInt64) throws(StorageFailure) -> Outcome {
        if try isBlank(from: offset) { return .blank }
        let next = try nextGroup(from: offset + UInt64(JournalFormat.blockBytes))
        return next == nil ? .torn : .damaged([fault(.groupHeader, at: offset)], nil)
    }

    private func isBlank(from start: UInt64) throws(StorageFailure) -> Bool {
        var offset = start
        while offset < end {
            let count = try load(JournalFormat.blockBytes, at: offset)
            let block = UnsafeRawBufferPointer(start: buffer.base, count: count)
            guard count > 0, JournalFormat.isZero(block) else { return false }
            offset += UInt64(count)
        }
        return true
    }

    /// A faulty group is torn when sectors of it are missing and nothing was written after it.
    private func isTorn(_ group: GroupHeader, at offset: UInt64) throws(StorageFailure) -> Bool {
        let bytes = UnsafeRawBufferPointer(start: buffer.base, count: Int(group.paddedLength))
        guard JournalFormat.zeroSectors(bytes) > group.zeroSectors else { return false }
        return try nextGroup(from: offset + group.paddedLength) == nil
    }

    /// Every frame at fault while the frames still join; where they do not, only the first fault
    /// is sure.
    private func faults(of group: GroupHeader, at offset: UInt64) -> [JournalFault] {
        var faults: [JournalFault] = []
        var start = JournalFormat.headerBytes
        for index in 0..<UInt64(group.frameCount) {
            let (place, sequence) = (offset + UInt64(start), group.first &+ index)
            guard let frame = frame(of: group, at: start), frame.sequence == sequence else {
                faults.append(fault(.frameHeader, at: place, sequence))
                return Array(faults.prefix(1))
            }
            let used = start + JournalFormat.frameHeaderBytes + Int(frame.length)
            if !frame.isIntact(at: buffer.base + start) {
                faults.append(fault(.frameChecksum, at: place, sequence))
            } else if !isZero(used, start + frame.paddedLength) {
                faults.append(fault(.padding, at: place, sequence))
            }
            start += frame.paddedLength
        }
        if start != Int(group.length) || !isZero(start, Int(group.paddedLength)) {
            faults.append(fault(.padding, at: offset + UInt64(start)))
        }
        return faults
    }

    private func frame(of group: GroupHeader, at start: Int) -> FrameHeader? {
        FrameHeader(
            loading: UnsafeRawBufferPointer(
                start: buffer.base + start, count: Int(group.length) - start))
    }

    private func isZero(_ start: Int, _ end: Int) -> Bool {
        JournalFormat.isZero(
            UnsafeRawBufferPointer(start: buffer.base + start, count: end - start))
    }

    private func load(_ count: Int, at offset: UInt64) throws(StorageFailure) -> Int {
        let target = UnsafeMutableRawBufferPointer(start: buffer.base, count: count)
        return try file.read(at: offset, into: target)
    }

    /// Reads what follows the first block of a group; the size was checked, so a short read is a
    /// failing disk.
    private func loadRest(
        of group: GroupHeader, at offset: UInt64, have count: Int
    ) throws(StorageFailure) {
        let total = Int(group.paddedLength)
        buffer.reserve(total, keeping: count)
        let target = UnsafeMutableRawBufferPointer(
            start: buffer.base + count, count: total - count)
        let read = try file.read(at: offset + UInt64(count), into: target)
        guard read == target.count else {
            let path = JournalFormat.name(ofSegment: header.first)
            throw .disk(DiskFailure(.read, path: path, code: 5))
        }
    }
}
