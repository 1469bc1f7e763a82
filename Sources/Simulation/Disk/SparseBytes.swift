// The bytes of a simulated file: in blocks, without the zeros that blocks end in.

/// Journals fill up every commit to whole blocks with zeros; a long run has no memory for those.
struct SparseBytes {
    static let blockBytes = 4_096

    /// Bytes, with the zeros that are not kept.
    private(set) var count = 0
    /// Each without the zeros at its end; the last may be of a part of a block.
    private var blocks: [[UInt8]] = []

    init() {}

    init(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        while start < bytes.count {
            let used = count % Self.blockBytes
            let size = min(Self.blockBytes - used, bytes.count - start)
            let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<start + size])
            let kept = piece[..<Self.lengthWithoutZeros(piece)]
            if used == 0 {
                blocks.append(Array(kept))
            } else if !kept.isEmpty {
                let last = blocks.count - 1
                let gap = used - blocks[last].count
                blocks[last].append(contentsOf: repeatElement(0, count: gap))
                blocks[last].append(contentsOf: kept)
            }
            count += size
            start += size
        }
    }

    mutating func appendZeros(_ zeros: Int) {
        count += zeros
        let needed = (count + Self.blockBytes - 1) / Self.blockBytes
        while blocks.count < needed { blocks.append([]) }
    }

    /// Cuts to `size` bytes, which is at most `count`.
    mutating func truncate(to size: Int) {
        count = size
        blocks.removeLast(blocks.count - (size + Self.blockBytes - 1) / Self.blockBytes)
        let used = size % Self.blockBytes
        if used > 0, let last = blocks.indices.last, blocks[last].count > used {
            blocks[last].removeLast(blocks[last].count - used)
        }
    }

    /// Copies from `start` on as much as there is and as `target` holds; how much.
    func read(at start: Int, into target: UnsafeMutableRawBufferPointer) -> Int {
        let end = min(start + target.count, count)
        var place = start
        while place < end {
            let (number, used) = place.quotientAndRemainder(dividingBy: Self.blockBytes)
            let size = min(Self.blockBytes - used, end - place)
            let piece = UnsafeMutableRawBufferPointer(
                rebasing: target[place - start..<place - start + size])
            let kept = blocks[number].dropFirst(used).prefix(size)
            piece.copyBytes(from: kept)
            for index in kept.count..<size { piece[index] = 0 }
            place += size
        }
        return max(end - start, 0)
    }

    subscript(place: Int) -> UInt8 {
        get {
            let (number, offset) = place.quotientAndRemainder(dividingBy: Self.blockBytes)
            return offset < blocks[number].count ? blocks[number][offset] : 0
        }
        set {
            let (number, offset) = place.quotientAndRemainder(dividingBy: Self.blockBytes)
            let gap = offset + 1 - blocks[number].count
            if gap > 0 { blocks[number].append(contentsOf: repeatElement(0, count: gap)) }
            blocks[number][offset] = newValue
        }
    }

    /// All bytes of the range.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: range.count) { buffer, size in
            size = read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    private static func lengthWithoutZeros(_ bytes: UnsafeRawBufferPointer) -> Int {
        var end = bytes.count
        while end >= 8, bytes.loadUnaligned(fromByteOffset: end - 8, as: UInt64.self) == 0 {
            end -= 8
        }
        while end > 0, bytes[end - 1] == 0 { end -= 1 }
        return end
    }
}
