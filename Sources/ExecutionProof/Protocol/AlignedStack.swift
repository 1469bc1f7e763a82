// Many vectors in one: each at a multiple of its own size, so that a prefix of the index names it.
import BinaryFields

/// Vectors whose sizes are powers of two, the larger before the smaller, those of one size in their
/// order, the rest of the space unused.
package struct AlignedStack: Hashable, Sendable {
    /// Binary logarithms of the sizes, in the order of the items.
    package let logSizes: [Int]
    /// Where each item starts: a multiple of its size.
    package let offsets: [Int]
    /// One past the last used place.
    package let used: Int
    /// The binary logarithm of the whole, at least `least`.
    package let logSize: Int

    package init(logSizes: [Int], least: Int) {
        self.logSizes = logSizes
        let order = logSizes.indices.sorted {
            (-logSizes[$0], $0) < (-logSizes[$1], $1)
        }
        var (offsets, next) = ([Int](repeating: 0, count: logSizes.count), 0)
        for item in order {
            offsets[item] = next
            next += 1 << logSizes[item]
        }
        (self.offsets, used) = (offsets, next)
        var logSize = least
        while 1 << logSize < next { logSize += 1 }
        self.logSize = logSize
    }

    /// The equality polynomial of the item's prefix at the high coordinates of `point`, which has
    /// `logSize` coordinates: the item's share in the value of the whole at `point`.
    package func weight(of item: Int, at point: [GF128]) -> GF128 {
        let low = logSizes[item]
        let prefix = offsets[item] >> low
        return point[low..<logSize].enumerated().reduce(.one) { product, next in
            product * (prefix >> next.offset & 1 == 1 ? next.element : .one + next.element)
        }
    }
}
