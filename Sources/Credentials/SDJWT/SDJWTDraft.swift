// Makes tokens with selective disclosure: claims are replaced by digests one by one, then all of
// it is signed.
import ECDSA
import JSON
import Primitives

/// The disclosures of a token that is being made, in the order in which they were added.
public struct SDJWTDraft {
    public private(set) var disclosures: [String] = []
    private var salt: () -> [UInt8]

    /// - Parameter salt: gives 16 bytes that nobody can guess, other ones each time.
    public init(salt: @escaping () -> [UInt8]) { self.salt = salt }

    /// Hides an element of an array.
    ///
    /// - Returns: what stands in its place.
    public mutating func hide(_ element: JSONValue) -> JSONValue {
        .object([JSONMember("...", .string(add([element])))])
    }

    /// Hides a claim.
    ///
    /// - Returns: the digest, for the `_sd` of its object.
    public mutating func hide(_ name: String, _ value: JSONValue) -> JSONValue {
        .string(add([.string(name), value]))
    }

    private mutating func add(_ content: [JSONValue]) -> String {
        let salt = JSONValue.string(Base64.encode(salt(), as: .urlSafe))
        let text = Base64.encode(JSONValue.array([salt] + content).text(), as: .urlSafe)
        disclosures.append(text)
        return SDJWT.digest(of: text)
    }

    /// The compact form, signed with ES256; nil where signing fails.
    ///
    /// - Parameters:
    ///   - payload: an object; `_sd_alg` is added.
    ///   - kept: of the disclosures, which are given away with it; all where it is nil.
    public func sign(
        _ payload: [JSONMember], type: String, key: P256SigningKey, keeping kept: [String]? = nil
    ) -> String? {
        let header = JSONValue.object([
            JSONMember("alg", .string("ES256")), JSONMember("typ", .string(type)),
        ])
        let body = JSONValue.object(payload + [JSONMember("_sd_alg", .string("sha-256"))])
        let parts = [header, body].map { Base64.encode($0.text(), as: .urlSafe) }
        let signed = parts.joined(separator: ".")
        guard let signature = key.sign(Array(signed.utf8)) else { return nil }
        let token = signed + "." + Base64.encode(signature, as: .urlSafe)
        return ([token] + (kept ?? disclosures)).joined(separator: "~") + "~"
    }
}
