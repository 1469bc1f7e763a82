// A metrics or logs request kept beside the ledger.
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
