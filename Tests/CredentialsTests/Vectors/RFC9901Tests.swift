// The tokens that RFC 9901 prints: signatures by the key of its appendix A.5, and what they disclose.
import JSON
import Primitives
import TestSupport
import Testing

@testable import Credentials

@Suite struct RFC9901Tests {
    @Test func section5() throws {
        let vectors = try TokenVectors()
        let token = try vectors.token("rfc-5.1")
        #expect(token.disclosures.count == 10)
        let claims = try token.claims(signedBy: try vectors.key("rfc-key"))
        #expect(claims.hidden.isEmpty)
        let value = claims.value
        #expect(value["given_name"]?.string == "John")
        #expect(value["address"]?["locality"]?.string == "Anytown")
        #expect(value["phone_number_verified"]?.bool == true)
        #expect(value["updated_at"]?.integer(as: Int.self) == 1_570_000_000)
        #expect(value["nationalities"] == .array([.string("US"), .string("DE")]))
        #expect(value["sub"]?.string == "user_42" && value["iat"] != nil)
        #expect(value["_sd"] == nil && value["_sd_alg"] == nil)
    }

    /// Section 5.2 presents four of the ten.
    @Test func presentation() throws {
        let vectors = try TokenVectors()
        let parts = String(decoding: try vectors.text("rfc-5.1"), as: UTF8.self)
            .split(separator: "~").map(String.init)
        let shown = [parts[2], parts[6], parts[1], parts[9]]
        let text = ([parts[0]] + shown).joined(separator: "~") + "~"
        let token = try SDJWT(parsing: Array(text.utf8))
        let claims = try token.claims(signedBy: try vectors.key("rfc-key"))
        #expect(claims.hidden == ["/nationalities", ""])
        #expect(claims.value["nationalities"] == .array([.string("US")]))
        #expect(claims.value["family_name"]?.string == "Doe")
        #expect(claims.value["email"] == nil)
    }

    /// Appendix A.2: disclosures inside disclosures.
    @Test func nested() throws {
        let vectors = try TokenVectors()
        let token = try vectors.token("rfc-a.2")
        let claims = try token.claims(signedBy: try vectors.key("rfc-key"))
        let verified = claims.value["verified_claims"]
        #expect(verified?["claims"]?["family_name"]?.string == "Müller")
        #expect(verified?["verification"]?["evidence"]?[0]?["method"]?.string == "pipp")
        #expect(verified?["verification"]?["trust_framework"]?.string == "de_aml")
        #expect(
            claims.hidden == [
                "/verified_claims/verification/evidence/0", "/verified_claims/verification",
                "/verified_claims/claims", "",
            ])
    }

    /// What AP2's own page prints; nobody tells the key.
    @Test func pageOfAP2() throws {
        let token = try TokenVectors().token("ap2")
        #expect(throws: SDJWTFailure.invalidSignature) {
            try token.claims(signedBy: try TokenVectors().key("rfc-key"))
        }
        let claims = try token.disclosed()
        let mandate = claims.value["delegate_payload"]?[0]
        #expect(mandate?["vct"]?.string == "mandate.payment.open.1")
        #expect(mandate?["constraints"]?[1]?["allowed"]?[0]?["id"]?.string == "merchant_1")
        #expect(claims.hidden.isEmpty)
    }

    /// Made by the library of the RFC's authors.
    @Test func mandatesOfAnotherLibrary() throws {
        let vectors = try TokenVectors()
        for name in ["plain", "delegated"] {
            let found = try MandateImport(
                parsing: try vectors.text(name), signedBy: try vectors.key("key"),
                for: TokenVectors.chain, at: TokenVectors.time)
            #expect(found.holder == .ed25519(PublicKey(repeating: 11)), "\(name)")
            let terms = found.terms(for: .init(repeating: 5))
            #expect(terms.budget == Amount(nanoCredits: 12_500_000_000), "\(name)")
            #expect(terms.payees == [.init(repeating: 1), .init(repeating: 2)], "\(name)")
            #expect(terms.expires.nanoseconds == 1_798_761_599_000_000_000, "\(name)")
            #expect(terms.purpose == Digest((0..<32).map { $0 }), "\(name)")
            #expect(terms.scope.kinds == [.transfer, .postTask], "\(name)")
            #expect(terms.holder == .init(repeating: 5), "\(name)")
        }
    }
}
