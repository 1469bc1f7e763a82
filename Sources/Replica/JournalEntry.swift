// What the journal holds: everything that changed the ledger, in order, with the time it happened.
import Ledger
import Primitives
import Records

/// A metrics or logs request that was kept as a payload. It is no part of the ledger.
public struct KeptSignal: Hashable, Sendable {
    public enum Kind: UInt8, CaseIterable, Sendable {
        case metrics = 1
        case logs
    }

    public var kind: Kind
    public var time: Instant
    public var owner: OwnerID
    /// Plain BLAKE3 of the request.
    public var payload: Digest
    /// Bytes.
    public var size: UInt64
    /// Data points or log records in it.
    public var count: UInt64

    public init(
        _ kind: Kind, time: Instant, owner: OwnerID, payload: Digest, size: UInt64
    ) {
        self.kind = kind
        self.time = time
        self.owner = owner
        self.payload = payload
        self.size = size
        count = 0
    }

    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 89)
        writer.write(kind.rawValue)
        writer.write(time)
        writer.write(owner)
        writer.write(payload)
        writer.write(size)
        writer.write(count)
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        guard let kind = Kind(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: 0)
        }
        self.kind = kind
        time = try reader.readInstant()
        owner = try reader.read()
        payload = try reader.read()
        size = try reader.read()
        count = try reader.read()
        try reader.finish()
    }
}

/// One entry of the ledger's journal. Replaying the entries from the genesis gives the state again.
public enum JournalEntry: Hashable, Sendable {
    case genesis(Genesis)
    /// An accepted batch and the time at which it was.
    case batch(Instant, Batch)
    /// A carried-out operation and the time at which it was.
    case operation(Instant, SignedOperation)
    case checkpoint(Checkpoint)
    /// Kept beside the ledger.
    case signal(KeptSignal)

    /// The number of the kind, kept beside the bytes.
    public enum Kind: UInt8, CaseIterable, Sendable {
        case genesis = 1
        case batch, operation, checkpoint, signal
    }

    public var kind: Kind {
        switch self {
        case .genesis: .genesis
        case .batch: .batch
        case .operation: .operation
        case .checkpoint: .checkpoint
        case .signal: .signal
        }
    }

    /// The canonical bytes, without the kind.
    public var encoded: [UInt8] {
        switch self {
        case .genesis(let genesis): return genesis.encoded
        case .checkpoint(let checkpoint): return checkpoint.encoded
        case .signal(let signal): return signal.encoded
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
        case .signal: self = .signal(try KeptSignal(decoding: bytes))
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
