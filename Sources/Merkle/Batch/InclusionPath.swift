// The proof that a leaf is in a batch tree: its siblings on the way to the root.
import Primitives

/// The siblings of one leaf of a `BatchTree`, from the leaf upwards; at most 64.
public struct InclusionPath: Hashable, Sendable {
    /// Bottom-up; empty for the only leaf of a tree.
    public var siblings: [Digest]

    public init(siblings: [Digest]) { self.siblings = siblings }

    /// The root that this path gives for `leaf` at `index` in a tree of `count` leaves.
    ///
    /// Nil where `index` is not in 0..<`count`, or the path is not exactly as long as that place
    /// asks. The caller compares the result with a root it trusts, and must take `index` and
    /// `count` from what that trust covers: the same bytes may be a path in a tree of another
    /// count.
    public func root(leaf: Digest, index: Int, count: Int) -> Digest? {
        guard index >= 0, count >= 0 else { return nil }
        let walk = PathWalk(index: UInt64(index), count: UInt64(count))
        return walk?.fold(leaf, with: siblings, combine: BatchTree.nodeDomain.hashPair)
    }
}
