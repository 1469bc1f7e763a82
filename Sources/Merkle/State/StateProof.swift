// The proof of what the state holds at one key, or that it holds nothing there.
import Primitives

/// Siblings from where the descent along a key ends up to the root, and the leaf that ends it if
/// that is another key's.
public struct StateProof: Hashable, Sendable {
    /// Bottom-up; zero digests stand for empty subtrees. At most 256.
    public var siblings: [Digest]
    /// The only leaf of the subtree in which the key would be; nil where that subtree is empty, and
    /// in a proof of presence.
    public var neighbour: StateLeaf?

    public init(siblings: [Digest], neighbour: StateLeaf?) {
        self.siblings = siblings
        self.neighbour = neighbour
    }

    /// Whether this proves that the tree with `root` holds the digest `value` at `key`; with nil,
    /// that it holds nothing there. Every field may come from an enemy, except `root`.
    ///
    /// Takes for granted that `root` was made by the rules of `StateTree`, as validators check.
    public func isValid(root: Digest, key: Digest, value: Digest?) -> Bool {
        guard siblings.count <= StateLeaf.keyBits, let end = end(key: key, value: value) else {
            return false
        }
        var node = end
        for (height, sibling) in siblings.enumerated() {
            let isRight = key.bit(siblings.count - 1 - height)
            node = isRight
                ? Fork.domain.hashPair(sibling, node) : Fork.domain.hashPair(node, sibling)
        }
        return node == root
    }

    /// The hash of the subtree at which the descent ends; nil where the neighbour contradicts the
    /// claim.
    private func end(key: Digest, value: Digest?) -> Digest? {
        if let value { return neighbour == nil ? StateLeaf(key: key, value: value).hash : nil }
        guard let neighbour else { return Digest() }
        let isBeside = (0..<siblings.count).allSatisfy { neighbour.key.bit($0) == key.bit($0) }
        return isBeside && neighbour.key != key ? neighbour.hash : nil
    }
}
