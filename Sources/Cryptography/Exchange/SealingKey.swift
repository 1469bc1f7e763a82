// ChaCha20-Poly1305: bytes that only the holder of a key can read, and nobody can alter unseen.
import CSodium
import Primitives

/// A key of ChaCha20-Poly1305 (RFC 8439). A nonce must not be used twice with one key.
public struct SealingKey: Sendable, CustomStringConvertible, CustomReflectable {
    private enum Kind {}
    private let key: Bytes32<Kind>

    /// Bytes of a key.
    public static let keyBytes = 32
    /// Bytes that sealing adds.
    public static let tagBytes = 16

    /// - Parameter bytes: at least 32, of which the first 32 are the key.
    public init(_ bytes: [UInt8]) {
        precondition(bytes.count >= Self.keyBytes, "a key has 32 bytes")
        key = bytes.withUnsafeBytes { Bytes32(loading: $0) }
    }

    /// Encrypts `text` where it stands.
    /// - Parameters:
    ///   - number: the nonce: four zero bytes and this number, little-endian (Noise §12.3).
    ///   - context: authenticated and not sent.
    ///   - tag: room for 16 bytes.
    public func seal(
        _ text: UnsafeMutableRawBufferPointer, number: UInt64, context: [UInt8] = [],
        tag: UnsafeMutableRawPointer
    ) {
        withParameters(number) { nonce, key in
            // libsodium takes no null pointer for an empty text of ours: any address will do.
            let base = (text.baseAddress ?? tag).assumingMemoryBound(to: UInt8.self)
            crypto_aead_chacha20poly1305_ietf_encrypt_detached(
                base, tag.assumingMemoryBound(to: UInt8.self), nil, base, UInt64(text.count),
                context, UInt64(context.count), nil, nonce, key)
        }
    }

    /// Decrypts `sealed`, text and tag, into `target`; false, and nothing of use in `target`, where
    /// it was not sealed with this key, number and context.
    /// - Parameter target: room for 16 bytes less than `sealed` has; may be the same memory.
    public func open(
        _ sealed: UnsafeRawBufferPointer, number: UInt64, context: [UInt8] = [],
        into target: UnsafeMutableRawPointer
    ) -> Bool {
        guard sealed.count >= Self.tagBytes, let start = sealed.baseAddress else { return false }
        let count = sealed.count - Self.tagBytes
        let base = start.assumingMemoryBound(to: UInt8.self)
        return withParameters(number) { nonce, key in
            crypto_aead_chacha20poly1305_ietf_decrypt_detached(
                target.assumingMemoryBound(to: UInt8.self), nil, base, UInt64(count),
                base + count, context, UInt64(context.count), nonce, key) == 0
        }
    }

    /// `text` sealed, with the tag after it.
    public func sealed(_ text: [UInt8], number: UInt64, context: [UInt8]) -> [UInt8] {
        var result = text + [UInt8](repeating: 0, count: Self.tagBytes)
        result.withUnsafeMutableBytes { raw in
            let body = UnsafeMutableRawBufferPointer(rebasing: raw[..<text.count])
            let tag = UnsafeMutableRawBufferPointer(rebasing: raw[text.count...])
            if let tag = tag.baseAddress { seal(body, number: number, context: context, tag: tag) }
        }
        return result
    }

    /// The text of `sealed`; nil where it was not sealed with this key, number and context.
    public func opened(_ sealed: [UInt8], number: UInt64, context: [UInt8]) -> [UInt8]? {
        var result = sealed
        let isOpen = result.withUnsafeMutableBytes { raw in
            guard let base = raw.baseAddress else { return false }
            return open(UnsafeRawBufferPointer(raw), number: number, context: context, into: base)
        }
        if !isOpen { return nil }
        result.removeLast(Self.tagBytes)
        return result
    }

    private func withParameters<Result>(
        _ number: UInt64, _ body: (UnsafePointer<UInt8>, UnsafePointer<UInt8>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(byteCount: 48, alignment: 8) { raw in
            let base = raw.baseAddress!
            base.storeBytes(of: 0, as: UInt32.self)
            base.storeBytes(of: number.littleEndian, toByteOffset: 4, as: UInt64.self)
            key.store(to: base + 16)
            let bytes = base.assumingMemoryBound(to: UInt8.self)
            return body(bytes, bytes + 16)
        }
    }

    public var description: String { "SealingKey" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
