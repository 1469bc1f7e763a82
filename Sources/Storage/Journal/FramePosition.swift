// Where a frame is in a journal, and what the frame holds.
import Primitives

/// The place of one frame, 16 bytes when written.
public struct FramePosition: Hashable, Sendable {
    /// The first sequence of the segment, which is its name.
    public var segment: UInt64
    /// Bytes from the start of the segment to the frame.
    public var offset: UInt32
    /// Bytes of the payload.
    public var length: UInt32

    public init(segment: UInt64, offset: UInt32, length: UInt32) {
        self.segment = segment
        self.offset = offset
        self.length = length
    }

    public func write(to writer: inout ByteWriter) {
        writer.write(segment)
        writer.write(offset)
        writer.write(length)
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        segment = try reader.read()
        offset = try reader.read()
        length = try reader.read()
    }
}

/// A frame during `replay`; the payload is valid only until the call returns.
public struct JournalFrame {
    public var sequence: UInt64
    /// A number of the caller's, not zero-checked here.
    public var kind: UInt8
    public var position: FramePosition
    public var payload: UnsafeRawBufferPointer
}
