// The tree over the items of a proposal, so that one update can be shown to be among them.
import Cryptography
import Primitives

/// A binary tree of hashes: leaves in the order of items; a node without a sibling goes up as it
/// is.
enum ItemTree {
    private static let leafDomain = HashDomain("althing 2026 proposal item v1")
    private static let nodeDomain = HashDomain("althing 2026 proposal node v1")

    static func leaf(_ item: Update) -> Digest {
        var writer = ByteWriter(capacity: Update.mostBytes)
        item.encode(to: &writer)
        return leafDomain.hash(writer.bytes)
    }

    /// Zero of no items.
    static func root(of items: [Update]) -> Digest {
        var level = items.map(leaf)
        while level.count > 1 { level = above(level) }
        return level.first ?? Digest()
    }

    private static func above(_ level: [Digest]) -> [Digest] {
        stride(from: 0, to: level.count, by: 2).map { place in
            place + 1 < level.count
                ? nodeDomain.hashPair(level[place], level[place + 1]) : level[place]
        }
    }

    /// The siblings from the leaf at `index` up; `index` is one of `items`.
    static func path(to index: Int, of items: [Update]) -> [Digest] {
        var level = items.map(leaf)
        var place = index
        var path: [Digest] = []
        while level.count > 1 {
            if place ^ 1 < level.count { path.append(level[place ^ 1]) }
            level = above(level)
            place /= 2
        }
        return path
    }

    /// The root that `path` gives for `item` at `index` of `count` items; nil where the path has
    /// not the length it should.
    static func root(
        with item: Update, at index: Int, of count: Int, path: [Digest]
    ) -> Digest? {
        guard (0..<count).contains(index) else { return nil }
        var (node, place, width) = (leaf(item), index, count)
        var rest = path[...]
        while width > 1 {
            if place ^ 1 < width {
                guard let sibling = rest.popFirst() else { return nil }
                node = place & 1 == 0
                    ? nodeDomain.hashPair(node, sibling) : nodeDomain.hashPair(sibling, node)
            }
            place /= 2
            width = (width + 1) / 2
        }
        return rest.isEmpty ? node : nil
    }
}

/// That an update is an item of a proposal, without the other items.
public struct ItemProof: Hashable, Sendable {
    public var item: Update
    public var index: Int
    /// The proposal's fields.
    public var epoch: UInt64
    public var gateway: Seat
    public var number: UInt64
    public var count: Int
    /// Siblings from the item up, at most ten.
    public var path: [Digest]

    /// Nil where the proposal has no item `index`.
    public init?(of proposal: Proposal, at index: Int) {
        guard proposal.items.indices.contains(index) else { return nil }
        item = proposal.items[index]
        self.index = index
        epoch = proposal.epoch
        gateway = proposal.gateway
        number = proposal.number
        count = proposal.items.count
        path = ItemTree.path(to: index, of: proposal.items)
    }

    /// The digest of the proposal that this proves the item to be of; nil where it proves nothing.
    public func proposal(chain genesis: Digest) -> Digest? {
        guard (1...Proposal.itemLimit).contains(count),
            let root = ItemTree.root(with: item, at: index, of: count, path: path)
        else { return nil }
        return Proposal.digest(
            header: (epoch, gateway, number, count), root: root, chain: genesis)
    }

    /// Epoch, gateway, number, count, index, item, number of siblings (1), siblings.
    public func encode(to writer: inout ByteWriter) {
        writer.write(epoch)
        writer.write(gateway.index)
        writer.write(number)
        writer.write(UInt16(clamping: count))
        writer.write(UInt16(clamping: index))
        item.encode(to: &writer)
        writer.write(UInt8(clamping: path.count))
        for digest in path { writer.write(digest) }
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        epoch = try reader.read()
        gateway = Seat(try reader.read())
        number = try reader.read()
        let offset = reader.offset
        count = Int(try reader.read(UInt16.self))
        index = Int(try reader.read(UInt16.self))
        guard (1...Proposal.itemLimit).contains(count), index < count else {
            throw DecodingFailure(.overLimit, at: offset)
        }
        item = try Update(from: &reader)
        let pathOffset = reader.offset
        let length = Int(try reader.read(UInt8.self))
        guard length <= 10 else { throw DecodingFailure(.overLimit, at: pathOffset) }
        path = try reader.readList(count: length)
    }
}
