// A proposal: the updates that one gateway asks the committee to lock, and its digest.
import Cryptography
import Primitives

/// Up to `itemLimit` updates of any chains. It is not signed: the link shows the sender, and a
/// certificate shows what seats signed.
public struct Proposal: Hashable, Sendable {
    public var epoch: UInt64
    /// The seat that collects votes and confirms.
    public var gateway: Seat
    /// Tells proposals of equal items apart.
    public var number: UInt64
    /// A run of consecutive updates of one chain stands in order.
    public var items: [Update]

    public init(epoch: UInt64, gateway: Seat, number: UInt64, items: [Update]) {
        self.epoch = epoch
        self.gateway = gateway
        self.number = number
        self.items = items
    }

    /// Updates of one proposal, at most.
    public static let itemLimit = 1024
    /// Bytes of an encoded proposal, at most.
    public static let byteLimit = 32 + itemLimit * Update.mostBytes

    static let version: UInt16 = 1
    private static let domain = HashDomain("althing 2026 proposal v1")

    /// The digest on the chain of `genesis`: over the fields and the root of `ItemTree`, so that
    /// one item can be shown to belong without the others.
    public func digest(chain genesis: Digest) -> Digest {
        Self.digest(
            header: (epoch, gateway, number, items.count), root: ItemTree.root(of: items),
            chain: genesis)
    }

    static func digest(
        header: (epoch: UInt64, gateway: Seat, number: UInt64, count: Int), root: Digest,
        chain genesis: Digest
    ) -> Digest {
        var writer = ByteWriter(capacity: 96)
        writer.write(genesis)
        writer.write(header.epoch)
        writer.write(version)
        writer.write(header.gateway.index)
        writer.write(header.number)
        writer.write(UInt16(clamping: header.count))
        writer.write(root)
        return domain.hash(writer.bytes)
    }

    /// Version, epoch, gateway, number, count, items.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 32 + items.count * Update.mostBytes)
        encode(to: &writer)
        return writer.bytes
    }

    func encode(to writer: inout ByteWriter) {
        writer.write(Self.version)
        writer.write(epoch)
        writer.write(gateway.index)
        writer.write(number)
        writer.write(UInt16(clamping: items.count))
        for item in items { item.encode(to: &writer) }
    }

    /// Reads one proposal and nothing after it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        guard try reader.read(UInt16.self) == Self.version else {
            throw DecodingFailure(.unknownVersion, at: start)
        }
        epoch = try reader.read()
        gateway = Seat(try reader.read())
        number = try reader.read()
        let offset = reader.offset
        let count = Int(try reader.read(UInt16.self))
        guard (1...Self.itemLimit).contains(count) else {
            throw DecodingFailure(.overLimit, at: offset)
        }
        items = []
        for _ in 0..<count { items.append(try Update(from: &reader)) }
    }
}
