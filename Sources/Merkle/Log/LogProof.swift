// Checks of the log's proofs, as a client makes them: RFC 9162 §2.1.3.2 and §2.1.4.2.
import Primitives

/// The checks of inclusion and consistency proofs; all inputs may come from an enemy.
public enum LogProof {
    /// Whether `siblings`, bottom-up, prove `leafHash` at `index` under `head` (RFC 9162 §2.1.3.2).
    public static func isIncluded(
        leafHash: Digest, at index: UInt64, in head: TreeHead, siblings: [Digest]
    ) -> Bool {
        let walk = PathWalk(index: index, count: head.size)
        return walk?.fold(leafHash, with: siblings, combine: LogHash.node) == head.root
    }

    /// Whether `path` proves that the log of `older` is a prefix of that of `newer` (RFC 9162
    /// §2.1.4.2).
    ///
    /// Beyond the RFC, which has no proofs from size 0: the empty log is a prefix of every log, its
    /// root must be `LogHash.emptyRoot` and the path empty.
    public static func isConsistent(
        older: TreeHead, newer: TreeHead, path: [Digest]
    ) -> Bool {
        guard older.size <= newer.size else { return false }
        if older.size == newer.size {
            return path.isEmpty && older.root == newer.root
                && (older.size > 0 || older.root == LogHash.emptyRoot)
        }
        if older.size == 0 { return path.isEmpty && older.root == LogHash.emptyRoot }
        guard let roots = fold(path, older: older, newerSize: newer.size) else { return false }
        return roots.older == older.root && roots.newer == newer.root
    }

    /// The two roots that a path gives, for 0 < `older.size` < `newerSize`; nil where its length is
    /// wrong.
    private static func fold(
        _ path: [Digest], older: TreeHead, newerSize: UInt64
    ) -> (older: Digest, newer: Digest)? {
        // A complete older tree is itself the node to start from, and the path leaves it out.
        let isComplete = older.size & (older.size - 1) == 0
        let nodes = isComplete ? [older.root] + path : path
        guard !path.isEmpty else { return nil }
        let shift = UInt64((older.size).trailingZeroBitCount)
        var position = (older.size - 1) >> shift
        var last = (newerSize - 1) >> shift
        var roots = (older: nodes[0], newer: nodes[0])
        for node in nodes.dropFirst() {
            guard last > 0 else { return nil }
            if position & 1 == 1 || position == last {
                roots = (LogHash.node(node, roots.older), LogHash.node(node, roots.newer))
                while position & 1 == 0, position > 0 {
                    position >>= 1
                    last >>= 1
                }
            } else {
                roots.newer = LogHash.node(roots.newer, node)
            }
            position >>= 1
            last >>= 1
        }
        return last == 0 ? roots : nil
    }
}
