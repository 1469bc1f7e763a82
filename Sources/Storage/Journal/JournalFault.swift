// A fault in a journal: where it is and what is wrong there.
import Primitives

/// One damaged place.
public struct JournalFault: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The first bytes of a segment do not have their checksum, or contradict its name.
        case segmentHeader
        /// A segment of another store.
        case wrongStore(StoreID)
        /// A segment of another journal of a store.
        case wrongPurpose(UInt32)
        /// The segment named in the fault is not there.
        case segmentMissing
        /// A segment that has a successor ends before its seal.
        case segmentCutOff
        /// Bytes follow the seal of a segment.
        case bytesAfterSeal
        /// A file in the directory that no journal makes.
        case unexpectedFile(String)
        /// The head of a group does not have its checksum.
        case groupHeader
        /// A group does not begin with the sequence that is due.
        case sequenceGap(due: UInt64)
        /// The head of a frame does not fit its group.
        case frameHeader
        /// A frame does not have its checksum.
        case frameChecksum
        /// A frame with the right checksum whose payload does not decode.
        case frameContent
        /// A piece of a compressed segment, or the table of its pieces, does not have its checksum.
        case piece
        /// Bytes that fill up a frame or a block are not zero.
        case padding
    }

    /// The first sequence of the segment, which is its name.
    public var segment: UInt64
    /// Bytes from the start of the segment.
    public var offset: UInt64
    /// The sequence of the frame at fault, where one frame is.
    public var sequence: UInt64?
    public var kind: Kind

    public init(segment: UInt64, offset: UInt64, sequence: UInt64? = nil, kind: Kind) {
        self.segment = segment
        self.offset = offset
        self.sequence = sequence
        self.kind = kind
    }
}

/// What opening a journal found and did.
public struct JournalRecovery: Hashable, Sendable {
    /// Bytes of a commit that never ended, cut from the last segment; 0 after an orderly end.
    public var tornBytes: UInt64 = 0
    /// The segment and offset of the cut, where there was one.
    public var segment: UInt64 = 0
    public var offset: UInt64 = 0

    public init() {}
}

/// What a walk over a whole journal found.
public struct JournalReport: Hashable, Sendable {
    public var faults: [JournalFault] = []
    public var segments = 0
    /// Segments that lie elsewhere: only their notes were read.
    public var archived = 0
    public var frames: UInt64 = 0
    /// Bytes of all segments.
    public var bytes: UInt64 = 0
    /// Bytes at the end of a commit that never ended: not a fault, cut when the journal is opened.
    public var tornBytes: UInt64 = 0
    /// The segment read last ends in a seal, so that another must follow.
    var isSealedAtEnd = false

    public init() {}
}
