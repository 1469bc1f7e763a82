// The append-only log of checkpoints: RFC 6962 hashes in memory, roots and proofs at every size.
import Primitives

/// An RFC 6962 log that keeps the hash of every complete subtree, about 64 bytes an entry.
///
/// Entries themselves are not kept: the journal has them. A copy shares memory until one is
/// changed.
public struct TileLog: Sendable {
    /// `levels[k][i]` is the root over entries `i << k ..< (i + 1) << k`.
    private var levels: [[Digest]] = [[]]

    public init() {}

    /// The log of entries with these leaf hashes (`LogHash.leaf`), in order. One hash an entry.
    public init(leafHashes: some Sequence<Digest>) {
        for hash in leafHashes { append(leafHash: hash) }
    }

    /// The number of entries.
    public var size: UInt64 { UInt64(levels[0].count) }

    /// The root over all entries, together with their number.
    public var head: TreeHead {
        TreeHead(size: size, root: hash(0..<levels[0].count))
    }

    /// Adds an entry and returns its index.
    @discardableResult public mutating func append(entry: [UInt8]) -> UInt64 {
        append(leafHash: LogHash.leaf(entry))
    }

    /// Adds the entry with this leaf hash and returns its index.
    @discardableResult public mutating func append(leafHash: Digest) -> UInt64 {
        let index = size
        levels[0].append(leafHash)
        var level = 0
        while levels[level].count % 2 == 0 {
            let width = levels[level].count
            let node = LogHash.node(levels[level][width - 2], levels[level][width - 1])
            level += 1
            if level == levels.count { levels.append([]) }
            levels[level].append(node)
        }
        return index
    }

    /// The head as it was at `size` entries, nil where there are fewer. O(log size).
    public func head(at size: UInt64) -> TreeHead? {
        guard size <= self.size else { return nil }
        return TreeHead(size: size, root: hash(0..<Int(size)))
    }

    /// The siblings of entry `index` in the tree of the first `size` entries, bottom-up
    /// (RFC 9162 §2.1.3.1). Nil unless `index` < `size` <= `self.size`.
    public func inclusionProof(index: UInt64, size: UInt64) -> [Digest]? {
        guard size <= self.size, var walk = PathWalk(index: index, count: size) else { return nil }
        var siblings: [Digest] = []
        while let step = walk.next() {
            let start = Int(step.sibling) << step.level
            siblings.append(hash(start..<min(start + 1 << step.level, Int(size))))
        }
        return siblings
    }

    /// The proof that the first `older` entries are a prefix of the first `newer` (RFC 9162
    /// §2.1.4.1), empty where `older` is 0 or equals `newer`. Nil unless `older` <= `newer` <=
    /// `self.size`.
    public func consistencyProof(from older: UInt64, to newer: UInt64) -> [Digest]? {
        guard older <= newer, newer <= size else { return nil }
        guard older > 0, older < newer else { return [] }
        let boundary = Int(older)
        var range = 0..<Int(newer)
        var path: [Digest] = []
        // The RFC's SUBPROOF from the root down: what it appends last comes first here.
        while boundary < range.upperBound {
            let middle = range.lowerBound + Self.split(range.count)
            if boundary <= middle {
                path.append(hash(middle..<range.upperBound))
                range = range.lowerBound..<middle
            } else {
                path.append(hash(range.lowerBound..<middle))
                range = middle..<range.upperBound
            }
        }
        if range.lowerBound > 0 { path.append(hash(range)) }
        return path.reversed()
    }

    /// The hashes of a tile as they are served, 32 bytes each (C2SP tlog-tiles).
    ///
    /// A partial tile is any first part of the tile that the log has: also one of an earlier size.
    /// Nil where the log is too short, and for entry bundles, whose bytes the log does not have.
    public func tile(_ path: TilePath) -> [UInt8]? {
        guard case .hashes(let tileLevel) = path.kind else { return nil }
        let level = tileLevel * TilePath.height
        guard level < levels.count else { return nil }
        let width = UInt64(TilePath.fullWidth)
        let (start, overflow) = path.index.multipliedReportingOverflow(by: width)
        let held = UInt64(levels[level].count)
        guard !overflow, start < held, held - start >= UInt64(path.width) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(path.width * Digest.width)
        for hash in levels[level][Int(start)..<Int(start) + path.width] {
            bytes.append(contentsOf: hash.bytes)
        }
        return bytes
    }

    /// The largest power of two below `count`, which is at least 2.
    private static func split(_ count: Int) -> Int {
        1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }

    /// The root over `range`, which starts at a multiple of a power of two not below its count.
    private func hash(_ range: Range<Int>) -> Digest {
        var root: Digest?
        var end = range.upperBound
        for level in levels.indices where range.count >> level & 1 == 1 {
            let node = levels[level][end >> level - 1]
            root = root.map { LogHash.node(node, $0) } ?? node
            end -= 1 << level
        }
        return root ?? LogHash.emptyRoot
    }
}
