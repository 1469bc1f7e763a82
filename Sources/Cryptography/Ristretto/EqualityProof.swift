// Proof that one secret made two points: of a share, or of a point of key agreement.
import Primitives

/// What is proven: one x has `key` = x·G and `image` = x·`base`.
public struct EqualityStatement: Hashable, Sendable {
    public var key: Point
    public var base: Point
    public var image: Point
    /// What else the proof is tied to.
    public var context: Digest

    public init(key: Point, base: Point, image: Point, context: Digest) {
        self.key = key
        self.base = base
        self.image = image
        self.context = context
    }

    var bytes: [UInt8] { context.bytes + key.bytes + base.bytes + image.bytes }
}

/// A Chaum–Pedersen proof (CRYPTO 1992) made non-interactive by hashing: challenge c and response
/// s = k - c·x; 64 bytes.
public struct EqualityProof: Hashable, Sendable {
    let challenge: Scalar
    let response: Scalar

    private static let challengeDomain = WideDomain("althing 2026 equality challenge v1")
    private static let nonceDomain = WideDomain("althing 2026 equality nonce v1")

    /// The nonce k is a hash of the secret and the statement, so no two statements share one.
    public init(of statement: EqualityStatement, secret: Scalar) {
        let nonce = Self.nonceDomain.scalar(secret.bytes + statement.bytes)
        challenge = Self.challenge(
            statement, Point(baseTimes: nonce), nonce * statement.base)
        response = nonce - challenge * secret
    }

    /// Whether it proves `statement`; false where one of its points is the neutral element.
    public func proves(_ statement: EqualityStatement) -> Bool {
        guard !statement.key.isIdentity, !statement.base.isIdentity, !statement.image.isIdentity
        else { return false }
        let first = Point(baseTimes: response) + challenge * statement.key
        let second = response * statement.base + challenge * statement.image
        return Self.challenge(statement, first, second) == challenge
    }

    private static func challenge(
        _ statement: EqualityStatement, _ first: Point, _ second: Point
    ) -> Scalar {
        challengeDomain.scalar(statement.bytes + first.bytes + second.bytes)
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
