// What clients submit, as validators pass it on: a batch or an operation, with the update of its
// chain that the fast path certifies.
import Consensus
import Cryptography
import Ledger
import Primitives
import Records

/// A batch that was checked in itself, or a signed operation.
public indirect enum Body: Sendable {
    case batch(CheckedBatch)
    case operation(SignedOperation)

    public var digest: Digest {
        switch self {
        case .batch(let batch): batch.digest
        case .operation(let operation): operation.digest
        }
    }

    /// Records in it.
    public var records: Int {
        if case .batch(let batch) = self { return Int(batch.batch.header.count) }
        return 0
    }

    /// The update that the fast path locks: a batch moves its submitter's chain, an operation its
    /// key's.
    public func update(attempt: UInt32) -> Update {
        switch self {
        case .batch(let batch):
            let header = batch.batch.header
            let slot = UpdateSlot(
                chain: Digest(header.submitter), sequence: header.sequence, attempt: attempt)
            return Update(
                slot: slot, previous: header.previous, digest: batch.digest, isShared: false)
        case .operation(let operation):
            let slot = UpdateSlot(
                chain: Digest(operation.key), sequence: operation.sequence, attempt: attempt)
            return Update(
                slot: slot, previous: nil, digest: operation.digest, isShared: true)
        }
    }

    /// The number of the kind, then the batch or operation.
    public var encoded: [UInt8] {
        switch self {
        case .batch(let batch): [JournalEntry.Kind.batch.rawValue] + batch.batch.encoded
        case .operation(let operation):
            [JournalEntry.Kind.operation.rawValue] + operation.encoded
        }
    }

    /// Bytes of an encoded body, at most.
    public static let mostBytes = Limits.batchBytes + 4096

    /// Decodes a body and checks a batch in itself: columns, root, signature. Heavy for a large
    /// batch.
    public init(decoding bytes: [UInt8]) throws(BodyFailure) {
        try self.init(decoding: bytes[...])
    }

    public init(decoding bytes: ArraySlice<UInt8>) throws(BodyFailure) {
        guard let first = bytes.first else {
            throw .malformed(DecodingFailure(.truncated, at: 0))
        }
        guard let kind = JournalEntry.Kind(rawValue: first) else {
            throw .malformed(DecodingFailure(.outOfRange, at: 0))
        }
        try self.init(kind, decoding: bytes.dropFirst())
    }

    /// A body without the number of its kind.
    init(_ kind: JournalEntry.Kind, decoding rest: ArraySlice<UInt8>) throws(BodyFailure) {
        switch kind {
        case .batch:
            let batch: Batch
            do { batch = try Batch(decoding: rest) } catch { throw .malformed(error) }
            do { self = .batch(try CheckedBatch(checking: batch)) } catch { throw .batch(error) }
        case .operation:
            do {
                self = .operation(try SignedOperation(decoding: Array(rest)))
            } catch { throw .malformed(error) }
        default: throw .malformed(DecodingFailure(.outOfRange, at: 0))
        }
    }
}

/// What is wrong with a body by itself.
public enum BodyFailure: Error, Hashable, Sendable {
    case malformed(DecodingFailure)
    case batch(BatchFailure)
}
