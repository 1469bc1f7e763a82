// A mandate with something in every part, its document, and documents with one part changed.
import ECDSA
import JSON
import Ledger
import Primitives
import Testing

@testable import Credentials

enum MandateSample {
    static let now = TokenVectors.time
    static let holder = HolderKey.ed25519(PublicKey(repeating: 11))

    static var terms: MandateTerms {
        var terms = MandateTerms(
            holder: AgentID(repeating: 5), expires: now.advanced(byNanoseconds: Nanoseconds.perDay))
        terms.scope = KindSet([.transfer, .postTask])
        terms.budget = Amount(nanoCredits: 12_500_000_001)
        terms.payees = [AccountID(repeating: 1), AccountID(repeating: 2)]
        terms.purpose = Digest(repeating: 9)
        return terms
    }

    static var export: MandateExport {
        MandateExport(
            MandateID(repeating: 7), payer: OwnerID(repeating: 3), terms: terms, holder: holder,
            chain: TokenVectors.chain)
    }

    /// The claims of a document by somebody else, in which nothing is hidden.
    static var claims: [JSONMember] {
        [
            JSONMember("vct", .string("mandate.payment.open.1")),
            JSONMember("iat", .integer(1_700_000_000 as UInt64)),
            JSONMember("exp", .integer(1_700_086_400 as UInt64)),
            JSONMember("cnf", .object([JSONMember("jwk", holder.jwk)])),
            JSONMember(
                "constraints",
                .array([
                    constraint("budget", #"{"max":10,"currency":"XAL"}"#),
                    constraint("agent_recurrence", #"{"frequency":"ON_DEMAND"}"#),
                ])),
        ]
    }

    static func constraint(_ name: String, _ members: String) -> JSONValue {
        let found = (try? JSONValue(parsing: Array(members.utf8)))?.object ?? []
        return .object([JSONMember("type", .string("payment." + name))] + found)
    }

    static func token(_ claims: [JSONMember]) throws -> [UInt8] {
        let draft = SDJWTDraft(salt: countingSalt())
        let text = draft.sign(claims, type: "dc+sd-jwt", key: try .sample())
        return Array(try #require(text).utf8)
    }

    static func read(
        _ token: [UInt8], at time: Instant = now
    ) throws -> Result<MandateImport, MandateImportFailure> {
        let key = try P256SigningKey.sample().publicKey
        do throws(MandateImportFailure) {
            return .success(
                try MandateImport(
                    parsing: token, signedBy: key, for: TokenVectors.chain, at: time))
        } catch { return .failure(error) }
    }
}

extension Result {
    var failure: Failure? {
        if case .failure(let failure) = self { return failure }
        return nil
    }
}
