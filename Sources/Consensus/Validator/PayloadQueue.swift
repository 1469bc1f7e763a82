// Payload that waits for an own block: first in, first out, within a limit of bytes.

struct PayloadQueue: Sendable {
    private var items: [[UInt8]] = []
    private var bytes = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Whether there was room.
    mutating func offer(_ item: [UInt8]) -> Bool {
        let size = item.count + 4
        guard size + 4 <= Block.payloadLimit, bytes + size <= limit else { return false }
        items.append(item)
        bytes += size
        return true
    }

    /// Puts items back in front that were taken out before; there is always room for them.
    mutating func giveBack(_ returned: [[UInt8]]) {
        items = returned + items
        bytes += returned.reduce(0) { $0 + $1.count + 4 }
    }

    /// The items of the next block.
    mutating func take() -> [[UInt8]] {
        var size = 4
        let end = items.firstIndex { item in
            size += item.count + 4
            return size > Block.payloadLimit
        }
        let taken = Array(items[..<(end ?? items.count)])
        items.removeFirst(taken.count)
        bytes -= taken.reduce(0) { $0 + $1.count + 4 }
        return taken
    }
}
