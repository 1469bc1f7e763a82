// The ledger's state as a sparse Merkle tree: keys to value digests, one root for one content.
import Cryptography
import Primitives

/// A compact sparse Merkle tree over 256-bit keys, the highest bit of the first byte first.
///
/// Definition: a subtree without leaves is the zero digest; one with a single leaf is that leaf's
/// hash, whatever its depth; any other is the node hash of its two halves by the next bit of the
/// key. So the root depends on the content alone, never on the order of changes. The shortcut for
/// single leaves is that of the Jellyfish tree (Gao, Hu, Wu, 2021) without its versions and 16-fold
/// nodes.
///
/// A value: copies share memory, and a change copies the chunks it touches: 40 to 64 KiB each, all
/// of them at the worst. A tree of random keys takes about 125 bytes a leaf.
public struct StateTree: Sendable {
    var leaves = Arena<StateLeaf>()
    var forks = Arena<Fork>()
    var top = Link.empty

    public init() {}

    /// The number of keys that have a value.
    public var count: Int { leaves.count }

    /// The zero digest where there are no keys. O(1).
    public var root: Digest { hash(of: top) }

    /// The value digest at `key`. O(depth), about log2 of the count for random keys.
    public func get(_ key: Digest) -> Digest? {
        var link = top
        for depth in 0...StateLeaf.keyBits {
            switch link.target {
            case .empty: return nil
            case .leaf(let slot): return leaves[slot].key == key ? leaves[slot].value : nil
            case .fork(let slot): link = forks[slot].child(key.bit(depth))
            }
        }
        return nil
    }

    /// The proof that `key` has the value it has, or has none: see `StateProof.isValid`.
    public func proof(_ key: Digest) -> StateProof {
        var siblings: [Digest] = []
        var link = top
        while case .fork(let slot) = link.target {
            let side = key.bit(siblings.count)
            siblings.append(hash(of: forks[slot].child(!side)))
            link = forks[slot].child(side)
        }
        var neighbour: StateLeaf?
        if case .leaf(let slot) = link.target, leaves[slot].key != key { neighbour = leaves[slot] }
        return StateProof(siblings: siblings.reversed(), neighbour: neighbour)
    }

    /// The hash of the subtree at `link`.
    func hash(of link: Link) -> Digest {
        switch link.target {
        case .empty: Digest()
        case .leaf(let slot): leaves[slot].hash
        case .fork(let slot): forks[slot].hash
        }
    }
}

/// A key and the digest of its value.
public struct StateLeaf: Hashable, Sendable {
    static let keyBits = 256
    private static let domain = HashDomain("althing 2026 state leaf v1")

    public var key: Digest
    public var value: Digest

    public init(key: Digest, value: Digest) {
        self.key = key
        self.value = value
    }

    /// BLAKE3 in derive-key mode over key || value.
    var hash: Digest { Self.domain.hashPair(key, value) }
}

/// A node with two halves, of which at least one is not empty and together hold two leaves or more.
struct Fork: Sendable {
    static let domain = HashDomain("althing 2026 state node v1")

    var hash: Digest
    var left: Link
    var right: Link

    /// The half for keys whose bit is `side`.
    func child(_ side: Bool) -> Link { side ? right : left }
}

/// A reference to a subtree in four bytes: nothing, a slot among the leaves, or one among the
/// forks.
struct Link: Equatable, Sendable {
    enum Target {
        case empty
        case leaf(UInt32)
        case fork(UInt32)
    }

    private static let leafBit: UInt32 = 1 << 31
    static let empty = Link(raw: .max)

    private let raw: UInt32

    private init(raw: UInt32) { self.raw = raw }

    static func leaf(_ slot: UInt32) -> Link { Link(raw: slot | leafBit) }
    static func fork(_ slot: UInt32) -> Link { Link(raw: slot) }

    var target: Target {
        if self == .empty { return .empty }
        return raw & Self.leafBit == 0 ? .fork(raw) : .leaf(raw & ~Self.leafBit)
    }
}
