// Two memories of what is stored already, both bounded, both only a shortcut to the index.
import Primitives

/// What is known of a digest.
enum Known: Hashable {
    case chunk(ChunkPlace)
    /// A payload of several chunks.
    case manifest
}

/// The places of digests met lately. Exact: all 32 bytes are compared. One digest a slot, the
/// latest wins.
struct RecentDigests {
    private struct Slot {
        var digest = Digest()
        var block: UInt64 = 0
        var index: UInt32 = 0
        var state: State = .empty
    }

    private enum State: UInt8 { case empty, chunk, manifest }

    /// A power of two; 48 bytes each.
    private static let slots = 1 << 16
    private var table: [Slot]

    init() { table = [Slot](repeating: Slot(), count: Self.slots) }

    func find(_ digest: Digest) -> Known? {
        let slot = table[Self.place(digest)]
        guard slot.state != .empty, slot.digest == digest else { return nil }
        if slot.state == .manifest { return .manifest }
        return .chunk(ChunkPlace(block: slot.block, index: slot.index))
    }

    mutating func insert(_ digest: Digest, _ known: Known) {
        var slot = Slot()
        slot.digest = digest
        switch known {
        case .chunk(let place):
            slot.state = .chunk
            slot.block = place.block
            slot.index = place.index
        case .manifest: slot.state = .manifest
        }
        table[Self.place(digest)] = slot
    }

    mutating func clear() {
        for index in table.indices { table[index].state = .empty }
    }

    private static func place(_ digest: Digest) -> Int {
        Int(truncatingIfNeeded: digest.fingerprint) & (slots - 1)
    }
}

/// The first 64 bits of digests stored lately, so that new content need not ask the index, which
/// costs more than hashing it.
///
/// Both kinds of error are harmless. A fingerprint that is found proves nothing: the index is
/// asked for the whole digest. One that is missing though the chunk is stored, because it was
/// forgotten, makes the chunk be stored a second time, which costs bytes; the index then names
/// the later copy, and both are whole.
struct Fingerprints {
    /// A power of two; 8 bytes each, two generations.
    private static let slots = 1 << 21
    /// A generation is full at three quarters.
    private static let limit = slots / 4 * 3
    /// Fingerprints one generation holds.
    static let capacity = limit

    private var young = [UInt64](repeating: 0, count: slots)
    private var old: [UInt64] = []
    private var count = 0

    func mayContain(_ digest: Digest) -> Bool {
        let mark = digest.fingerprint | 1
        return Self.contains(mark, young) || !old.isEmpty && Self.contains(mark, old)
    }

    mutating func insert(_ digest: Digest) {
        if count == Self.limit {
            swap(&old, &young)
            young = [UInt64](repeating: 0, count: Self.slots)
            count = 0
        }
        let mark = digest.fingerprint | 1
        var index = Self.place(mark)
        while young[index] != 0 {
            if young[index] == mark { return }
            index = (index + 1) & (Self.slots - 1)
        }
        young[index] = mark
        count += 1
    }

    private static func contains(_ mark: UInt64, _ table: [UInt64]) -> Bool {
        var index = place(mark)
        while table[index] != 0 {
            if table[index] == mark { return true }
            index = (index + 1) & (slots - 1)
        }
        return false
    }

    private static func place(_ mark: UInt64) -> Int {
        Int(truncatingIfNeeded: mark >> 20) & (slots - 1)
    }
}

extension Digest {
    /// The first eight bytes.
    fileprivate var fingerprint: UInt64 {
        withUnsafeBytes(of: self) { $0.loadUnaligned(as: UInt64.self) }
    }
}
