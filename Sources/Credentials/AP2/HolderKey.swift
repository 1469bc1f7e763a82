// The key to which a mandate is bound, as a JSON Web Key (RFC 7517, RFC 7800 §3.2).
import ECDSA
import JSON
import Primitives

/// Whoever has the private half may use the mandate.
public enum HolderKey: Hashable, Sendable {
    /// As agents of the ledger have them (RFC 8037).
    case ed25519(PublicKey)
    /// As AP2 has them.
    case p256(P256PublicKey)

    var jwk: JSONValue {
        func text(_ bytes: [UInt8]) -> JSONValue { .string(Base64.encode(bytes, as: .urlSafe)) }
        switch self {
        case .ed25519(let key):
            return .object([
                JSONMember("kty", .string("OKP")), JSONMember("crv", .string("Ed25519")),
                JSONMember("x", text(key.bytes)),
            ])
        case .p256(let key):
            return .object([
                JSONMember("kty", .string("EC")), JSONMember("crv", .string("P-256")),
                JSONMember("x", text(key.x)), JSONMember("y", text(key.y)),
            ])
        }
    }

    /// Nil for keys of other kinds, and for what is no key.
    public init?(jwk: JSONValue) {
        func bytes(_ name: String) -> [UInt8]? {
            jwk[name]?.string.flatMap { Base64.decode($0, as: .urlSafe) }
        }
        guard let x = bytes("x") else { return nil }
        switch (jwk["kty"]?.string, jwk["crv"]?.string) {
        case ("OKP", "Ed25519"):
            guard let key = PublicKey(x) else { return nil }
            self = .ed25519(key)
        case ("EC", "P-256"):
            guard let y = bytes("y"), let key = P256PublicKey(x: x, y: y) else { return nil }
            self = .p256(key)
        default: return nil
        }
    }
}
