// Memory whose address is a multiple of the disk's block, as direct writes demand.
import Environment

/// Grows, and gives a surplus back; contents are whatever was written.
final class AlignedBuffer {
    /// Memory kept between uses, in bytes.
    private static let keptBytes = 40 << 20
    private static let leastBytes = 64 << 10

    private(set) var base: UnsafeMutableRawPointer
    private(set) var capacity: Int

    init() {
        capacity = Self.leastBytes
        base = .allocate(byteCount: capacity, alignment: diskBlockBytes)
    }

    deinit { base.deallocate() }

    /// Makes room for `count` bytes, keeping the first `used`.
    func reserve(_ count: Int, keeping used: Int) {
        guard count > capacity else { return }
        reallocate(max(count, capacity * 2), keeping: used)
    }

    /// Gives memory beyond the kept size back unless a good part of it was used; contents are lost.
    /// Fresh memory costs a page fault every 4 KiB, which is slower than the disk.
    func shrink(used: Int) {
        if capacity > Self.keptBytes && used < capacity / 4 {
            reallocate(Self.leastBytes, keeping: 0)
        }
    }

    private func reallocate(_ count: Int, keeping used: Int) {
        let rounded = JournalFormat.roundUp(count, to: diskBlockBytes)
        let fresh = UnsafeMutableRawPointer.allocate(
            byteCount: rounded, alignment: diskBlockBytes)
        fresh.copyMemory(from: base, byteCount: used)
        base.deallocate()
        base = fresh
        capacity = rounded
    }
}
