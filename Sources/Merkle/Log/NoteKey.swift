// Who signs notes: a name and an Ed25519 key, with the id and text form of C2SP signed-note.
import Cryptography
import Primitives

/// A known signer of notes: what a verifier is configured with.
public struct NoteKey: Hashable, Sendable {
    /// The algorithm byte of Ed25519 signatures over the note text.
    private static let ed25519: UInt8 = 0x01
    /// Bytes of the longest name, UTF-8.
    static let nameBytes = 256

    /// By custom an address without scheme; 1...256 bytes.
    public let name: String
    public let publicKey: PublicKey

    /// Throws `.invalidName` unless `name` has 1...256 bytes and neither white space, plus signs
    /// nor control characters.
    public init(name: String, publicKey: PublicKey) throws(NoteFailure) {
        guard Self.isName(name) else { throw .invalidName }
        self.name = name
        self.publicKey = publicKey
    }

    /// The first four bytes of SHA-256(name || 0x0A || 0x01 || public key), big-endian.
    public var id: UInt32 {
        let digest = SHA256.hash(Array(name.utf8) + [0x0A, Self.ed25519] + publicKey.bytes)
        return digest.bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The text with which log tools are told of a key: `name+id+base64(0x01 || public key)`, the
    /// id in hexadecimal (the verifier key of golang.org/x/mod/sumdb/note).
    public var text: String {
        let idBytes = (0..<4).map { UInt8(truncatingIfNeeded: id >> (24 - 8 * UInt32($0))) }
        let key = Base64.encode([Self.ed25519] + publicKey.bytes, as: .standard)
        return "\(name)+\(Hex.encode(idBytes))+\(key)"
    }

    /// Nil unless `text` is exactly the `text` of some key.
    public init?(text: String) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.decode(parts[2], as: .standard),
            bytes.first == Self.ed25519, let key = PublicKey(bytes.dropFirst()),
            let parsed = try? NoteKey(name: String(parts[0]), publicKey: key),
            Array(parsed.text.utf8) == Array(text.utf8)
        else { return nil }
        self = parsed
    }

    /// Whether signature lines may carry `name`.
    static func isName(_ name: String) -> Bool {
        (1...nameBytes).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy {
                !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20
            }
    }
}
