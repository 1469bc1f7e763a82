// A mandate of the ledger as an open payment mandate of AP2 (docs/spec/mandates.md).
import ECDSA
import JSON
import Ledger
import Primitives

/// What can be left undisclosed.
public enum MandatePart: String, CaseIterable, Sendable {
    case scope, budget, payees, expiry, purpose
}

/// Why a mandate has no such form. The checks are made in this order.
public enum MandateExportFailure: Error, Hashable, Sendable {
    case revoked
    /// Now, or in less than a second.
    case expired
    /// Nothing is left of it.
    case noBudget
    /// AP2 wants a reference to what it is for.
    case noPurpose
    /// Memory or chance ran out.
    case notSigned
}

/// A mandate with what its document says beside its terms.
public struct MandateExport: Sendable {
    public var id: MandateID
    public var payer: OwnerID
    public var chain: Digest
    public var terms: MandateTerms
    public var spent: Amount
    public var isRevoked: Bool
    public var holder: HolderKey

    public init(
        _ id: MandateID, payer: OwnerID, terms: MandateTerms, holder: HolderKey, chain: Digest
    ) {
        (self.id, self.payer, self.terms, self.holder) = (id, payer, terms, holder)
        (spent, isRevoked, self.chain) = (.zero, false, chain)
    }

    /// The document, signed with ES256 in the name of whoever has the key.
    ///
    /// - Parameters:
    ///   - hidden: what is signed, and not disclosed in this copy.
    ///   - salt: gives 16 bytes that nobody can guess, other ones each time.
    public func token(
        signedBy key: P256SigningKey, hiding hidden: Set<MandatePart> = [], at now: Instant,
        salt: @escaping () -> [UInt8]
    ) throws(MandateExportFailure) -> String {
        guard !isRevoked else { throw .revoked }
        let (issued, expires) = (now.seconds, terms.expires.seconds)
        guard issued < expires else { throw .expired }
        guard let rest = terms.budget.subtracting(spent), rest > .zero,
            let most = CreditText.number(rest)
        else { throw .noBudget }
        guard !terms.purpose.isZero else { throw .noPurpose }
        var draft = SDJWTDraft(salt: salt)
        var kept: [String] = []
        // A list within a list is disclosed with it, or not at all.
        func hide<Result>(_ part: MandatePart, _ body: (inout SDJWTDraft) -> Result) -> Result {
            let before = draft.disclosures.count
            let result = body(&draft)
            if !hidden.contains(part) { kept += draft.disclosures[before...] }
            return result
        }
        let constraints = [
            constraint("agent_recurrence", [("frequency", .string("ON_DEMAND"))]),
            hide(.budget) {
                let members = [("max", .number(most)), ("currency", MandateWords.currencyValue)]
                return $0.hide(constraint("budget", members))
            },
        ] + (terms.payees.isEmpty ? [] : [hide(.payees, payees)]) + [
            hide(.expiry) {
                let date = JSONValue.string(DateText.text(seconds: expires))
                return $0.hide(constraint("execution_date", [("not_after", date)]))
            },
            hide(.purpose) {
                let purpose = Base64.encode(terms.purpose.bytes, as: .urlSafe)
                return $0.hide(
                    constraint("reference", [("conditional_transaction_id", .string(purpose))]))
            },
        ]
        let scope = hide(.scope) {
            $0.hide(
                MandateWords.scope,
                .array(terms.scope.kinds.map { JSONValue.string("\($0)") }))
        }
        let payload = [
            JSONMember("vct", .string(MandateWords.type)), JSONMember("iat", .integer(issued)),
            JSONMember("exp", .integer(expires)),
            JSONMember("cnf", .object([JSONMember("jwk", holder.jwk)])),
            JSONMember("constraints", .array(constraints)),
            JSONMember(MandateWords.origin, origin), JSONMember("_sd", .array([scope])),
        ]
        let token = draft.sign(payload, type: "dc+sd-jwt", key: key, keeping: kept)
        guard let token else { throw .notSigned }
        return token
    }

    private var origin: JSONValue {
        .object([
            JSONMember("chain", .string(chain.hex)), JSONMember("mandate", .string(id.hex)),
            JSONMember("payer", .string(payer.hex)),
        ])
    }

    private func payees(_ draft: inout SDJWTDraft) -> JSONValue {
        let listed = terms.payees.map { payee in
            draft.hide(
                .object([
                    JSONMember("id", .string(payee.hex)), JSONMember("name", .string(payee.hex)),
                ]))
        }
        return draft.hide(constraint("allowed_payees", [("allowed", .array(listed))]))
    }

    private func constraint(_ name: String, _ members: [(String, JSONValue)]) -> JSONValue {
        .object(
            [JSONMember("type", .string("payment." + name))]
                + members.map { JSONMember($0.0, $0.1) })
    }
}

/// Names of ours in such documents.
enum MandateWords {
    static let type = "mandate.payment.open.1"
    /// What the ledger says about itself and its mandate.
    static let origin = "althing"
    static let scope = "althing_scope"
    /// Credits: ISO 4217 leaves codes with X to what is nobody's money; this one is not registered.
    static let currency = "XAL"
    static let currencyValue = JSONValue.string(currency)
}

extension Instant {
    /// Whole seconds since 1970.
    var seconds: UInt64 { nanoseconds / Nanoseconds.perSecond }
}
