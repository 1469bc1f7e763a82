// Walks the groups of one segment from its start, past faults where asked to.
import Primitives

/// How far a walk came and what it met.
struct SegmentWalk {
    enum Stop {
        /// The file ends after a whole group.
        case end
        /// A seal, and nothing behind it.
        case seal
        /// A group that was never synced begins here.
        case torn
        /// Nothing but zeros follow.
        case blank
        /// The visitor had enough.
        case visitor
        /// A fault, in a walk that stops at faults.
        case fault
    }

    private(set) var offset = UInt64(JournalFormat.blockBytes)
    /// The sequence that comes next.
    private(set) var due: UInt64
    private(set) var frames: UInt64 = 0
    private(set) var faults: [JournalFault] = []
    private(set) var stop = Stop.end
    private let passesFaults: Bool

    /// - Parameters:
    ///   - wanted: frames with lower sequences are not visited, and their groups not read where
    ///     possible.
    ///   - passesFaults: go on behind a fault at the next group that can be found.
    init(
        _ reader: SegmentReader, wanted: UInt64 = 0, passesFaults: Bool = false,
        visit: ((JournalFrame) -> Bool)? = nil
    ) throws(StorageFailure) {
        due = reader.header.first
        self.passesFaults = passesFaults
        while try step(reader, wanted, visit) {}
    }

    /// One group; false at the end of the walk.
    private mutating func step(
        _ reader: SegmentReader, _ wanted: UInt64, _ visit: ((JournalFrame) -> Bool)?
    ) throws(StorageFailure) -> Bool {
        switch try reader.readGroup(at: offset, due: due, wanted: wanted) {
        case .end:
            return end(.end)
        case .torn:
            return end(.torn)
        case .blank:
            return end(.blank)
        case .passed(let group):
            pass(group)
            return true
        case .damaged(let found, let group):
            return try skip(found, group, reader)
        case .whole(let group) where group.isSeal:
            pass(group)
            if offset < reader.end { faults.append(reader.fault(.bytesAfterSeal, at: offset)) }
            return end(offset < reader.end ? .fault : .seal)
        case .whole(let group):
            guard deliver(group, reader, wanted, visit) else { return end(.visitor) }
            frames += UInt64(group.frameCount)
            pass(group)
            return true
        }
    }

    private func deliver(
        _ group: GroupHeader, _ reader: SegmentReader, _ wanted: UInt64,
        _ visit: ((JournalFrame) -> Bool)?
    ) -> Bool {
        guard let visit else { return true }
        var isGoing = true
        reader.forEachFrame(of: group, at: offset) { frame in
            if frame.sequence >= wanted { isGoing = visit(frame) }
            return isGoing
        }
        return isGoing
    }

    private mutating func skip(
        _ found: [JournalFault], _ group: GroupHeader?, _ reader: SegmentReader
    ) throws(StorageFailure) -> Bool {
        faults += found
        guard passesFaults else { return end(.fault) }
        if let group {
            pass(group)
            return true
        }
        let following = offset + UInt64(JournalFormat.blockBytes)
        guard let next = try reader.nextGroup(from: following),
            let header = GroupHeader(loading: reader.buffer.base, at: reader.place(next))
        else { return end(.fault) }
        offset = next
        due = header.first
        return true
    }

    private mutating func pass(_ group: GroupHeader) {
        offset += group.paddedLength
        due = group.next
    }

    private mutating func end(_ reason: Stop) -> Bool {
        stop = reason
        return false
    }
}
