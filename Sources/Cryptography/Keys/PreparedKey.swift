// A public key with tables of its multiples, for many checks of signatures by the same key.
import CEd25519
import CSodium
import Primitives

/// Checks as `Ed25519.isValid` does, with the same result for every input, in a third of
/// libsodium's time or, with AVX-512 IFMA, a seventh. Making it takes as long as three or four of
/// libsodium's checks; it holds 50 KB.
/// Times depend on the signature and the key, which are public.
public struct PreparedKey: Sendable {
    public let key: PublicKey
    /// Multiples of the negated key, as `ced25519_prepare` lays them out.
    private let table: [ced25519_entry]

    /// Nil where no signature is valid under `key`: its encoding is not canonical, no point of the
    /// curve has it, or the point is of small order.
    public init?(_ key: PublicKey) {
        var isGood = false
        let count = Int(CED25519_KEY_ENTRIES)
        table = [ced25519_entry](unsafeUninitializedCapacity: count) { entries, filled in
            isGood = key.withRawBytes { ced25519_prepare(entries.baseAddress!, $0) }
            filled = isGood ? count : 0
        }
        guard isGood else { return nil }
        self.key = key
    }

    /// RFC 8032 §5.1.7 without the cofactor: the encoding of [S]B - [k]A is compared with R. S must
    /// be below the order of the group, and R not of small order.
    public func isValid(_ signature: Signature, of message: [UInt8]) -> Bool {
        isValid(signature, of: message, by: ced25519_kernel_selected())
    }

    /// By a kernel that this processor has.
    func isValid(
        _ signature: Signature, of message: [UInt8], by kernel: ced25519_kernel
    ) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 192) { bytes in
            let base = bytes.baseAddress!
            let challenge = base + 96, digest = base + 128
            signature.store(to: base)
            key.store(to: base + 64)
            var state = crypto_hash_sha512_state()
            crypto_hash_sha512_init(&state)
            crypto_hash_sha512_update(&state, base, 32)
            crypto_hash_sha512_update(&state, base + 64, 32)
            crypto_hash_sha512_update(&state, message, UInt64(message.count))
            crypto_hash_sha512_final(&state, digest)
            crypto_core_ed25519_scalar_reduce(challenge, digest)
            return table.withUnsafeBufferPointer {
                ced25519_check(kernel, $0.baseAddress!, base, challenge)
            }
        }
    }
}

extension PublicKey {
    fileprivate func withRawBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.width) { bytes in
            store(to: bytes.baseAddress!)
            return body(bytes.baseAddress!)
        }
    }
}
