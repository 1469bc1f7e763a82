// BLAKE3 over input that arrives in pieces.
import CBLAKE3
import Primitives

/// A hash under way: a value of 2.8 KB that may be copied and continued in two ways.
///
/// Input that is whole already is hashed faster by `BLAKE3` and `HashDomain`.
public struct BLAKE3Hasher: Sendable {
    private var state = cblake3_hasher()

    /// The plain mode.
    public init() {
        withUnsafePointer(to: cblake3_iv) { cblake3_start(&state, $0, 0) }
    }

    /// The derive-key mode of `domain`.
    public init(domain: HashDomain) {
        withUnsafePointer(to: domain.key) { cblake3_start(&state, $0, HashDomain.flags) }
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        cblake3_update(&state, bytes.baseAddress, bytes.count)
    }

    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of everything so far; more may follow.
    public func finalize() -> Digest {
        withDigest { digest in
            withUnsafePointer(to: state) { cblake3_finish($0, digest) }
        }
    }
}
