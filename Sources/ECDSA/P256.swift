// ES256 (RFC 7518 §3.4): ECDSA on P-256 with SHA-256, by libcrypto. Nothing of the ledger is signed
// with it: it is for documents that others sign or read.
import CCrypto

/// A public key of P-256.
public struct P256PublicKey: Hashable, Sendable {
    /// 0x04, then x and y of 32 bytes each, the highest byte first.
    public let point: [UInt8]

    /// Nil where the coordinates are not 32 bytes each, or name no point of the curve.
    public init?(x: [UInt8], y: [UInt8]) {
        guard x.count == 32, y.count == 32 else { return nil }
        let point = [4] + x + y
        guard ccrypto_p256_is_point(point) == 1 else { return nil }
        self.point = point
    }

    /// Of PEM text (RFC 7468): a public key, or a private one without passphrase; nil for others.
    public init?(pem: [UInt8]) {
        guard let point = Self.point(of: pem, isPrivate: false)
            ?? Self.point(of: pem, isPrivate: true)
        else { return nil }
        self.point = point
    }

    fileprivate static func point(of pem: [UInt8], isPrivate: Bool) -> [UInt8]? {
        var point = [UInt8](repeating: 0, count: 65)
        let isKey = ccrypto_p256_point(pem, pem.count, isPrivate ? 1 : 0, &point) == 1
        return isKey ? point : nil
    }

    public var x: [UInt8] { Array(point[1..<33]) }
    public var y: [UInt8] { Array(point[33...]) }

    /// Whether `signature`, r and s of 32 bytes each, is one of `message` by this key.
    public func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard signature.count == 64 else { return false }
        return ccrypto_p256_verify(point, message, message.count, signature) == 1
    }
}

/// A private key of P-256.
public struct P256SigningKey: Sendable {
    private let pem: [UInt8]
    public let publicKey: P256PublicKey

    /// Of PEM text without passphrase; nil for any other.
    public init?(pem: [UInt8]) {
        guard P256PublicKey.point(of: pem, isPrivate: true) != nil,
            let key = P256PublicKey(pem: pem)
        else { return nil }
        (self.pem, publicKey) = (pem, key)
    }

    /// r and s, 32 bytes each; another one each time. Nil where memory or chance runs out.
    public func sign(_ message: [UInt8]) -> [UInt8]? {
        var signature = [UInt8](repeating: 0, count: 64)
        let isSigned = ccrypto_p256_sign(pem, pem.count, message, message.count, &signature) == 1
        return isSigned ? signature : nil
    }
}
