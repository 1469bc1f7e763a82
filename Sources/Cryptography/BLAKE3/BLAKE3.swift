// BLAKE3 in its plain and keyed modes, as `b3sum` computes them.
import CBLAKE3
import Primitives

/// BLAKE3 with 32 bytes of output (paper, section 2).
public enum BLAKE3 {
    public static func hash(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { hash($0) }
    }

    public static func hash(_ bytes: ArraySlice<UInt8>) -> Digest {
        bytes.withUnsafeBytes { hash($0) }
    }

    public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        hash(bytes, startingWith: cblake3_iv, flags: 0)
    }

    /// The keyed mode: a message authentication code where `key` is secret.
    public static func hash(_ bytes: [UInt8], key: Digest) -> Digest {
        bytes.withUnsafeBytes {
            hash($0, startingWith: cblake3_key(digest: key), flags: UInt8(CBLAKE3_KEYED_HASH))
        }
    }

    /// The kernel this processor runs: "portable", "sse4.1", "avx2" or "avx512".
    public static var kernelName: String {
        String(cString: cblake3_kernel_name(cblake3_kernel_selected()))
    }

    static func hash(
        _ bytes: UnsafeRawBufferPointer, startingWith key: cblake3_key, flags: UInt8
    ) -> Digest {
        withDigest { digest in
            withUnsafePointer(to: key) {
                cblake3_hash($0, flags, bytes.baseAddress, bytes.count, digest)
            }
        }
    }
}
