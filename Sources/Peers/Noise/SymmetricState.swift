// What a handshake has mixed so far: a hash of all that was said, a key from all that is shared.
import Cryptography

/// The symmetric state of Noise §5.2 over BLAKE2b and ChaCha20-Poly1305.
struct SymmetricState: Sendable {
    /// The hash of everything both sides have seen, 64 bytes.
    private(set) var hash: [UInt8]
    private var chainingKey: [UInt8]
    /// Nil until the first secret is mixed in: until then nothing is encrypted.
    private var cipher: CipherState?

    /// - Parameter name: of the Noise protocol, at most 64 bytes.
    init(name: String) {
        let bytes = Array(name.utf8)
        precondition(bytes.count <= BLAKE2b.hashBytes, "a longer name would be hashed")
        hash = bytes + [UInt8](repeating: 0, count: BLAKE2b.hashBytes - bytes.count)
        chainingKey = hash
    }

    /// Whether what is sent now is encrypted.
    var isKeyed: Bool { cipher != nil }

    mutating func mix(hash bytes: [UInt8]) { hash = BLAKE2b.hash(hash + bytes) }

    mutating func mix(secret: [UInt8]) {
        let (next, key) = BLAKE2b.derive(chainingKey: chainingKey, input: secret)
        chainingKey = next
        cipher = CipherState(key: key)
    }

    mutating func encryptAndHash(_ text: [UInt8]) throws(NoiseFailure) -> [UInt8] {
        let sealed = try cipher?.sealed(text, context: hash) ?? text
        mix(hash: sealed)
        return sealed
    }

    mutating func decryptAndHash(_ sealed: [UInt8]) throws(NoiseFailure) -> [UInt8] {
        let text = try cipher?.opened(sealed, context: hash) ?? sealed
        mix(hash: sealed)
        return text
    }

    /// The ciphers of both directions: the initiator sends with the first.
    func split() -> (CipherState, CipherState) {
        let (first, second) = BLAKE2b.derive(chainingKey: chainingKey, input: [])
        return (CipherState(key: first), CipherState(key: second))
    }
}
