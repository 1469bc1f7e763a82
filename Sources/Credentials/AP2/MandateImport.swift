// An open payment mandate of AP2 as one of the ledger: taken only where the ledger can hold all of
// it, so that nothing is allowed here that was not allowed there (docs/spec/mandates.md).
import Cryptography
import ECDSA
import JSON
import Ledger
import Primitives

/// Why a document is not taken. The checks are made in this order, those of constraints in the
/// order in which they stand.
public enum MandateImportFailure: Error, Hashable, Sendable {
    case token(SDJWTFailure)
    /// Not one mandate: a list of none or of several, or something beside them.
    case notOneMandate
    /// Not `mandate.payment.open.1`.
    case otherType
    /// Claims that are not disclosed may say less than those that are.
    case hiddenClaims
    case hiddenConstraint
    /// A claim that would have to be kept and cannot.
    case claimNotMapped(String)
    /// A claim or a constraint that is not what AP2 says of it.
    case malformed(String)
    case constraintNotMapped(String)
    case repeatedConstraint(String)
    case otherCurrency(String)
    /// A limit that the ledger has not, and without which more would be allowed.
    case wouldWiden(String)
    /// An account is named by 64 hexadecimal digits.
    case payeeUnknown
    /// Payees are listed, and none is disclosed.
    case noPayees
    /// Without one, anything could be spent.
    case noBudget
    /// Without a recurrence it holds for one payment; a mandate of the ledger holds for several.
    case noRecurrence
    case noExpiry
    case expired
    /// It holds only later, or was issued in the future.
    case notYet
    /// It is a mandate of another chain.
    case otherChain
    /// It is bound to no key, or to one of another kind.
    case holderUnknown
}

extension MandateImportFailure {
    /// A stable name, with what it is about in brackets.
    public var name: String {
        if case .token(let failure) = self { return "token.\(failure)" }
        return "\(self)"
    }
}

/// What a document says, as the ledger can hold it.
public struct MandateImport: Hashable, Sendable {
    /// What the holder must prove to have.
    public let holder: HolderKey
    /// Of the token, so that one document is taken once.
    public let number: UInt64
    private let terms: MandateTerms

    /// Seconds by which clocks may differ.
    private static let leeway: UInt64 = 600

    /// - Parameters:
    ///   - bytes: a token in compact form (RFC 9901 §4).
    ///   - key: the issuer's, by the caller's own knowledge.
    public init(
        parsing bytes: [UInt8], signedBy key: P256PublicKey, for chain: Digest, at now: Instant
    ) throws(MandateImportFailure) {
        let claims: DisclosedClaims
        do throws(SDJWTFailure) {
            let token = try SDJWT(parsing: bytes)
            number = Self.number(of: token)
            claims = try token.claims(signedBy: key)
        } catch { throw .token(error) }
        let mandate = try MandateClaims(claims)
        var limits = ConstraintReader(mandate)
        try limits.read()
        try limits.finish(at: now, leeway: Self.leeway)
        if let origin = mandate.value[MandateWords.origin] {
            guard origin["chain"]?.string == chain.hex else { throw .otherChain }
        }
        guard let jwk = mandate.value["cnf"]?["jwk"], let holder = HolderKey(jwk: jwk) else {
            throw .holderUnknown
        }
        self.holder = holder
        terms = limits.terms
    }

    /// Whatever else it is given with, the signed part is the same.
    private static func number(of token: SDJWT) -> UInt64 {
        SHA256.hash(Array(token.signedText.utf8)).bytes.prefix(8)
            .reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The terms for the agent that has `holder`.
    public func terms(for agent: AgentID) -> MandateTerms {
        var terms = terms
        terms.holder = agent
        return terms
    }
}

/// The claims of the one mandate in a token, which may stand in AP2's list of delegated ones.
struct MandateClaims {
    let value: JSONValue
    /// Pointers to where something is left out, from the mandate on.
    let hidden: [String]

    /// Claims that say nothing about what is allowed, and those that are read.
    private static let known: Set<String> = [
        "vct", "constraints", "cnf", "iat", "exp", "nbf", "iss", "sub", "jti", "risk_data",
        MandateWords.origin, MandateWords.scope,
    ]
    private static let beside: Set<String> = ["delegate_payload", "iss", "sub", "jti", "iat"]

    init(_ claims: DisclosedClaims) throws(MandateImportFailure) {
        var (mandate, place) = (claims.value, "")
        if let list = claims.value["delegate_payload"] {
            guard let elements = list.array, elements.count == 1, elements[0].object != nil,
                !claims.hidden.contains("/delegate_payload"),
                (claims.value.object ?? []).allSatisfy({ Self.beside.contains($0.key) })
            else { throw .notOneMandate }
            (mandate, place) = (elements[0], "/delegate_payload/0")
        }
        value = mandate
        guard mandate["vct"]?.string == MandateWords.type else { throw .otherType }
        let outside = claims.hidden.contains { $0 != place && !$0.hasPrefix(place + "/") }
        guard !outside, !claims.hidden.contains(place) else { throw .hiddenClaims }
        hidden = claims.hidden.map { String($0.dropFirst(place.count)) }
        guard !hidden.contains("/constraints") else { throw .hiddenConstraint }
        for member in mandate.object ?? [] where !Self.known.contains(member.key) {
            throw .claimNotMapped(member.key)
        }
    }
}
