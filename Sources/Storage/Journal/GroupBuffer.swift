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
    mutating func append(
        kind: UInt8, sequence: UInt64, parts: [UnsafeRawBufferPointer], length payloadBytes: Int
    ) -> Int {
        if isEmpty { length = JournalFormat.headerBytes }
        let header = FrameHeader(kind: kind, length: UInt32(payloadBytes), sequence: sequence)
        let start = length
        let end = start + header.paddedLength
        memory.reserve(end, keeping: start)
        var target = memory.base + start + JournalFormat.frameHeaderBytes
        for part in parts {
            if let source = part.baseAddress {
                target.copyMemory(from: source, byteCount: part.count)
                target += part.count
            }
        }
        zero(from: target, to: end)
        header.seal(memory.base + start)
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
