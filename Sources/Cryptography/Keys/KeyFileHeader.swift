// The open part of a key file: how the key is derived, and whose it is.
import CSodium
import Primitives

/// The cost of one Argon2id derivation.
struct Argon2Cost: Hashable, Sendable {
    var passes: UInt32
    var memoryKibibytes: UInt32

    init(passes: UInt32, memoryKibibytes: UInt32) {
        self.passes = passes
        self.memoryKibibytes = memoryKibibytes
    }

    init(_ strength: KeyFile.Strength) {
        switch strength {
        case .development: self.init(passes: 1, memoryKibibytes: 8)
        case .interactive: self.init(passes: 2, memoryKibibytes: 64 << 10)
        case .moderate: self.init(passes: 3, memoryKibibytes: 256 << 10)
        }
    }

    /// Within `KeyFile.Limit`, and not less than Argon2id itself demands.
    var isAllowed: Bool {
        (1...KeyFile.Limit.passes).contains(passes)
            && (8...KeyFile.Limit.memoryKibibytes).contains(memoryKibibytes)
    }

    /// 32 bytes of key.
    func deriveKey(passphrase: [UInt8], salt: [UInt8]) throws(KeyFileFailure) -> [UInt8] {
        Sodium.prepare()
        var key = [UInt8](repeating: 0, count: Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES))
        var text = passphrase.map { CChar(bitPattern: $0) }
        defer { sodium_memzero(&text, text.count) }
        let status = crypto_pwhash(
            &key, UInt64(key.count), text, UInt64(text.count), salt, UInt64(passes),
            Int(memoryKibibytes) << 10, crypto_pwhash_ALG_ARGON2ID13)
        guard status == 0 else { throw .outOfMemory }
        return key
    }
}

struct KeyFileHeader: Hashable, Sendable {
    static let magic = Array("althkey\n".utf8)
    static let version: UInt16 = 1
    static let saltWidth = Int(crypto_pwhash_SALTBYTES)
    static let nonceWidth = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    static let seedWidth = Int(crypto_sign_SEEDBYTES)
    static let sealedWidth = seedWidth + Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)

    var cost: Argon2Cost
    var salt: [UInt8]
    var nonce: [UInt8]
    var publicKey: PublicKey

    var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 90)
        writer.append(Self.magic)
        writer.write(Self.version)
        writer.write(cost.passes)
        writer.write(cost.memoryKibibytes)
        writer.append(salt)
        writer.append(nonce)
        writer.write(publicKey)
        return writer.bytes
    }

    /// The header of a whole file, its cost allowed, and the sealed seed after it.
    static func split(
        _ bytes: [UInt8]
    ) throws(KeyFileFailure) -> (header: KeyFileHeader, sealed: [UInt8]) {
        let parts: (KeyFileHeader, [UInt8])
        do {
            parts = try decode(bytes)
        } catch {
            throw .malformed(error)
        }
        guard parts.0.cost.isAllowed else { throw .costOverLimit }
        return parts
    }

    private static func decode(
        _ bytes: [UInt8]
    ) throws(DecodingFailure) -> (KeyFileHeader, [UInt8]) {
        var reader = ByteReader(bytes)
        guard try reader.read(count: magic.count) == magic else {
            throw DecodingFailure(.notCanonical, at: 0)
        }
        guard try reader.read(UInt16.self) == version else {
            throw DecodingFailure(.unknownVersion, at: magic.count)
        }
        let header = KeyFileHeader(
            cost: Argon2Cost(passes: try reader.read(), memoryKibibytes: try reader.read()),
            salt: try reader.read(count: saltWidth), nonce: try reader.read(count: nonceWidth),
            publicKey: try reader.read())
        let sealed = try reader.read(count: sealedWidth)
        try reader.finish()
        return (header, sealed)
    }
}
