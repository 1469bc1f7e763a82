// Frames go into the group that is being filled.
import Primitives

/// The end of a payload whose digest is known already.
public struct FrameBody: Sendable {
    public var bytes: ArraySlice<UInt8>
    /// Plain BLAKE3 of `bytes`. A wrong one makes a frame that no reading accepts.
    public var digest: Digest

    public init(_ bytes: ArraySlice<UInt8>, digest: Digest) {
        self.bytes = bytes
        self.digest = digest
    }
}

extension Journal {
    /// Adds a frame. It is not durable, nor readable, before a commit.
    /// - Parameter kind: a number of the caller's.
    /// - Returns: where the frame will be if the next commit succeeds.
    @discardableResult
    public func append(
        kind: UInt8, _ payload: [UInt8]
    ) throws(StorageFailure) -> FramePosition {
        try payload.withUnsafeBufferPointer { payload throws(StorageFailure) in
            try append(kind: kind, parts: [UnsafeRawBufferPointer(payload)])
        }
    }

    /// Adds a frame whose payload is the parts one after the other.
    @discardableResult
    public func append(
        kind: UInt8, parts: [UnsafeRawBufferPointer]
    ) throws(StorageFailure) -> FramePosition {
        try append(NewFrame(kind: kind, parts: parts))
    }

    /// Adds a frame whose payload is `head` with a body behind it. The body is not hashed again
    /// where the segment's version lets the checksum cover its digest.
    @discardableResult
    public func append(
        kind: UInt8, _ head: [UInt8], _ body: FrameBody
    ) throws(StorageFailure) -> FramePosition {
        try head.withUnsafeBufferPointer { head throws(StorageFailure) in
            try body.bytes.withUnsafeBufferPointer { bytes throws(StorageFailure) in
                let hasDigest = groupVersion >= JournalFormat.bodiesVersion && !bytes.isEmpty
                return try append(
                    NewFrame(
                        kind: kind,
                        parts: [UnsafeRawBufferPointer(head), UnsafeRawBufferPointer(bytes)],
                        bodyDigest: hasDigest ? body.digest : nil))
            }
        }
    }

    private func append(_ frame: NewFrame) throws(StorageFailure) -> FramePosition {
        guard !isSuspended else { throw .suspended }
        guard frame.length <= JournalFormat.framePayloadLimit else {
            throw .tooLarge(bytes: frame.length, limit: JournalFormat.framePayloadLimit)
        }
        let total = group.length + frame.length + JournalFormat.blockBytes
        guard total <= JournalFormat.groupLimit else {
            throw .tooLarge(bytes: total, limit: JournalFormat.groupLimit)
        }
        let place = groupPlace
        let start = group.append(frame, sequence: nextSequence)
        return FramePosition(
            segment: place.segment, offset: UInt32(place.offset) + UInt32(start),
            length: UInt32(frame.length))
    }
}
