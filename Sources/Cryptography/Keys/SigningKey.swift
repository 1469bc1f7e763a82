// Ed25519: making keys, signing, and checking signatures.
import CSodium
import Primitives

/// A secret Ed25519 key (RFC 8032 §5.1.5). It never prints its seed.
public struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// The 32 secret bytes from which everything else follows.
    public let seed: [UInt8]
    public let publicKey: PublicKey
    /// The seed and the public key, as libsodium wants them.
    private let secret: [UInt8]

    /// Nil unless `seed` has 32 bytes.
    public init?(seed: [UInt8]) {
        guard seed.count == Int(crypto_sign_SEEDBYTES) else { return nil }
        var secret = [UInt8](repeating: 0, count: Int(crypto_sign_SECRETKEYBYTES))
        publicKey = PublicKey(withDigest { _ = crypto_sign_seed_keypair($0, &secret, seed) })
        self.seed = seed
        self.secret = secret
    }

    /// A key from the entropy of the operating system.
    public static func generate() -> SigningKey {
        guard let key = SigningKey(seed: SystemEntropy.bytes(Int(crypto_sign_SEEDBYTES))) else {
            preconditionFailure("a seed of the right size makes a key")
        }
        return key
    }

    /// Deterministic (RFC 8032 §5.1.6): the same message has the same signature.
    public func sign(_ message: [UInt8]) -> Signature {
        guard let simulated = SimulatedCryptography.current else {
            let signature = realSignature(of: message)
            SignatureMemory.current?.remember(signature, message, publicKey)
            return signature
        }
        if let symbol = simulated.symbol(of: message, seed: seed, key: publicKey) { return symbol }
        let signature = realSignature(of: message)
        simulated.remember(signature, of: message, by: publicKey)
        return signature
    }

    private func realSignature(of message: [UInt8]) -> Signature {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Signature.width) { bytes in
            crypto_sign_detached(bytes.baseAddress!, nil, message, UInt64(message.count), secret)
            return Signature(loading: UnsafeRawBufferPointer(bytes))
        }
    }

    public var description: String { "SigningKey(\(DIDKey.encode(publicKey)))" }
    public var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}

/// Checking of signatures.
public enum Ed25519 {
    /// Whether `signature` is valid by RFC 8032 §5.1.7 without the cofactor, and strict as
    /// libsodium is: S below the group order, key canonical, neither key nor R of small order.
    public static func isValid(
        _ signature: Signature, of message: [UInt8], by key: PublicKey
    ) -> Bool {
        guard let simulated = SimulatedCryptography.current else {
            guard let memory = SignatureMemory.current else {
                return check(signature, message, key)
            }
            return memory.holds(signature, message, key) || memory.check(signature, message, key)
        }
        if simulated.isKnown(signature, of: message, by: key) { return true }
        guard check(signature, message, key) else { return false }
        simulated.remember(signature, of: message, by: key)
        return true
    }

    /// By libsodium, whatever is remembered.
    static func check(
        _ signature: Signature, _ message: [UInt8], _ key: PublicKey
    ) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 96, alignment: 8) { bytes in
            let base = bytes.baseAddress!
            signature.store(to: base)
            key.store(to: base + 64)
            let raw = base.assumingMemoryBound(to: UInt8.self)
            return crypto_sign_verify_detached(raw, message, UInt64(message.count), raw + 64) == 0
        }
    }
}
