// The handshake Noise_XX_25519_ChaChaPoly_BLAKE2b as a value: three messages, two ciphers.
import Cryptography
import Primitives

/// Why a handshake or session ended.
public enum NoiseFailure: Error, Hashable, Sendable {
    /// A message is shorter than its keys and tags are.
    case truncated
    /// Bytes were altered, or the other side mixed something else: another prologue, say.
    case notAuthentic
    /// A public key of the other side is of small order: the secret would be no secret.
    case weakKey
    /// 2^64 - 1 messages were sealed in one direction.
    case nonceExhausted
    /// Not our turn, or the handshake has failed or ended.
    case outOfTurn
}

/// Noise revision 34, pattern XX: `-> e`, `<- e, ee, s, es`, `-> s, se`. Neither side needs to know
/// the other's key before, and no key travels in the clear. After any failure it stays failed.
public struct NoiseHandshake: Sendable {
    public enum Role: UInt8, Hashable, Sendable {
        case initiator, responder
    }

    static let name = "Noise_XX_25519_ChaChaPoly_BLAKE2b"
    /// Messages of the pattern.
    private static let messages = 3

    public let role: Role
    private var state = SymmetricState(name: Self.name)
    private let own: ExchangeKey
    private let ephemeral: ExchangeKey
    private var theirs: ExchangePublicKey?
    private var theirEphemeral: ExchangePublicKey?
    /// Messages written and read so far; nil after a failure.
    private var turn: Int? = 0

    /// - Parameters:
    ///   - prologue: both sides must give the same bytes.
    ///   - own: the key that `s` sends.
    ///   - ephemeral: a fresh key, used for this handshake alone.
    public init(role: Role, prologue: [UInt8], own: ExchangeKey, ephemeral: ExchangeKey) {
        self.role = role
        self.own = own
        self.ephemeral = ephemeral
        state.mix(hash: prologue)
    }

    /// All three messages are through.
    public var isComplete: Bool { turn == Self.messages }

    /// Messages written and read so far; nil after a failure.
    var messageNumber: Int? { turn }

    /// Whether the next message is ours to write.
    public var isWriting: Bool {
        guard let turn, turn < Self.messages else { return false }
        return (turn % 2 == 0) == (role == .initiator)
    }

    /// The hash of the whole handshake, 64 bytes: the channel binding of Noise §11.2.
    public var hash: [UInt8] { state.hash }

    /// Bytes that message `turn` (0, 1 or 2) adds to its payload.
    static func overhead(ofMessage turn: Int) -> Int {
        let (key, tag) = (ExchangePublicKey.width, SealingKey.tagBytes)
        return switch turn {
        case 0: key
        case 1: key + key + tag + tag
        default: key + tag + tag
        }
    }

    /// The next message.
    /// - Parameter payload: made from the hash of all that came before it, the keys of this very
    ///   message included, so that a signature in it binds them. The first message has no secret
    ///   yet: its payload travels in the clear.
    /// - Throws: `outOfTurn`, `weakKey`.
    public mutating func write(
        payload: (_ binding: [UInt8]) -> [UInt8]
    ) throws(NoiseFailure) -> [UInt8] {
        guard isWriting, let turn else { throw fail(.outOfTurn) }
        do throws(NoiseFailure) {
            var message: [UInt8] = []
            if turn < 2 {
                message += ephemeral.publicKey.bytes
                state.mix(hash: ephemeral.publicKey.bytes)
            }
            if turn == 1 { try mix(ephemeral, theirEphemeral) }
            if turn > 0 {
                message += try state.encryptAndHash(own.publicKey.bytes)
                try mix(own, theirEphemeral)
            }
            message += try state.encryptAndHash(payload(state.hash))
            self.turn = turn + 1
            return message
        } catch {
            throw fail(error)
        }
    }

    /// Reads the other side's next message.
    /// - Returns: its payload, and the hash that the writer made it from.
    /// - Throws: `outOfTurn`, `truncated`, `notAuthentic`, `weakKey`.
    public mutating func read(
        _ message: [UInt8]
    ) throws(NoiseFailure) -> (payload: [UInt8], binding: [UInt8]) {
        guard !isWriting, let turn, turn < Self.messages else { throw fail(.outOfTurn) }
        guard message.count >= Self.overhead(ofMessage: turn) else { throw fail(.truncated) }
        do throws(NoiseFailure) {
            var rest = message[...]
            if turn < 2 {
                let key = rest.prefix(ExchangePublicKey.width)
                rest = rest.dropFirst(ExchangePublicKey.width)
                theirEphemeral = ExchangePublicKey(key)
                state.mix(hash: Array(key))
            }
            if turn == 1 { try mix(ephemeral, theirEphemeral) }
            if turn > 0 {
                let size = ExchangePublicKey.width + SealingKey.tagBytes
                theirs = ExchangePublicKey(try state.decryptAndHash(Array(rest.prefix(size))))
                rest = rest.dropFirst(size)
                try mix(ephemeral, theirs)
            }
            let binding = state.hash
            let payload = try state.decryptAndHash(Array(rest))
            self.turn = turn + 1
            return (payload, binding)
        } catch {
            throw fail(error)
        }
    }

    /// The ciphers for what we send and what we receive. Only of a complete handshake.
    public func split() -> (sending: CipherState, receiving: CipherState) {
        precondition(isComplete, "the keys come after the third message")
        let (first, second) = state.split()
        return role == .initiator ? (first, second) : (second, first)
    }

    private mutating func mix(
        _ key: ExchangeKey, _ other: ExchangePublicKey?
    ) throws(NoiseFailure) {
        guard let other, let secret = key.agree(with: other) else { throw .weakKey }
        state.mix(secret: secret)
    }

    private mutating func fail(_ failure: NoiseFailure) -> NoiseFailure {
        turn = nil
        return failure
    }
}
