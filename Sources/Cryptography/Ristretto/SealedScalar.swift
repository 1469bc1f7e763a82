// A secret number that only one reader opens, and that he can open before everybody if he must.
import CSodium
import Primitives

/// A scalar under XChaCha20-Poly1305; the key is a hash of a point of key agreement, e·P for the
/// sender and p·E for the reader. Whoever is given that point opens it too.
public struct SealedScalar: Hashable, Sendable {
    /// Ciphertext (32) and tag (16).
    private let bytes: [UInt8]

    /// Bytes of an encoding.
    public static let width = 48

    private static let keyDomain = HashDomain("althing 2026 sealed scalar v1")
    /// Each key seals one scalar, so the nonce need not change.
    private static let nonce = [UInt8](repeating: 0, count: 24)

    /// - Parameters:
    ///   - shared: the point of key agreement.
    ///   - context: names sender, reader and both of their public points; different for every
    ///     sealed scalar.
    public init(_ scalar: Scalar, shared: Point, context: Digest) {
        var sealed = [UInt8](repeating: 0, count: Self.width)
        crypto_aead_xchacha20poly1305_ietf_encrypt(
            &sealed, nil, scalar.bytes, UInt64(Scalar.width), nil, 0, nil, Self.nonce,
            Self.key(shared, context))
        bytes = sealed
    }

    /// The scalar; nil where the point or the context is another, a byte was changed, or the number
    /// inside is not below the order.
    public func open(shared: Point, context: Digest) -> Scalar? {
        var plain = [UInt8](repeating: 0, count: Scalar.width)
        defer { sodium_memzero(&plain, plain.count) }
        let status = crypto_aead_xchacha20poly1305_ietf_decrypt(
            &plain, nil, nil, bytes, UInt64(bytes.count), nil, 0, Self.nonce,
            Self.key(shared, context))
        return status == 0 ? Scalar(bytes: plain) : nil
    }

    private static func key(_ shared: Point, _ context: Digest) -> [UInt8] {
        keyDomain.hash(shared.bytes + context.bytes).bytes
    }

    public func encode(to writer: inout ByteWriter) { writer.append(bytes) }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        bytes = try reader.read(count: Self.width)
    }
}
