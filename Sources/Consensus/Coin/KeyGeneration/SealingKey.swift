// The key under which dealers seal shares for one seat, made from its signing key.
import Cryptography
import Primitives

/// A secret p with the public point P = p·G. It follows from the seed of the signing key by a hash,
/// so a validator has one secret to keep.
struct SealingKey: Sendable {
    let secret: Scalar
    let point: Point

    private static let domain = WideDomain("althing 2026 sealing secret v1")

    init(_ key: SigningKey) {
        secret = Self.domain.scalar(key.seed)
        point = Point(baseTimes: secret)
    }
}

/// What a validator publishes with its signing key when it asks for a seat: 96 bytes.
public struct SealingRegistration: Hashable, Sendable {
    /// P.
    public let point: Point
    public let proof: KnowledgeProof

    private static let domain = HashDomain("althing 2026 sealing key v1")

    public init(key: SigningKey) {
        let sealing = SealingKey(key)
        point = sealing.point
        proof = KnowledgeProof(
            of: sealing.point, secret: sealing.secret,
            context: Self.domain.hash(key.publicKey.bytes))
    }

    /// Whether the holder of the point's secret tied it to `key`.
    public func isValid(for key: PublicKey) -> Bool {
        proof.proves(point, context: Self.domain.hash(key.bytes))
    }

    /// P ‖ proof (64).
    public func encode(to writer: inout ByteWriter) {
        writer.write(point)
        proof.encode(to: &writer)
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        point = try reader.readPoint()
        proof = try KnowledgeProof(from: &reader)
    }
}

/// Who generates a key: the committee of the epoch the key is for, and a sealing key for each seat.
public struct KeySetting: Sendable {
    public let committee: CommitteeView
    public let sealingKeys: [Point]
    /// Names chain, epoch and every key; all that is hashed and signed here begins with it.
    public let digest: Digest

    private static let domain = HashDomain("althing 2026 key setting v1")

    /// Nil unless there is a sealing key for each seat, none of them the neutral element.
    public init?(committee: CommitteeView, sealingKeys: [Point]) {
        guard sealingKeys.count == committee.count, !sealingKeys.contains(where: \.isIdentity)
        else { return nil }
        self.committee = committee
        self.sealingKeys = sealingKeys
        var writer = ByteWriter(capacity: 41 + 64 * committee.count)
        writer.write(committee.chain)
        writer.write(committee.epoch)
        writer.write(UInt8(committee.count))
        for (key, point) in zip(committee.keys, sealingKeys) {
            writer.write(key)
            writer.write(point)
        }
        digest = Self.domain.hash(writer.bytes)
    }

    /// A writer that holds the digest.
    func writer(capacity: Int = 128) -> ByteWriter {
        var writer = ByteWriter(capacity: capacity)
        writer.write(digest)
        return writer
    }
}
