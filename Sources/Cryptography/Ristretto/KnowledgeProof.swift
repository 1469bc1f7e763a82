// Proof that somebody knows the secret of a point, so that nobody passes off another's as his own.
import Primitives

/// A Schnorr proof (Journal of Cryptology 1991, non-interactive by hashing) of x with `key` = x·G,
/// tied to a context: challenge c and response s = k - c·x; 64 bytes.
public struct KnowledgeProof: Hashable, Sendable {
    let challenge: Scalar
    let response: Scalar

    private static let challengeDomain = WideDomain("althing 2026 knowledge challenge v1")
    private static let nonceDomain = WideDomain("althing 2026 knowledge nonce v1")

    /// The nonce k is a hash of the secret and the statement.
    public init(of key: Point, secret: Scalar, context: Digest) {
        let nonce = Self.nonceDomain.scalar(secret.bytes + context.bytes + key.bytes)
        challenge = Self.challenge(key, context, Point(baseTimes: nonce))
        response = nonce - challenge * secret
    }

    /// Whether it proves knowledge of the secret of `key`; false for the neutral element.
    public func proves(_ key: Point, context: Digest) -> Bool {
        guard !key.isIdentity else { return false }
        let commitment = Point(baseTimes: response) + challenge * key
        return Self.challenge(key, context, commitment) == challenge
    }

    private static func challenge(_ key: Point, _ context: Digest, _ commitment: Point) -> Scalar {
        challengeDomain.scalar(context.bytes + key.bytes + commitment.bytes)
    }

    public func encode(to writer: inout ByteWriter) {
        writer.write(challenge)
        writer.write(response)
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        challenge = try reader.readScalar()
        response = try reader.readScalar()
    }
}
