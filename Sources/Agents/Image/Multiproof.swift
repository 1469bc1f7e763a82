// Several leaves of a state tree, and what is needed to compute its root from them.
import Primitives

/// The touched part of a state: leaves with their contents, and the siblings they are hashed with.
public struct Multiproof: Hashable, Sendable {
    /// A leaf and its 64 bytes.
    public struct Leaf: Hashable, Sendable {
        public var index: UInt32
        public var bytes: [UInt8]
    }

    /// In strictly increasing order of index; never empty.
    public var leaves: [Leaf]
    /// Level by level from the leaves up, in order of index.
    public var siblings: [Digest]

    /// - Parameter indices: leaves of `image`, in strictly increasing order.
    public init(of indices: [Int], in tree: ImageTree, image: Image) {
        leaves = indices.map { Leaf(index: UInt32($0), bytes: Array(image.leaf($0))) }
        siblings = []
        var level = indices
        for height in 0..<tree.depth {
            var parents: [Int] = []
            var place = 0
            while place < level.count {
                let index = level[place]
                if index & 1 == 0, place + 1 < level.count, level[place + 1] == index + 1 {
                    place += 1
                } else {
                    siblings.append(tree.node(index ^ 1, height: height))
                }
                place += 1
                parents.append(index / 2)
            }
            level = parents
        }
    }

    /// The root that follows from the leaves and siblings.
    ///
    /// - Parameters:
    ///   - leafCount: leaves of the tree, a power of two.
    ///   - contents: the bytes of each leaf, in order, 64 each: those of `leaves`, or later ones.
    /// - Returns: nil where the indices are not in order or beyond the tree, or there are not
    ///   exactly the siblings that are needed. O(leaves × depth).
    public func root(leafCount: Int, contents: [ArraySlice<UInt8>]) -> Digest? {
        guard contents.count == leaves.count, !leaves.isEmpty, isInOrder(leafCount) else {
            return nil
        }
        var unused = siblings[...]
        var level = zip(leaves, contents).map { (index: Int($0.index), node: ImageTree.leaf($1)) }
        for _ in 0..<leafCount.trailingZeroBitCount {
            var parents: [(index: Int, node: Digest)] = []
            var place = 0
            while place < level.count {
                let (index, node) = level[place]
                var other: Digest
                if index & 1 == 0, place + 1 < level.count, level[place + 1].index == index + 1 {
                    place += 1
                    other = level[place].node
                } else {
                    guard let sibling = unused.popFirst() else { return nil }
                    other = sibling
                }
                place += 1
                let isLeft = index & 1 == 0
                parents.append(
                    (index / 2, isLeft ? ImageTree.node(node, other) : ImageTree.node(other, node)))
            }
            level = parents
        }
        return unused.isEmpty ? level[0].node : nil
    }

    /// Whether these are exactly the leaves `wanted` of a state with this root.
    public func shows(
        _ wanted: HostRequest.Leaves, of root: Digest, leafCount: Int
    ) -> Bool {
        leaves.map { Int($0.index) } == wanted.indices
            && self.root(leafCount: leafCount, contents: leaves.map { $0.bytes[...] }) == root
    }

    /// The contents of the leaves as words, little-endian.
    public var words: [UInt64] { leaves.flatMap { Words.of($0.bytes) } }

    private func isInOrder(_ leafCount: Int) -> Bool {
        guard let last = leaves.last, last.index < leafCount else { return false }
        return zip(leaves, leaves.dropFirst()).allSatisfy { $0.index < $1.index }
    }
}
