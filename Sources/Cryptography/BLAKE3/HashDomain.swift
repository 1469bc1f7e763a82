// Hashing with separated domains: a digest made in one domain means nothing in another.
import CBLAKE3
import Primitives

/// BLAKE3 in its derive-key mode (paper, section 2.3), 32 bytes of output, a context for each use.
///
/// Making one hashes the context: keep it in a `static let`.
public struct HashDomain: Sendable {
    let key: cblake3_key

    /// - Parameter context: fixed text, unique to one use: "althing 2026 record v1".
    public init(_ context: String) {
        let digest = Array(context.utf8).withUnsafeBytes {
            BLAKE3.hash($0, startingWith: cblake3_iv, flags: UInt8(CBLAKE3_DERIVE_KEY_CONTEXT))
        }
        key = cblake3_key(digest: digest)
    }

    public func hash(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { hash($0) }
    }

    public func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        BLAKE3.hash(bytes, startingWith: key, flags: Self.flags)
    }

    /// The hash of the 64 bytes `left || right`.
    public func hashPair(_ left: Digest, _ right: Digest) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { pair in
            left.store(to: pair.baseAddress!)
            right.store(to: pair.baseAddress! + 32)
            return hash(UnsafeRawBufferPointer(pair))
        }
    }

    /// The hashes of many messages of one length, side by side in the lanes of the processor.
    ///
    /// - Parameters:
    ///   - messages: one after another, of any alignment, each followed by zeros up to a multiple
    ///     of 64 bytes.
    ///   - length: bytes of one message without those zeros, 1...1024.
    ///   - count: messages, 0 or more.
    ///   - digests: room for `count` digests; may be `messages` itself where `length` is at most
    ///     64.
    public func hashMany(
        _ messages: UnsafeRawPointer, length: Int, count: Int,
        into digests: UnsafeMutablePointer<Digest>
    ) {
        precondition((1...1024).contains(length), "messages of one chunk only")
        precondition(count >= 0, "a count is not negative")
        withUnsafePointer(to: key) { key in
            var batch = cblake3_batch()
            batch.input = messages.assumingMemoryBound(to: UInt8.self)
            batch.count = count
            batch.blocks = (length + 63) / 64
            batch.last_bytes = UInt8((length - 1) % 64 + 1)
            batch.key = key
            batch.flags = Self.flags
            batch.flags_start = UInt8(CBLAKE3_CHUNK_START)
            batch.flags_end = UInt8(CBLAKE3_CHUNK_END | CBLAKE3_ROOT)
            let target = UnsafeMutableRawPointer(digests).assumingMemoryBound(to: UInt8.self)
            cblake3_many(&batch, target)
        }
    }

    static let flags = UInt8(CBLAKE3_DERIVE_KEY_MATERIAL)
}

extension cblake3_key {
    /// The eight little-endian words of a digest.
    init(digest: Digest) {
        self.init()
        withUnsafeMutableBytes(of: &self) { digest.store(to: $0.baseAddress!) }
    }
}

/// The digest that `fill` writes to 32 bytes.
func withDigest(_ fill: (UnsafeMutablePointer<UInt8>) -> Void) -> Digest {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Digest.width) { bytes in
        fill(bytes.baseAddress!)
        return Digest(loading: UnsafeRawBufferPointer(bytes))
    }
}
