// How near a row is, in one number that sorts, and the nearest rows of a search in order.

/// An inner product above the complement of a slot: the larger, the nearer; equally near rows are
/// ordered by their slots, so that no result depends on the order of visits.
struct NearestKey: Comparable {
    let packed: Int64

    init(product: Int32, slot: UInt32) {
        packed = Int64(product) << 32 | Int64(~slot)
    }

    fileprivate init(packed: Int64) { self.packed = packed }

    var product: Int32 { Int32(truncatingIfNeeded: packed >> 32) }
    var slot: UInt32 { ~UInt32(truncatingIfNeeded: packed) }

    static func < (left: NearestKey, right: NearestKey) -> Bool { left.packed < right.packed }
}

/// The nearest rows seen, the nearest first, and which of them were opened (paper: W and C at
/// once: a candidate that is not among the `breadth` nearest seen would end the search unopened).
struct NearestPool {
    /// Keys doubled, plus one where the row was opened; room for one more than `breadth`.
    private let items: UnsafeMutablePointer<Int64>
    private let breadth: Int
    private var count = 0
    /// Every row before it was opened.
    private var next = 0

    /// - Parameter items: `breadth + 1` items, used as long as the pool is.
    init(_ items: UnsafeMutablePointer<Int64>, breadth: Int) {
        (self.items, self.breadth) = (items, breadth)
    }

    /// Takes a row in where it is among the nearest.
    mutating func offer(_ key: NearestKey) {
        let item = key.packed << 1
        if count == breadth {
            guard item > items[count - 1] else { return }
            count -= 1
        }
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if items[middle] > item { low = middle + 1 } else { high = middle }
        }
        (items + low + 1).update(from: items + low, count: count - low)
        items[low] = item
        count += 1
        next = min(next, low)
    }

    /// The nearest row that was not opened; it is now.
    mutating func open() -> UInt32? {
        while next < count, items[next] & 1 == 1 { next += 1 }
        guard next < count else { return nil }
        items[next] |= 1
        return NearestKey(packed: items[next] >> 1).slot
    }

    /// The row that will be opened after the last one, as it stands.
    var following: UInt32? {
        var place = next + 1
        while place < count, items[place] & 1 == 1 { place += 1 }
        return place < count ? NearestKey(packed: items[place] >> 1).slot : nil
    }

    /// All of them, the nearest first.
    var keys: [NearestKey] { (0..<count).map { NearestKey(packed: items[$0] >> 1) } }
}
