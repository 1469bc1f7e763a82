// A checkpoint: the ordered items since the last one, the state root and the time, certified by
// validators (docs/spec/record.md §5).
import Cryptography
import Primitives

/// What validators sign.
public struct CheckpointHeader: Hashable, Sendable {
    /// Of a header that names no next committee.
    public static let version: UInt16 = 1
    /// Of the last header of an epoch, which names one.
    public static let lastVersion: UInt16 = 2
    /// Bytes of the encoding of version 1.
    public static let width = 206
    /// Bytes of the encoding of version 2: those of version 1, then `next`.
    public static let lastWidth = width + Digest.width

    public var chain = Digest()
    public var epoch: UInt64 = 0
    /// 1 for the first checkpoint.
    public var height: UInt64 = 0
    /// Digest of the checkpoint before; for the first, the genesis digest.
    public var previous = Digest()
    /// Later than that of the checkpoint before.
    public var time = Instant(nanoseconds: 0)
    /// Batches and operations, at most `Limits.itemsPerCheckpoint`.
    public var items: UInt32 = 0
    /// Root over the item digests; zero where there are none.
    public var itemsRoot = Digest()
    /// Records accepted since genesis.
    public var records: UInt64 = 0
    public var stateRoot = Digest()
    /// Digest of the committee that signs.
    public var committee = Digest()
    /// Digest of the committee of the next epoch, never zero: the last checkpoint of an epoch has
    /// it, and no other.
    public var next: Digest?

    public init() {}

    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: Self.lastWidth)
        writer.write(next == nil ? Self.version : Self.lastVersion)
        writer.write(chain)
        writer.write(epoch)
        writer.write(height)
        writer.write(previous)
        writer.write(time)
        writer.write(items)
        writer.write(itemsRoot)
        writer.write(records)
        writer.write(stateRoot)
        writer.write(committee)
        writer.write(UInt64(0))
        if let next { writer.write(next) }
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        let version = try reader.read(UInt16.self)
        guard version == Self.version || version == Self.lastVersion else {
            throw DecodingFailure(.unknownVersion, at: start)
        }
        chain = try reader.read()
        epoch = try reader.read()
        height = try reader.read()
        previous = try reader.read()
        time = try reader.readInstant()
        items = try reader.read()
        itemsRoot = try reader.read()
        records = try reader.read()
        stateRoot = try reader.read()
        committee = try reader.read()
        guard try reader.read(UInt64.self) == 0 else {
            throw DecodingFailure(.notCanonical, at: reader.offset - 8)
        }
        guard version == Self.lastVersion else { return }
        let named: Digest = try reader.read()
        guard !named.isZero else {
            throw DecodingFailure(.outOfRange, at: reader.offset - Digest.width)
        }
        next = named
    }

    public var digest: Digest { Domains.checkpoint.hash(encoded) }

    /// The bytes a validator signs.
    public var signedBytes: [UInt8] { SignatureTag.checkpoint + digest.bytes }
}

/// One validator's signature of a checkpoint.
public struct CheckpointSignature: Hashable, Sendable {
    /// Place in the committee.
    public var validator: UInt16
    public var signature: Signature

    public init(validator: UInt16, signature: Signature) {
        self.validator = validator
        self.signature = signature
    }
}

/// A header with the signatures of a quorum, in ascending order of validator.
public struct Checkpoint: Hashable, Sendable {
    public var header: CheckpointHeader
    public var certificate: [CheckpointSignature]

    public init(header: CheckpointHeader, certificate: [CheckpointSignature]) {
        self.header = header
        self.certificate = certificate
    }

    /// `header ‖ u16 n ‖ n × (u16 validator ‖ signature)`.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: CheckpointHeader.lastWidth + 2 + 66 * certificate.count)
        write(to: &writer)
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }

    func write(to writer: inout ByteWriter) {
        writer.append(header.encoded)
        writer.write(UInt16(certificate.count))
        for entry in certificate {
            writer.write(entry.validator)
            writer.write(entry.signature)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        header = try CheckpointHeader(from: &reader)
        let start = reader.offset
        let count = Int(try reader.read(UInt16.self))
        guard count <= Limits.validatorsPerCommittee else {
            throw DecodingFailure(.overLimit, at: start)
        }
        certificate = []
        for _ in 0..<count {
            certificate.append(
                CheckpointSignature(validator: try reader.read(), signature: try reader.read()))
        }
    }
}

/// What a checkpoint puts in order.
public enum CheckpointItem: Hashable, Sendable {
    /// A batch, by its digest.
    case batch(Digest)
    /// An operation that was carried out, by its digest.
    case operation(Digest)
    /// An operation that was refused at its place: only its key's sequence moved on.
    case refused(Digest)

    /// Of the batch or operation.
    public var digest: Digest {
        switch self {
        case .batch(let digest), .operation(let digest), .refused(let digest): digest
        }
    }

    /// The leaf in the tree of items (docs/spec/record.md §4).
    public var leaf: Digest {
        switch self {
        case .batch(let digest): Domains.item.hash([1] + digest.bytes)
        case .operation(let digest): Domains.item.hash([2] + digest.bytes)
        case .refused(let digest): Domains.item.hash([3] + digest.bytes)
        }
    }
}
