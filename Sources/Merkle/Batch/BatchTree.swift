// A static binary Merkle tree over digests that exist already: records of a batch, for one.
import Cryptography
import Primitives

/// A tree of the RFC 9162 §2.1.1 shape over `count` leaf digests, all levels kept.
///
/// Differs from that RFC in the hash: a node is BLAKE3 in derive-key mode over left || right, and
/// leaves are digests that their own domain separates already, so they are not hashed again.
/// The tree of no leaves has the zero digest as its root, that of one leaf the leaf itself.
public struct BatchTree: Sendable {
    static let nodeDomain = HashDomain("althing 2026 node v1")

    /// The number of leaves.
    public let count: Int
    /// All levels one after another, the leaves first, the root last.
    private let nodes: [Digest]

    /// Hashes `leaves.count - 1` nodes, level by level.
    public init(leaves: [Digest]) {
        count = leaves.count
        nodes = Self.levels(over: leaves)
    }

    /// The zero digest where there are no leaves.
    public var root: Digest { nodes.last ?? Digest() }

    /// The leaf at `index`, nil unless that is in 0..<`count`.
    public func leaf(at index: Int) -> Digest? {
        index >= 0 && index < count ? nodes[index] : nil
    }

    /// The path of the leaf at `index`, nil unless that is in 0..<`count`. O(log count), no
    /// hashing.
    public func path(at index: Int) -> InclusionPath? {
        guard index >= 0, var walk = PathWalk(index: UInt64(index), count: UInt64(count)) else {
            return nil
        }
        var siblings: [Digest] = []
        var level = 0
        var start = 0
        var width = count
        while let step = walk.next() {
            while level < step.level {
                start += width
                width = (width + 1) / 2
                level += 1
            }
            siblings.append(nodes[start + Int(step.sibling)])
        }
        return InclusionPath(siblings: siblings)
    }

    /// The root without keeping the tree: scratch of 16 bytes a leaf, no allocation a node.
    public static func root(of leaves: [Digest]) -> Digest {
        guard leaves.count > 1 else { return leaves.first ?? Digest() }
        let half = (leaves.count + 1) / 2
        return withUnsafeTemporaryAllocation(of: Digest.self, capacity: half) { scratch in
            let level = scratch.baseAddress!
            var width = leaves.withUnsafeBufferPointer {
                reduce($0.baseAddress!, count: $0.count, into: level)
            }
            while width > 1 { width = reduce(level, count: width, into: level) }
            return level[0]
        }
    }

    /// The path of one leaf of a tree that is not kept; nil unless `index` is in
    /// 0..<`leaves.count`.
    public static func path(leaves: [Digest], index: Int) -> InclusionPath? {
        BatchTree(leaves: leaves).path(at: index)
    }

    private static func levels(over leaves: [Digest]) -> [Digest] {
        var total = leaves.count
        var width = leaves.count
        while width > 1 {
            width = (width + 1) / 2
            total += width
        }
        return [Digest](unsafeUninitializedCapacity: total) { buffer, initialized in
            _ = buffer.initialize(from: leaves)
            initialized = total
            guard leaves.count > 1, var level = buffer.baseAddress else { return }
            var width = leaves.count
            while width > 1 {
                let parents = level + width
                width = reduce(level, count: width, into: parents)
                level = parents
            }
        }
    }

    /// Hashes `count` neighbours pairwise into `parents`, which may be `nodes` itself; an odd last
    /// node moves up as it is. Returns the number of parents.
    private static func reduce(
        _ nodes: UnsafePointer<Digest>, count: Int, into parents: UnsafeMutablePointer<Digest>
    ) -> Int {
        let pairs = count / 2
        nodeDomain.hashMany(UnsafeRawPointer(nodes), length: 64, count: pairs, into: parents)
        guard count % 2 == 1 else { return pairs }
        (parents + pairs).initialize(to: nodes[count - 1])
        return pairs + 1
    }
}
