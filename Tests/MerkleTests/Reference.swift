// The trees as their papers define them: recursive, slow, sharing no code with ours.
import Cryptography
import Primitives

@testable import Merkle

/// The tree of RFC 9162 §2.1.1 over hashes that exist already.
enum ReferenceTree {
    static func root(_ leaves: ArraySlice<Digest>, node: (Digest, Digest) -> Digest) -> Digest {
        if leaves.count == 1 { return leaves.first! }
        let middle = leaves.startIndex + split(leaves.count)
        return node(root(leaves[..<middle], node: node), root(leaves[middle...], node: node))
    }

    /// PATH of RFC 9162 §2.1.3.1.
    static func path(
        _ index: Int, _ leaves: ArraySlice<Digest>, node: (Digest, Digest) -> Digest
    ) -> [Digest] {
        if leaves.count == 1 { return [] }
        let middle = leaves.startIndex + split(leaves.count)
        return leaves.startIndex + index < middle
            ? path(index, leaves[..<middle], node: node) + [root(leaves[middle...], node: node)]
            : path(index - split(leaves.count), leaves[middle...], node: node)
                + [root(leaves[..<middle], node: node)]
    }

    /// SUBPROOF of RFC 9162 §2.1.4.1; begin with `isWhole`.
    static func consistency(
        _ older: Int, _ leaves: ArraySlice<Digest>, isWhole: Bool,
        node: (Digest, Digest) -> Digest
    ) -> [Digest] {
        if older == leaves.count { return isWhole ? [] : [root(leaves, node: node)] }
        let width = split(leaves.count)
        let (left, right) = (leaves.prefix(width), leaves.dropFirst(width))
        return older <= width
            ? consistency(older, left, isWhole: isWhole, node: node) + [root(right, node: node)]
            : consistency(older - width, right, isWhole: false, node: node)
                + [root(left, node: node)]
    }

    private static func split(_ count: Int) -> Int {
        var width = 1
        while width * 2 < count { width *= 2 }
        return width
    }
}

/// The compact sparse tree as `StateTree` defines it.
enum ReferenceState {
    static let leafDomain = HashDomain("althing 2026 state leaf v1")
    static let nodeDomain = HashDomain("althing 2026 state node v1")

    static func root(_ content: [Digest: Digest]) -> Digest {
        root(content.map { ($0.key, $0.value) }, depth: 0).root
    }

    /// Nodes with two halves.
    static func forks(_ content: [Digest: Digest]) -> Int {
        root(content.map { ($0.key, $0.value) }, depth: 0).forks
    }

    private static func root(
        _ content: [(Digest, Digest)], depth: Int
    ) -> (root: Digest, forks: Int) {
        if content.isEmpty { return (Digest(), 0) }
        if content.count == 1 {
            return (leafDomain.hash(content[0].0.bytes + content[0].1.bytes), 0)
        }
        let left = root(content.filter { !isSet($0.0, depth) }, depth: depth + 1)
        let right = root(content.filter { isSet($0.0, depth) }, depth: depth + 1)
        return (nodeDomain.hashPair(left.root, right.root), left.forks + right.forks + 1)
    }

    private static func isSet(_ key: Digest, _ bit: Int) -> Bool {
        key.bytes[bit / 8] >> UInt8(7 - bit % 8) & 1 == 1
    }
}

extension SeededGenerator {
    mutating func digest() -> Digest { Digest(bytes(32))! }

    mutating func digests(_ count: Int) -> [Digest] { (0..<count).map { _ in digest() } }

    /// Keys of which about half share a prefix of up to 255 bits with another.
    mutating func crowdedKeys(_ count: Int) -> [Digest] {
        var keys = [digest()]
        while keys.count < count {
            let isFresh = next() % 2 == 0
            let bit = next() % 2 == 0 ? Int(next() % 256) : 255 - Int(next() % 4)
            keys.append(isFresh ? digest() : keys.randomElement(using: &self)!.flipping(bit))
        }
        return keys
    }
}

extension Digest {
    /// The same bytes but for one bit, counted from the top.
    func flipping(_ bit: Int) -> Digest {
        var bytes = self.bytes
        bytes[bit / 8] ^= 0x80 >> UInt8(bit % 8)
        return Digest(bytes)!
    }
}
