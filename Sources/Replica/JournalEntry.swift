// What the journal holds: everything that changed the ledger, in order, with the time it happened.
import Ledger
import Primitives
import Records

/// One entry of the ledger's journal. Replaying the entries from the genesis gives the state again.
public enum JournalEntry: Hashable, Sendable {
    case genesis(Genesis)
    /// An accepted batch and the time at which it was.
    case batch(Instant, Batch)
    /// A carried-out operation and the time at which it was.
    case operation(Instant, SignedOperation)
    case checkpoint(Checkpoint)

    /// The number of the kind, kept beside the bytes.
    public enum Kind: UInt8, CaseIterable, Sendable {
        case genesis = 1
        case batch, operation, checkpoint
    }

    public var kind: Kind {
        switch self {
        case .genesis: .genesis
        case .batch: .batch
        case .operation: .operation
        case .checkpoint: .checkpoint
        }
    }

    /// The canonical bytes, without the kind.
    public var encoded: [UInt8] {
        switch self {
        case .genesis(let genesis): return genesis.encoded
        case .checkpoint(let checkpoint): return checkpoint.encoded
        case .batch(let time, let batch): return Self.timed(time, batch.encoded)
        case .operation(let time, let operation): return Self.timed(time, operation.encoded)
        }
    }

    private static func timed(_ time: Instant, _ bytes: [UInt8]) -> [UInt8] {
        var writer = ByteWriter(capacity: 8 + bytes.count)
        writer.write(time)
        writer.append(bytes)
        return writer.bytes
    }

    public init(kind: Kind, decoding bytes: [UInt8]) throws(DecodingFailure) {
        switch kind {
        case .genesis: self = .genesis(try Genesis(decoding: bytes))
        case .checkpoint: self = .checkpoint(try Checkpoint(decoding: bytes))
        case .batch, .operation:
            var reader = ByteReader(bytes)
            let time = try reader.readInstant()
            let rest = try reader.read(count: reader.remaining)
            self =
                kind == .batch
                ? .batch(time, try Batch(decoding: rest))
                : .operation(time, try SignedOperation(decoding: rest))
        }
    }
}
