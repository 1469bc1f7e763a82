// The frames of one sealed segment, one after the other, so that a walk may pause between two.
import Primitives

/// A place in a sealed segment. Every frame is checked before it is given out.
struct FrameWalk {
    private var offset = UInt64(JournalFormat.blockBytes)
    /// The sequence that comes next.
    private var due: UInt64
    /// The group in the reader's buffer, and where its next frame begins.
    private var group: GroupHeader?
    private var start = 0

    init(_ reader: SegmentReader) { due = reader.header.first }

    /// The next frame; nil at the seal. Its payload is valid until the next call.
    ///
    /// - Throws: `damaged` at the first fault, and where the segment does not end in a seal.
    mutating func next(_ reader: SegmentReader) throws(StorageFailure) -> JournalFrame? {
        while true {
            if let group, let found = reader.nextFrame(of: group, at: offset, start) {
                start = found.next
                return found.frame
            }
            guard try enterGroup(reader) else { return nil }
        }
    }

    /// Reads the group behind this one; false where it is the seal.
    private mutating func enterGroup(_ reader: SegmentReader) throws(StorageFailure) -> Bool {
        if let group {
            offset += group.paddedLength
            due = group.next
        }
        group = nil
        switch try reader.readGroup(at: offset, due: due, wanted: 0) {
        case .whole(let found) where found.isSeal:
            let end = offset + found.paddedLength
            guard end == reader.end else {
                throw .damaged(reader.fault(.bytesAfterSeal, at: end))
            }
            return false
        case .whole(let found):
            group = found
            start = JournalFormat.headerBytes
            return true
        case .damaged(let faults, _):
            throw .damaged(faults.first ?? reader.fault(.groupHeader, at: offset))
        case .end, .torn, .blank, .passed:
            throw .damaged(reader.fault(.segmentCutOff, at: offset))
        }
    }
}
