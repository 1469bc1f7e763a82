// Storage for the parts of a tree: slots named by number, in pieces that copies of the tree share.

/// Slots numbered from 0, freed ones used again. Slots lie together in chunks of 1,024.
///
/// A copy shares every chunk; a change to a shared chunk copies that chunk. Memory of freed slots
/// is kept for later ones and never given back.
struct Arena<Element: Sendable>: Sendable {
    private static var chunkBits: UInt32 { 10 }
    private static var chunkWidth: Int { 1 << chunkBits }

    private var chunks: [[Element]] = []
    private var free: [UInt32] = []
    /// Slots ever used.
    private var used = 0

    /// Slots in use.
    var count: Int { used - free.count }

    subscript(slot: UInt32) -> Element {
        get { chunks[Int(slot >> Self.chunkBits)][Int(slot) & (Self.chunkWidth - 1)] }
        set { chunks[Int(slot >> Self.chunkBits)][Int(slot) & (Self.chunkWidth - 1)] = newValue }
    }

    mutating func insert(_ element: Element) -> UInt32 {
        if let slot = free.popLast() {
            self[slot] = element
            return slot
        }
        precondition(used < 1 << 30, "an arena holds at most 2^30 slots")
        if used & (Self.chunkWidth - 1) == 0 {
            var chunk: [Element] = []
            chunk.reserveCapacity(Self.chunkWidth)
            chunks.append(chunk)
        }
        chunks[chunks.count - 1].append(element)
        used += 1
        return UInt32(used - 1)
    }

    mutating func remove(_ slot: UInt32) { free.append(slot) }
}
