// The door of Cryptography: hashes, signatures, key files; crypto libraries are shut in here.
//
// `BLAKE3/` our own kernels (C target `CBLAKE3`) under `HashDomain`, `BLAKE3` and `BLAKE3Hasher`.
// `Keys/`   Ed25519, `did:key` and key files, over libsodium; checks under keys that come often by
//           our own code (C target `CEd25519`).
// `Exchange/` X25519, ChaCha20-Poly1305 and BLAKE2b, for the handshake between peers.
// `Ristretto/` the group ristretto255: scalars, points, proofs, sealed scalars, over libsodium.
// `SHA256`  for the tile log (RFC 6962) and, without padding, for proofs of execution; everything
//           else of our own is BLAKE3.
import CSodium

/// Whether libsodium is ready; it picks its own fastest code here, once.
enum Sodium {
    private static let isReady: Bool = sodium_init() >= 0

    /// Called before any use of libsodium that needs entropy or memory.
    static func prepare() { precondition(isReady, "libsodium could not start") }
}
