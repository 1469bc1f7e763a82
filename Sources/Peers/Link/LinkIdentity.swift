// Who speaks: the first bytes of a link, and the signature that ties a key to its handshake.
import Cryptography
import Primitives

/// Our side of every link of one process.
public struct LinkIdentity: Sendable {
    /// The digest of the genesis.
    public let chain: Digest
    /// The key that peers know us by.
    public let key: SigningKey
    /// Any X25519 key: a new one with every start will do, since `key` signs for it.
    public let exchange: ExchangeKey

    public init(chain: Digest, key: SigningKey, exchange: ExchangeKey) {
        self.chain = chain
        self.key = key
        self.exchange = exchange
    }
}

/// What both sides send before all else, in the clear; the prologue of the handshake.
enum LinkPreamble {
    private static let magic = Array("althing peers v1".utf8)
    static let bytes = magic.count + Digest.width

    static func encode(chain: Digest) -> [UInt8] { magic + chain.bytes }

    /// Throws `foreignProtocol` or `foreignChain` unless `bytes` is our own preamble.
    static func check(_ bytes: [UInt8], chain: Digest) throws(LinkFault) {
        guard bytes.starts(with: magic) else { throw .foreignProtocol }
        guard bytes == encode(chain: chain) else { throw .foreignChain }
    }
}

/// The payload of the second and third message: a public key and its signature.
struct LinkProof {
    var key: PublicKey
    var signature: Signature

    static let bytes = PublicKey.width + Signature.width
    private static let domain = HashDomain("althing 2026 peer link v1")

    /// - Parameter binding: the hash of the handshake up to this payload, 64 bytes. It holds the
    ///   ephemeral keys of both sides and the signer's own exchange key.
    static func message(
        chain: Digest, role: NoiseHandshake.Role, key: PublicKey, binding: [UInt8]
    ) -> [UInt8] {
        var writer = ByteWriter(capacity: 160)
        writer.write(chain)
        writer.write(role.rawValue)
        writer.write(key)
        writer.append(binding)
        return Array("althing peer link v1".utf8) + domain.hash(writer.bytes).bytes
    }

    /// Signs as the side `role`.
    init(_ identity: LinkIdentity, role: NoiseHandshake.Role, binding: [UInt8]) {
        key = identity.key.publicKey
        signature = identity.key.sign(Self.message(
            chain: identity.chain, role: role, key: key, binding: binding))
    }

    var encoded: [UInt8] { key.bytes + signature.bytes }

    /// Reads and checks the proof of the side `role`.
    static func check(
        _ bytes: [UInt8], chain: Digest, role: NoiseHandshake.Role, binding: [UInt8]
    ) throws(LinkFault) -> PublicKey {
        guard let key = PublicKey(bytes.prefix(PublicKey.width)),
            let signature = Signature(bytes.dropFirst(PublicKey.width)),
            Ed25519.isValid(
                signature, of: message(chain: chain, role: role, key: key, binding: binding),
                by: key)
        else { throw .falseIdentity }
        return key
    }
}
