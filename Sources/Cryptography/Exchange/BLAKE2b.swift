// BLAKE2b with 64 bytes of output, HMAC and the key derivation of the Noise framework over it.
import CSodium

/// RFC 7693. Only the handshake between peers uses it, because Noise names it; everything of our
/// own is BLAKE3.
public enum BLAKE2b {
    /// Bytes of a hash.
    public static let hashBytes = 64
    /// Bytes of a block, which HMAC pads its key to.
    static let blockBytes = 128

    /// 64 bytes.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: hashBytes)
        crypto_generichash_blake2b(&digest, hashBytes, bytes, UInt64(bytes.count), nil, 0)
        return digest
    }

    /// HMAC (RFC 2104) over this hash: 64 bytes.
    /// - Parameter key: at most 128 bytes.
    public static func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        precondition(key.count <= blockBytes, "a longer key would have to be hashed first")
        let block = key + [UInt8](repeating: 0, count: blockBytes - key.count)
        let inner = hash(block.map { $0 ^ 0x36 } + bytes)
        return hash(block.map { $0 ^ 0x5C } + inner)
    }

    /// Two outputs of HKDF (RFC 5869 with an empty info, as Noise §4.3 defines it), 64 bytes each.
    /// - Parameters:
    ///   - chainingKey: 64 bytes.
    ///   - input: 0 or 32 bytes.
    public static func derive(
        chainingKey: [UInt8], input: [UInt8]
    ) -> (first: [UInt8], second: [UInt8]) {
        let key = authenticate(input, key: chainingKey)
        let first = authenticate([1], key: key)
        return (first, authenticate(first + [2], key: key))
    }
}
