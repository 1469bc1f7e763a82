// The tree over an image whose root stands for the agent's state (docs/spec/agents.md §1).
import Cryptography
import Primitives

/// A complete binary tree of SHA-256 over leaves of 64 bytes, kept whole: an update costs a path.
public struct ImageTree: Sendable {
    public static let leafBytes = 64

    /// Levels from the leaves to the root; the nodes of a level, where they are not those of zeros
    /// to the right of all that was set.
    private var levels: [[Digest]]

    /// - Parameter leafCount: a power of two, not less than the leaves of `image`.
    public init(of image: Image, leafCount: Int) {
        precondition(
            leafCount.nonzeroBitCount == 1 && image.leafCount <= leafCount,
            "the leaves of an image fit in its tree")
        let leaves = (0..<image.leafCount).map { index in
            let leaf = image.leaf(index)
            return leaf.allSatisfy { $0 == 0 } ? Self.zeros[0] : Self.leaf(leaf)
        }
        levels = [leaves]
        for height in 0..<leafCount.trailingZeroBitCount {
            let below = levels[height]
            let zero = Self.zeros[height]
            levels.append(
                stride(from: 0, to: below.count, by: 2).map { index in
                    let right = index + 1 < below.count ? below[index + 1] : zero
                    return below[index] == zero && right == zero
                        ? Self.zeros[height + 1] : Self.node(below[index], right)
                })
        }
    }

    /// The root; stands for the state everywhere.
    public var root: Digest { levels[levels.count - 1][0] }

    /// Levels above the leaves.
    public var depth: Int { levels.count - 1 }

    /// The node `index` of the level `height` above the leaves.
    func node(_ index: Int, height: Int) -> Digest {
        index < levels[height].count ? levels[height][index] : Self.zeros[height]
    }

    /// Takes over the leaves `indices` of `image`, which are in order.
    public mutating func update(_ indices: [Int], of image: Image) {
        for index in indices { levels[0][index] = Self.leaf(image.leaf(index)) }
        var changed = indices
        for height in 0..<depth {
            var parents: [Int] = []
            for index in changed where parents.last != index / 2 { parents.append(index / 2) }
            for parent in parents {
                levels[height + 1][parent] = Self.node(
                    node(2 * parent, height: height), node(2 * parent + 1, height: height))
            }
            changed = parents
        }
    }

    // Hashing

    static func leaf(_ bytes: some Collection<UInt8>) -> Digest {
        var message = [UInt8]()
        message.reserveCapacity(1 + leafBytes)
        message.append(0)
        message.append(contentsOf: bytes)
        return SHA256.hash(message)
    }

    static func node(_ left: Digest, _ right: Digest) -> Digest {
        var writer = ByteWriter(capacity: 65)
        writer.write(UInt8(1))
        writer.write(left)
        writer.write(right)
        return SHA256.hash(writer.bytes)
    }

    /// The roots of trees of zeros, by height.
    static let zeros: [Digest] = {
        var roots = [leaf([UInt8](repeating: 0, count: leafBytes))]
        for _ in 0..<24 { roots.append(node(roots[roots.count - 1], roots[roots.count - 1])) }
        return roots
    }()
}
