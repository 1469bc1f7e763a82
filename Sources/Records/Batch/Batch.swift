// A batch: records of one submitter under one root and one signature (docs/spec/record.md §4).
import Cryptography
import Merkle
import Primitives

/// What a submitter signs.
public struct BatchHeader: Hashable, Sendable {
    public static let version: UInt16 = 1
    /// Bytes of the encoding.
    public static let width = 222

    public var chain = Digest()
    public var submitter = SubmitterID()
    public var key = PublicKey()
    /// 1 for the submitter's first batch.
    public var sequence: UInt64 = 0
    /// Digest of the submitter's batch before; zero for the first.
    public var previous = Digest()
    /// Records, 1...`Limits.recordsPerBatch`.
    public var count: UInt32 = 0
    public var root = Digest()
    /// Plain BLAKE3 of the body.
    public var columns = Digest()
    /// The submitter's time.
    public var closed = Instant(nanoseconds: 0)

    public init() {}

    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: Self.width)
        writer.write(Self.version)
        writer.write(chain)
        writer.write(submitter)
        writer.write(key)
        writer.write(sequence)
        writer.write(previous)
        writer.write(count)
        writer.write(root)
        writer.write(columns)
        writer.write(closed)
        writer.write(UInt64(0))
        return writer.bytes
    }

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
        chain = try reader.read()
        submitter = try reader.read()
        key = try reader.read()
        sequence = try reader.read()
        previous = try reader.read()
        count = try reader.read()
        root = try reader.read()
        columns = try reader.read()
        closed = try reader.readInstant()
        guard try reader.read(UInt64.self) == 0 else {
            throw DecodingFailure(.notCanonical, at: reader.offset - 8)
        }
    }

    public var digest: Digest { Domains.batch.hash(encoded) }

    /// The bytes a submitter signs.
    public var signedBytes: [UInt8] { SignatureTag.batch + digest.bytes }
}

/// A header with its signature and the encoded records; decoding it does not check either against
/// the other.
public struct Batch: Hashable, Sendable {
    public var header: BatchHeader
    public var signature: Signature
    /// The columns, encoded: of a decoded batch a part of the message, not copied.
    public var body: ArraySlice<UInt8>

    public init(header: BatchHeader, signature: Signature, body: ArraySlice<UInt8>) {
        self.header = header
        self.signature = signature
        self.body = body
    }

    /// `header ‖ signature ‖ counted body`.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: Self.headWidth + body.count)
        writer.append(encodedHead)
        writer.append(body)
        return writer.bytes
    }

    /// Bytes of the encoding before the body.
    public static let headWidth = BatchHeader.width + Signature.width + 4

    /// The encoding up to the body, which follows as it is: `header ‖ signature ‖ u32 count`.
    public var encodedHead: [UInt8] {
        var writer = ByteWriter(capacity: Self.headWidth)
        writer.append(header.encoded)
        writer.write(signature)
        writer.write(UInt32(body.count))
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        try self.init(decoding: bytes[...])
    }

    public init(decoding bytes: ArraySlice<UInt8>) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        header = try BatchHeader(from: &reader)
        signature = try reader.read()
        body = try reader.readCountedSlice(limit: Limits.batchBytes)
        try reader.finish()
    }
}

/// A batch with its records decoded and everything computed that receipts need.
public struct CheckedBatch: Sendable {
    public let batch: Batch
    public let digest: Digest
    public let columns: RecordColumns
    /// One digest a record, in row order.
    public let recordDigests: [Digest]
    /// What the rows of each agent come to, in the order of the table of agents.
    public let sums: [AgentSum]

    /// Seals `columns` as the next batch of a submitter.
    ///
    /// `header` comes with chain, submitter, sequence, previous and closed filled in; key, count,
    /// root and
    /// columns are filled in here.
    public init(sealing columns: RecordColumns, header: BatchHeader, key: SigningKey) {
        precondition(columns.count > 0, "an empty batch is never sealed")
        let columns = columns.encodedRows()
        let body = columns.packedRows().body
        recordDigests = columns.recordDigests()
        sums = columns.sumsByAgent()
        var header = header
        header.key = key.publicKey
        header.count = UInt32(columns.count)
        header.root = BatchTree.root(of: recordDigests)
        header.columns = BLAKE3.hash(body)
        digest = header.digest
        batch = Batch(header: header, signature: key.sign(header.signedBytes), body: body)
        self.columns = columns
    }

    /// Checks a batch in itself: columns, root and signature, in that order; not its place in a
    /// chain.
    public init(checking batch: Batch) throws(BatchFailure) {
        let header = batch.header
        guard BLAKE3.hash(batch.body) == header.columns else { throw .columnsDigest }
        do {
            columns = try RecordColumns(decoding: batch.body)
        } catch {
            throw .columns(error)
        }
        guard columns.count == Int(header.count) else { throw .count }
        recordDigests = columns.recordDigests()
        guard BatchTree.root(of: recordDigests) == header.root else { throw .root }
        guard Ed25519.isValid(batch.signature, of: header.signedBytes, by: header.key) else {
            throw .signature
        }
        sums = columns.sumsByAgent()
        self.batch = batch
        digest = header.digest
    }
}

extension CheckedBatch {
    /// A batch whose records were pruned: of what they were only the header tells.
    ///
    /// - Throws: `signature`.
    public init(withoutRecords header: BatchHeader, signature: Signature) throws(BatchFailure) {
        guard Ed25519.isValid(signature, of: header.signedBytes, by: header.key) else {
            throw .signature
        }
        batch = Batch(header: header, signature: signature, body: [])
        digest = header.digest
        columns = RecordColumns()
        recordDigests = []
        sums = []
    }

    /// Whether its records were pruned: no batch is sealed without any.
    public var isPruned: Bool { columns.count == 0 }
}

/// What is wrong with a batch by itself, in the order in which it is looked for.
public enum BatchFailure: Error, Hashable, Sendable {
    case columnsDigest
    case columns(DecodingFailure)
    case count
    case root
    case signature
}
