// Payload that waits for an own block: first in, first out, within a limit of bytes.

struct PayloadQueue: Sendable {
    private var parts: [BlockPayload] = []
    /// Items of the first part that are taken already.
    private var taken = 0
    private var bytes = 0
    private let limit: Int
    var lapses: Lapses = []

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { parts.isEmpty }

    /// Whether there was room: for all of it, or for none.
    mutating func offer(_ payload: BlockPayload) -> Bool {
        guard !payload.isEmpty else { return true }
        let size = payload.size(of: payload.indices)
        guard size <= limit - bytes, payload.indices.allSatisfy({
            payload.size(of: $0..<$0 + 1) + 4 <= Block.payloadLimit
        }) else { return false }
        bytes += size
        // Small parts are joined, so that a queue of many costs little more than their bytes.
        if let last = parts.indices.last, parts[last].encoded.count < 1 << 16 {
            parts[last].append(payload.indices, of: payload)
        } else {
            parts.append(payload)
        }
        return true
    }

    /// Puts payload back in front that was taken out before; there is always room for it.
    mutating func giveBack(_ payload: BlockPayload) {
        guard !payload.isEmpty else { return }
        var first = payload
        if taken > 0 {
            first.append(taken..<parts[0].count, of: parts[0])
            parts[0] = first
            taken = 0
        } else {
            parts.insert(first, at: 0)
        }
        bytes += payload.size(of: payload.indices)
    }

    /// Moves items to the end of `block` as long as its encoding keeps `Block.payloadLimit`.
    mutating func take(into block: inout BlockPayload) {
        var used = 0
        while used < parts.count {
            let part = parts[used]
            let room = lapses.contains(.fillsBlocksWithoutLimit)
                ? Int.max : Block.payloadLimit - block.encoded.count
            var end = taken
            while end < part.count, part.size(of: taken..<end + 1) <= room { end += 1 }
            bytes -= part.size(of: taken..<end)
            if block.isEmpty, taken == 0, end == part.count {
                block = part
            } else {
                block.append(taken..<end, of: part)
            }
            guard end == part.count else {
                taken = end
                break
            }
            used += 1
            taken = 0
        }
        parts.removeFirst(used)
    }
}
