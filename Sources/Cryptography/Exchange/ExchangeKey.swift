// X25519: two parties agree on a secret over a line that others hear.
import CSodium
import Primitives

public enum ExchangeKeyKind {}

/// An X25519 public key (RFC 7748 §6.1), 32 bytes: every string of 32 bytes is one.
public typealias ExchangePublicKey = Bytes32<ExchangeKeyKind>

/// A secret X25519 key (RFC 7748 §6.1). It never prints its bytes.
public struct ExchangeKey: Sendable, CustomStringConvertible, CustomReflectable {
    public let publicKey: ExchangePublicKey
    private let secret: [UInt8]

    /// Nil unless `secret` has 32 bytes; the bits that RFC 7748 §5 fixes are fixed at each use.
    public init?(secret: [UInt8]) {
        guard secret.count == Int(crypto_scalarmult_SCALARBYTES) else { return nil }
        self.secret = secret
        publicKey = ExchangePublicKey(withDigest { _ = crypto_scalarmult_base($0, secret) })
    }

    /// A key from the entropy of the operating system.
    public static func generate() -> ExchangeKey {
        let bytes = SystemEntropy.bytes(Int(crypto_scalarmult_SCALARBYTES))
        guard let key = ExchangeKey(secret: bytes) else {
            preconditionFailure("a secret of the right size makes a key")
        }
        return key
    }

    /// The 32 bytes both sides get, not uniform: hash them before use. Nil where `other` is of
    /// small order, so that the result would be zero whatever our secret is.
    public func agree(with other: ExchangePublicKey) -> [UInt8]? {
        var shared = [UInt8](repeating: 0, count: Int(crypto_scalarmult_BYTES))
        return crypto_scalarmult(&shared, secret, other.bytes) == 0 ? shared : nil
    }

    public var description: String { "ExchangeKey(\(publicKey.hex))" }
    public var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}
