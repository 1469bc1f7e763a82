// A JSON Web Token with selective disclosure (RFC 9901), in its compact form: signed claims, of
// which some are digests of disclosures that stand beside them.
import Cryptography
import ECDSA
import JSON
import Primitives

/// Why a text is no such token, or not a sound one. The checks are made in this order.
public enum SDJWTFailure: Error, Hashable, Sendable {
    /// More than `SDJWT.mostBytes`, or more than `SDJWT.mostDisclosures`.
    case tooLong
    /// Not three parts with dots and then disclosures, each with `~` behind it.
    case malformed
    /// It ends with a proof of possession (RFC 9901 §4.3), which nobody here can check.
    case keyBinding
    /// The header, the payload, or the disclosure with that number, is no base64url of the JSON
    /// that it must be.
    case malformedHeader, malformedPayload
    case malformedDisclosure(Int)
    /// Not ES256, or the header has a member that must be understood.
    case unknownAlgorithm
    /// The type says that it is something else.
    case otherType(String)
    case invalidSignature
    /// `_sd_alg` is not sha-256.
    case unknownHash
    /// `_sd` or `...` stands where it must not, or is no digest.
    case malformedDigest
    /// A digest stands twice.
    case repeatedDigest
    /// A disclosure is given twice, or nothing refers to it.
    case unusedDisclosure
    /// A disclosed claim is there already, or has a reserved name.
    case claimExists(String)
    case tooDeep
}

public struct SDJWT: Hashable, Sendable {
    public let header: JSONValue
    public let payload: JSONValue
    /// As they stand in the text, in base64url.
    public let disclosures: [String]
    /// What is signed: header and payload in base64url with a dot between.
    public let signedText: String
    let signature: [UInt8]

    public static let mostBytes = 64 << 10
    public static let mostDisclosures = 256
    static let limits = JSONLimits(depth: 16, bytes: mostBytes, nodes: 8_192)

    /// Reads the compact form; one line end behind it is left out. Nothing is verified yet.
    public init(parsing bytes: [UInt8]) throws(SDJWTFailure) {
        guard bytes.count <= Self.mostBytes else { throw .tooLong }
        var text = bytes[...]
        if text.last == UInt8(ascii: "\n") { text.removeLast() }
        let parts = text.split(separator: UInt8(ascii: "~"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count >= 2, let last = parts.last else { throw .malformed }
        guard last.isEmpty else { throw .keyBinding }
        guard parts.count - 2 <= Self.mostDisclosures else { throw .tooLong }
        let token = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard token.count == 3, let signature = Base64.decode(token[2], as: .urlSafe) else {
            throw .malformed
        }
        guard let header = Self.object(token[0]) else { throw .malformedHeader }
        guard let payload = Self.object(token[1]) else { throw .malformedPayload }
        (self.header, self.payload, self.signature) = (header, payload, signature)
        disclosures = Array(parts.dropFirst().dropLast())
        signedText = "\(token[0]).\(token[1])"
    }

    private static func object(_ text: Substring) -> JSONValue? {
        guard let bytes = Base64.decode(text, as: .urlSafe),
            let value = try? JSONValue(parsing: bytes, limits: limits), value.object != nil
        else { return nil }
        return value
    }

    /// Verifies the issuer's signature, and puts the disclosures in their places.
    public func claims(signedBy key: P256PublicKey) throws(SDJWTFailure) -> DisclosedClaims {
        guard header["alg"]?.string == "ES256", header["crit"] == nil else {
            throw .unknownAlgorithm
        }
        if let type = header["typ"]?.string {
            let isToken = type == "sd-jwt" || type.hasSuffix("+sd-jwt")
            guard isToken, !type.hasPrefix("kb+") else { throw .otherType(type) }
        }
        guard key.isValid(signature, of: Array(signedText.utf8)) else {
            throw .invalidSignature
        }
        return try disclosed()
    }

    /// Puts the disclosures in their places, whoever signed: for those who only look.
    public func disclosed() throws(SDJWTFailure) -> DisclosedClaims {
        if let hash = payload["_sd_alg"], hash.string != "sha-256" { throw .unknownHash }
        var reader = try DisclosureReader(disclosures)
        return try reader.read(payload)
    }

    /// The digest by which a disclosure is referred to.
    static func digest(of disclosure: String) -> String {
        Base64.encode(SHA256.hash(Array(disclosure.utf8)).bytes, as: .urlSafe)
    }
}

/// What a token says, with what it discloses.
public struct DisclosedClaims: Hashable, Sendable {
    /// Without `_sd`, `_sd_alg` and undisclosed elements.
    public var value: JSONValue
    /// Where something is not disclosed: JSON pointers (RFC 6901) to the objects and arrays it is
    /// left out of, in the order of the text. Decoys look the same.
    public var hidden: [String]
}
