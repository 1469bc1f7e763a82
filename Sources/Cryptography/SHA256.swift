// SHA-256 (FIPS 180-4), for the tile log that existing witnesses follow.
import CSodium
import Primitives

public enum SHA256 {
    public static func hash(_ bytes: [UInt8]) -> Digest {
        withDigest { _ = crypto_hash_sha256($0, bytes, UInt64(bytes.count)) }
    }
}
