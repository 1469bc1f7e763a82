// One direction of a session: a key, a counter, and what is sealed and opened with them.
import Cryptography

/// The cipher state of Noise §5.1 with a key. Both ends count alike: nothing of it is sent.
public struct CipherState: Sendable {
    private var key: SealingKey
    /// The nonce of the next message.
    private(set) var number: UInt64

    /// Noise §5.1 keeps this nonce for `rekey`.
    static let lastNumber = UInt64.max
    /// Messages sealed under one key: after each such run both ends go on with another.
    static let messagesPerKey: UInt64 = 1 << 16

    /// - Parameter key: at least 32 bytes; the first 32 are the key.
    init(key: [UInt8], number: UInt64 = 0) {
        self.key = SealingKey(key)
        self.number = number
    }

    /// Encrypts `text` where it stands and writes its tag of 16 bytes.
    /// - Throws: `nonceExhausted` after 2^64 - 1 messages; nothing is written then.
    mutating func seal(
        _ text: UnsafeMutableRawBufferPointer, tag: UnsafeMutableRawPointer
    ) throws(NoiseFailure) {
        let number = try take()
        key.seal(text, number: number, tag: tag)
        rekeyIfDue()
    }

    /// Decrypts `sealed`, text and tag, into `target`, which has room for the text.
    /// - Throws: `notAuthentic`, or `nonceExhausted`. The session must not be used after it.
    mutating func open(
        _ sealed: UnsafeRawBufferPointer, into target: UnsafeMutableRawPointer
    ) throws(NoiseFailure) {
        let number = try take()
        guard key.open(sealed, number: number, into: target) else { throw .notAuthentic }
        rekeyIfDue()
    }

    /// As `seal`, with `context` authenticated too and the result in an array.
    package mutating func sealed(
        _ text: [UInt8], context: [UInt8]
    ) throws(NoiseFailure) -> [UInt8] {
        key.sealed(text, number: try take(), context: context)
    }

    /// As `open`, with `context` authenticated too and the result in an array.
    package mutating func opened(
        _ sealed: [UInt8], context: [UInt8]
    ) throws(NoiseFailure) -> [UInt8] {
        let number = try take()
        guard let text = key.opened(sealed, number: number, context: context) else {
            throw .notAuthentic
        }
        return text
    }

    /// Noise §4.2: the first 32 bytes of 32 zeros sealed under the last nonce. The counter goes
    /// on.
    mutating func rekey() {
        let zeros = [UInt8](repeating: 0, count: SealingKey.keyBytes)
        key = SealingKey(key.sealed(zeros, number: Self.lastNumber, context: []))
    }

    private mutating func take() throws(NoiseFailure) -> UInt64 {
        if number == Self.lastNumber { throw .nonceExhausted }
        defer { number += 1 }
        return number
    }

    private mutating func rekeyIfDue() {
        if number % Self.messagesPerKey == 0 { rekey() }
    }
}
