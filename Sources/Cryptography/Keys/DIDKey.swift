// Public keys as `did:key` text (W3C CCG, "The did:key Method v0.7"), Ed25519 only.
import Primitives

public enum DIDKey {
    /// The multicodec 0xed (ed25519-pub) as a variable-length integer.
    private static let codec: [UInt8] = [0xED, 0x01]
    /// `z` is the multibase letter of base58btc.
    private static let prefix = "did:key:z"
    /// Every Ed25519 key has 47 characters after the `z`: the first byte is never zero.
    private static let digitCount = 47

    /// `did:key:z6Mk...`, 56 characters.
    public static func encode(_ key: PublicKey) -> String {
        prefix + Base58.encode(codec + key.bytes)
    }

    /// Nil unless `text` is exactly what `encode` makes of a key. Whether the key is a point of the
    /// curve is seen when a signature is checked.
    public static func decode(_ text: String) -> PublicKey? {
        guard text.hasPrefix(prefix) else { return nil }
        let digits = Array(text.utf8.dropFirst(prefix.utf8.count))
        guard digits.count == digitCount, let bytes = Base58.decode(digits),
            bytes.count == codec.count + PublicKey.width, bytes.starts(with: codec)
        else { return nil }
        return PublicKey(bytes[codec.count...])
    }
}
