// The keys of one epoch's coin: what everybody knows, and what one seat keeps to itself.
import Cryptography
import Primitives

/// The public keys of a coin whose secret x is shared with a polynomial of degree f.
public struct CoinKeys: Hashable, Sendable {
    /// Y = x·G.
    public let groupKey: Point
    /// y_j = x_j·G for each seat.
    public let publicShares: [Point]

    public init(groupKey: Point, publicShares: [Point]) {
        self.groupKey = groupKey
        self.publicShares = publicShares
    }

    private static let domain = HashDomain("althing 2026 coin keys v1")

    /// Names the keys in a checkpoint.
    public var digest: Digest { Self.domain.hash(encoded) }

    /// u8 n ‖ Y ‖ n × y_j.
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 33 + 32 * publicShares.count)
        writer.write(UInt8(clamping: publicShares.count))
        writer.write(groupKey)
        for share in publicShares { writer.write(share) }
        return writer.bytes
    }

    /// Reads the keys and nothing after them. That the shares are those of the group key is not
    /// looked at: whoever vouches for the bytes vouches for it.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let count = Int(try reader.read(UInt8.self))
        guard (1...Limits.validatorsPerCommittee).contains(count) else {
            throw DecodingFailure(.overLimit, at: 0)
        }
        groupKey = try reader.readPoint()
        var shares: [Point] = []
        for _ in 0..<count { shares.append(try reader.readPoint()) }
        publicShares = shares
        try reader.finish()
    }
}

/// The share x_j of one seat. It never prints its value.
public struct CoinSecret: Hashable, Sendable {
    public let seat: Seat
    let value: Scalar

    init(seat: Seat, value: Scalar) {
        self.seat = seat
        self.value = value
    }

    /// 32 bytes, to be kept as a signing key is.
    public var bytes: [UInt8] { value.bytes }

    /// Nil unless `bytes` are a scalar.
    public init?(seat: Seat, bytes: [UInt8]) {
        guard let value = Scalar(bytes: bytes) else { return nil }
        self.init(seat: seat, value: value)
    }
}
