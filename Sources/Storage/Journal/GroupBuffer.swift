// The group that is being filled: frames laid out in memory exactly as they will stand on disk.
import Primitives

/// Frames between two commits.
struct GroupBuffer {
    private let memory = AlignedBuffer()
    /// Bytes of header and frames so far; 0 while there is no frame.
    private(set) var length = 0
    private(set) var frameCount: UInt32 = 0

    var isEmpty: Bool { length == 0 }

    /// Adds a frame; returns its offset in the group. The caller has checked the limits.
    mutating func append(_ frame: NewFrame, sequence: UInt64) -> Int {
        if isEmpty { length = JournalFormat.headerBytes }
        let header = FrameHeader(
            kind: frame.kind, length: UInt32(frame.length),
            bodyLength: UInt32(frame.bodyLength),
            sequence: sequence)
        let start = length
        let end = start + header.paddedLength
        memory.reserve(end, keeping: start)
        var target = memory.base + start + JournalFormat.frameHeaderBytes
        for part in frame.parts {
            if let source = part.baseAddress {
                target.copyMemory(from: source, byteCount: part.count)
                target += part.count
            }
        }
        zero(from: target, to: end)
        header.seal(memory.base + start, body: frame.bodyDigest)
        length = end
        frameCount += 1
        return start
    }

    /// Completes the group and returns its bytes, a whole number of blocks, valid until the next
    /// change.
    mutating func finish(
        isSeal: Bool = false, first: UInt64, at place: GroupPlace
    ) -> UnsafeRawBufferPointer {
        if isEmpty { length = JournalFormat.headerBytes }
        let padded = JournalFormat.roundUp(length, to: JournalFormat.blockBytes)
        memory.reserve(padded, keeping: length)
        zero(from: memory.base + length, to: padded)
        let bytes = UnsafeRawBufferPointer(start: memory.base, count: padded)
        memory.base.storeBytes(of: JournalFormat.groupMagic.littleEndian, as: UInt32.self)
        let header = GroupHeader(
            isSeal: isSeal, first: first, frameCount: frameCount,
            zeroSectors: JournalFormat.zeroSectors(bytes), length: length)
        header.store(to: memory.base, at: place)
        return bytes
    }

    /// Forgets every frame.
    mutating func clear() {
        memory.shrink(used: length)
        length = 0
        frameCount = 0
    }

    private func zero(from start: UnsafeMutableRawPointer, to end: Int) {
        start.initializeMemory(
            as: UInt8.self, repeating: 0, count: memory.base + end - start)
    }
}

/// A frame to be appended.
struct NewFrame {
    /// A number of the caller's.
    var kind: UInt8
    /// The payload, one part after the other.
    var parts: [UnsafeRawBufferPointer]
    /// The plain BLAKE3 digest of the last part where that is a body, which is not empty.
    var bodyDigest: Digest?

    var length: Int { parts.reduce(0) { $0 + $1.count } }

    var bodyLength: Int { bodyDigest == nil ? 0 : parts.last?.count ?? 0 }
}
