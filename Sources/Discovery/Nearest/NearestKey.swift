// How near a row is, in one number that sorts, and the heap of such numbers.

/// An inner product above the complement of a slot: the larger, the nearer; equally near rows are
/// ordered by their slots, so that no result depends on the order of visits.
struct NearestKey: Comparable {
    let packed: Int64

    init(product: Int32, slot: UInt32) {
        packed = Int64(product) << 32 | Int64(~slot)
    }

    var product: Int32 { Int32(truncatingIfNeeded: packed >> 32) }
    var slot: UInt32 { ~UInt32(truncatingIfNeeded: packed) }

    static func < (left: NearestKey, right: NearestKey) -> Bool { left.packed < right.packed }
}

/// A binary heap with the largest of its order on top.
struct NearestHeap {
    /// Multiplied in: 1 for the nearest on top, -1 for the farthest.
    private let sign: Int64
    private var items: [Int64] = []

    static let nearestFirst = NearestHeap(sign: 1)
    static let farthestFirst = NearestHeap(sign: -1)

    private init(sign: Int64) { self.sign = sign }

    var count: Int { items.count }
    var isEmpty: Bool { items.isEmpty }
    var top: NearestKey? { items.first.map { NearestKey(packed: $0 * sign) } }

    mutating func clear() { items.removeAll(keepingCapacity: true) }

    mutating func push(_ key: NearestKey) {
        items.append(key.packed * sign)
        var place = items.count - 1
        let item = items[place]
        while place > 0 {
            let parent = (place - 1) / 2
            guard items[parent] < item else { break }
            items[place] = items[parent]
            place = parent
        }
        items[place] = item
    }

    mutating func pop() -> NearestKey? {
        guard let first = items.first, let last = items.popLast() else { return nil }
        if !items.isEmpty { sink(last) }
        return NearestKey(packed: first * sign)
    }

    /// Puts `item` on top and lets it sink to its place.
    private mutating func sink(_ item: Int64) {
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < items.count else { break }
            if child + 1 < items.count, items[child + 1] > items[child] { child += 1 }
            guard items[child] > item else { break }
            items[place] = items[child]
            place = child
        }
        items[place] = item
    }

    /// All of them, the nearest first.
    var nearestFirst: [NearestKey] {
        items.map { NearestKey(packed: $0 * sign) }.sorted(by: >)
    }
}

extension NearestKey {
    fileprivate init(packed: Int64) { self.packed = packed }
}
