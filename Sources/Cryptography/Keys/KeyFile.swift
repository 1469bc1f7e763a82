// A signing key at rest: sealed under a passphrase with Argon2id and XChaCha20-Poly1305.
import CSodium
import Primitives

/// Why a key file does not open.
public enum KeyFileFailure: Error, Hashable, Sendable {
    /// Not a key file, or a damaged frame.
    case malformed(DecodingFailure)
    /// It asks for more passes or memory than `KeyFile.Limit` allows.
    case costOverLimit
    /// The passphrase is wrong or a byte was changed: the two cannot be told apart.
    case refused
    /// The machine did not give the memory that the file asks for.
    case outOfMemory
}

/// The sealed form, 138 bytes, integers little-endian:
///
///     magic 8 "althkey\n" | version u16 = 1 | passes u32 | memory u32 KiB | salt 16 | nonce 24 |
///     public key 32 | seed 32, encrypted | tag 16
///
/// Argon2id (RFC 9106, one lane) makes the key; everything before the seed is associated data.
public enum KeyFile {
    /// What guessing one passphrase costs.
    public enum Strength: Sendable, CaseIterable {
        /// 1 pass, 8 KiB: no protection; for tests and the development mode.
        case development
        /// 2 passes, 64 MiB: about 0.1 s.
        case interactive
        /// 3 passes, 256 MiB: about 0.7 s.
        case moderate
    }

    /// What opening may cost: a file from a stranger must not take the machine.
    public enum Limit {
        public static let passes: UInt32 = 4
        public static let memoryKibibytes: UInt32 = 1 << 20
    }

    /// - Parameters:
    ///   - seed: 32 bytes, as `SigningKey.seed` has them.
    ///   - passphrase: UTF-8 by custom, any bytes by right.
    /// - Throws: `outOfMemory` only.
    public static func seal(
        seed: [UInt8], passphrase: [UInt8], strength: Strength
    ) throws(KeyFileFailure) -> [UInt8] {
        guard let key = SigningKey(seed: seed) else {
            preconditionFailure("a seed has 32 bytes")
        }
        let header = KeyFileHeader(
            cost: Argon2Cost(strength), salt: SystemEntropy.bytes(KeyFileHeader.saltWidth),
            nonce: SystemEntropy.bytes(KeyFileHeader.nonceWidth), publicKey: key.publicKey)
        var secret = try header.cost.deriveKey(passphrase: passphrase, salt: header.salt)
        defer { sodium_memzero(&secret, secret.count) }
        let associated = header.encoded
        var sealed = [UInt8](repeating: 0, count: KeyFileHeader.sealedWidth)
        crypto_aead_xchacha20poly1305_ietf_encrypt(
            &sealed, nil, seed, UInt64(seed.count), associated, UInt64(associated.count), nil,
            header.nonce, secret)
        return associated + sealed
    }

    /// - Throws: every case of `KeyFileFailure`; the checks run in the order of its cases, but for
    ///   `outOfMemory`, which comes before `refused`.
    public static func open(
        _ bytes: [UInt8], passphrase: [UInt8]
    ) throws(KeyFileFailure) -> SigningKey {
        let (header, sealed) = try KeyFileHeader.split(bytes)
        var secret = try header.cost.deriveKey(passphrase: passphrase, salt: header.salt)
        defer { sodium_memzero(&secret, secret.count) }
        let associated = header.encoded
        var seed = [UInt8](repeating: 0, count: KeyFileHeader.seedWidth)
        defer { sodium_memzero(&seed, seed.count) }
        let status = crypto_aead_xchacha20poly1305_ietf_decrypt(
            &seed, nil, nil, sealed, UInt64(sealed.count), associated, UInt64(associated.count),
            header.nonce, secret)
        guard status == 0, let key = SigningKey(seed: seed),
            key.publicKey == header.publicKey
        else { throw .refused }
        return key
    }

    /// The public key as the file states it, without the passphrase: nobody vouches for it yet.
    public static func statedPublicKey(
        of bytes: [UInt8]
    ) throws(KeyFileFailure) -> PublicKey {
        try KeyFileHeader.split(bytes).header.publicKey
    }
}
