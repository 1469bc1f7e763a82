// The way from a leaf to the root in a tree of the RFC 9162 shape, as arithmetic on indices.

/// Walks up from leaf `index` of `count` and names the siblings in the order a proof lists them.
///
/// Level by level, bottom-up, neighbours pair up and an odd last node moves up as it is. That is
/// the shape of RFC 9162 §2.1.1 (split at the largest power of two below the count), so both trees
/// use it.
struct PathWalk {
    /// One sibling on the way.
    struct Step {
        /// Levels above the leaves.
        var level: Int
        /// The sibling's index within its level.
        var sibling: UInt64
        var siblingIsLeft: Bool
    }

    private var level = 0
    private var position: UInt64
    /// Index of the last node of the level.
    private var last: UInt64

    /// Nil unless `index` is in 0..<`count`.
    init?(index: UInt64, count: UInt64) {
        guard index < count else { return nil }
        position = index
        last = count - 1
    }

    /// The next sibling; nil at the root, which is reached after at most 64 steps.
    mutating func next() -> Step? {
        while last > 0 {
            defer {
                position >>= 1
                last >>= 1
                level += 1
            }
            if position & 1 == 1 {
                return Step(level: level, sibling: position - 1, siblingIsLeft: true)
            }
            if position < last {
                return Step(level: level, sibling: position + 1, siblingIsLeft: false)
            }
        }
        return nil
    }

    /// Folds `leaf` with `siblings` up to the root; nil unless the walk uses them all and no more.
    consuming func fold<Node>(
        _ leaf: Node, with siblings: [Node], combine: (_ left: Node, _ right: Node) -> Node
    ) -> Node? {
        var node = leaf
        var used = 0
        while let step = next() {
            guard used < siblings.count else { return nil }
            let sibling = siblings[used]
            node = step.siblingIsLeft ? combine(sibling, node) : combine(node, sibling)
            used += 1
        }
        return used == siblings.count ? node : nil
    }
}
