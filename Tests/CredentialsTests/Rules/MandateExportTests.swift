// Mandates as documents: what is in them, what may be hidden, and that they come back as they went.
import ECDSA
import JSON
import Ledger
import Primitives
import TestSupport
import Testing

@testable import Credentials

@Suite struct MandateExportTests {
    private func document(
        hiding hidden: Set<MandatePart> = [], _ change: (inout MandateExport) -> Void = { _ in }
    ) throws -> [UInt8] {
        var export = MandateSample.export
        change(&export)
        let key = try P256SigningKey.sample()
        return Array(
            try export.token(
                signedBy: key, hiding: hidden, at: MandateSample.now, salt: countingSalt()).utf8)
    }

    @Test func comesBackAsItWent() throws {
        let found = try MandateSample.read(try document()).get()
        #expect(found.terms(for: AgentID(repeating: 5)) == MandateSample.terms)
        #expect(found.holder == MandateSample.holder)
        let key = P256PublicKey(pem: Array(try P256SigningKey.samplePublicPEM().utf8))
        let other = try #require(key)
        let bound = try MandateSample.read(try document { $0.holder = .p256(other) }).get()
        #expect(bound.holder == .p256(other))
    }

    /// Each part is one disclosure; payees have more inside.
    @Test func partsAreDisclosures() throws {
        let token = try SDJWT(parsing: try document())
        #expect(token.disclosures.count == MandatePart.allCases.count + 2)
        let undisclosed = String(decoding: token.payload.text(), as: UTF8.self)
        for word in ["budget", "allowed_payees", "execution_date", "reference", "transfer"] {
            #expect(!undisclosed.contains(word), "\(word)")
        }
        #expect(token.header["typ"]?.string == "dc+sd-jwt")
        let claims = try token.disclosed().value
        #expect(claims["constraints"]?[1]?["max"]?.number?.text == "12.500000001")
        #expect(claims["constraints"]?[3]?["not_after"]?.string == "2023-11-15T22:13:20Z")
        #expect(claims["althing"]?["mandate"]?.string == MandateID(repeating: 7).hex)
    }

    /// What is left, not what was given.
    @Test func spentIsLeftOut() throws {
        let token = try document { $0.spent = Amount(nanoCredits: 500_000_001) }
        let found = try MandateSample.read(token).get()
        #expect(found.terms(for: AgentID()).budget == Amount(nanoCredits: 12_000_000_000))
    }

    @Test(arguments: MandatePart.allCases) func hiddenPartsStaySigned(part: MandatePart) throws {
        let token = try document(hiding: [part])
        let parsed = try SDJWT(parsing: token)
        let claims = try parsed.claims(signedBy: try P256SigningKey.sample().publicKey)
        #expect(claims.hidden == (part == .scope ? [""] : ["/constraints"]))
        let expected: MandateImportFailure = part == .scope ? .hiddenClaims : .hiddenConstraint
        #expect(try MandateSample.read(token).failure == expected)
    }

    /// The same document under another copy's disclosures has the same number.
    @Test func numberIsOfTheSignedPart() throws {
        let all = try document()
        let again = try MandateSample.read(all + [0x0A]).get()
        #expect(try MandateSample.read(all).get().number == again.number)
        let other = try MandateSample.read(try document { $0.id = MandateID() }).get()
        #expect(other.number != again.number)
    }

    @Test func refusals() throws {
        let table: [(MandateExportFailure, (inout MandateExport) -> Void)] = [
            (.noPurpose, { $0.terms.purpose = Digest() }),
            (.noBudget, { $0.spent = $0.terms.budget }),
            (.expired, { $0.terms.expires = MandateSample.now }),
            (.revoked, { $0.isRevoked = true }),
        ]
        for (expected, spoil) in table {
            #expect(throws: expected) { try document(spoil) }
        }
    }

    /// Random terms, there and back; times lose what is below a second.
    @Test(arguments: propertySeeds) func thereAndBack(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<8 {
            var terms = MandateTerms(
                holder: AgentID(repeating: 5),
                expires: Instant(
                    nanoseconds: .random(in: 1_800_000_000_000_000_000 ... .max, using: &generator)))
            let bits = UInt64.random(in: 0 ... .max, using: &generator)
            terms.scope = KindSet(
                [.transfer] + ActionKind.allCases.filter { bits >> UInt64($0.rawValue) & 1 == 1 })
            let shift = Int.random(in: 0..<128, using: &generator)
            terms.budget = Amount(
                nanoCredits: .random(in: 1 ... max(1, .max >> shift), using: &generator))
            let count = UInt8.random(in: 0...4, using: &generator)
            terms.payees = (0..<count).map { AccountID(repeating: $0) }
            terms.purpose = Digest(repeating: UInt8.random(in: 1...255, using: &generator))
            let found = try MandateSample.read(try document { $0.terms = terms }).get()
            terms.expires = Instant(
                nanoseconds: terms.expires.nanoseconds / Nanoseconds.perSecond
                    * Nanoseconds.perSecond)
            #expect(found.terms(for: AgentID(repeating: 5)) == terms, "seed \(seed)")
        }
    }

    @Test func dates() {
        let table: [(UInt64, String)] = [
            (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ]
        for (seconds, text) in table {
            #expect(DateText.text(seconds: seconds) == text)
            #expect(DateText.seconds(text) == seconds)
        }
        for text in [
            "", "2023-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2023-13-01T00:00:00Z",
            "2023-00-01T00:00:00Z", "2023-01-00T00:00:00Z", "2023-01-32T00:00:00Z",
            "2023-01-01T24:00:00Z", "2023-01-01T00:60:00Z", "2023-01-01T00:00:60Z",
            "2023-01-01T00:00:00", "2023-01-01 00:00:00Z", "1969-12-31T23:59:59Z",
            "2023-01-01T00:00:0xZ", "2023-01-01T00:00:00.5Z",
        ] { #expect(DateText.seconds(text) == nil, "\(text)") }
    }
}
