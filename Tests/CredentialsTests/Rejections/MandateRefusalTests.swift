// Documents that are not taken as mandates, each for one fault: what is hidden, what has no like on
// the ledger, and what would allow more there.
import JSON
import Ledger
import Primitives
import TestSupport
import Testing

@testable import Credentials

@Suite struct MandateRefusalTests {
    private func failure(
        at time: Instant = MandateSample.now, _ spoil: (inout [JSONMember]) -> Void
    ) throws -> MandateImportFailure? {
        var claims = MandateSample.claims
        spoil(&claims)
        return try MandateSample.read(try MandateSample.token(claims), at: time).failure
    }

    /// With one constraint more, or in place of those of the same type.
    private func failure(with name: String, _ members: String) throws -> MandateImportFailure? {
        try failure { claims in
            var list = claims[4].value.array ?? []
            list.removeAll { $0["type"]?.string == "payment." + name }
            claims[4].value = .array(list + [MandateSample.constraint(name, members)])
        }
    }

    private func set(_ name: String, _ text: String, in claims: inout [JSONMember]) {
        claims.removeAll { $0.key == name }
        guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return }
        claims.append(JSONMember(name, value))
    }

    @Test func aPlainOneIsTaken() throws {
        let found = try MandateSample.read(try MandateSample.token(MandateSample.claims)).get()
        let terms = found.terms(for: AgentID(repeating: 5))
        #expect(terms.scope.kinds == [.transfer] && terms.payees.isEmpty)
        #expect(terms.budget == Amount(nanoCredits: 10_000_000_000) && terms.purpose.isZero)
        #expect(terms.expires.nanoseconds == 1_700_086_400_000_000_000)
    }

    @Test func constraints() throws {
        let payee = String(repeating: "01", count: 32)
        let table: [(String, String, MandateImportFailure?)] = [
            ("budget", #"{"max":1.0000000001,"currency":"XAL"}"#, .malformed("payment.budget")),
            ("budget", #"{"max":1e3,"currency":"XAL"}"#, .malformed("payment.budget")),
            ("budget", #"{"max":-1,"currency":"XAL"}"#, .malformed("payment.budget")),
            ("budget", #"{"max":"1","currency":"XAL"}"#, .malformed("payment.budget")),
            ("budget", #"{"currency":"XAL"}"#, .malformed("payment.budget")),
            ("budget", #"{"max":1}"#, .malformed("payment.budget")),
            ("budget", #"{"max":1,"currency":"USD"}"#, .otherCurrency("USD")),
            ("budget", #"{"max":1,"currency":"XAL","per":"day"}"#, .malformed("payment.budget")),
            (
                "budget", #"{"max":340282366920938463463374607431.9,"currency":"XAL"}"#,
                .malformed("payment.budget")
            ),
            ("amount_range", #"{"max":10000000000,"currency":"XAL"}"#, nil),
            ("amount_range", #"{"max":10000000000,"min":0,"currency":"XAL"}"#, nil),
            (
                "amount_range", #"{"max":9999999999,"currency":"XAL"}"#,
                .wouldWiden("payment.amount_range")
            ),
            (
                "amount_range", #"{"max":10000000000,"min":1,"currency":"XAL"}"#,
                .wouldWiden("payment.amount_range")
            ),
            (
                "amount_range", #"{"max":10000000000.0,"currency":"XAL"}"#,
                .malformed("payment.amount_range")
            ),
            (
                "agent_recurrence", #"{"frequency":"DAILY"}"#,
                .wouldWiden("payment.agent_recurrence")
            ),
            (
                "agent_recurrence", #"{"frequency":"ON_DEMAND","max_occurrences":9}"#,
                .wouldWiden("payment.agent_recurrence")
            ),
            ("allowed_payees", #"{"allowed":[{"id":"\#(payee)","name":"a"}]}"#, nil),
            ("allowed_payees", #"{"allowed":[]}"#, .noPayees),
            ("allowed_payees", #"{"allowed":[{"id":"merchant_1"}]}"#, .payeeUnknown),
            ("allowed_payees", #"{"allowed":[{"name":"a"}]}"#, .payeeUnknown),
            ("allowed_payees", #"{"allowed":"all"}"#, .malformed("payment.allowed_payees")),
            ("execution_date", #"{"not_after":"2023-11-15T00:00:00Z"}"#, nil),
            ("execution_date", #"{"not_before":"2023-11-14T22:13:20Z"}"#, nil),
            ("execution_date", #"{"not_before":"2023-11-14T22:13:21Z"}"#, .notYet),
            ("execution_date", #"{"not_after":"2023-11-14T22:13:20Z"}"#, .expired),
            (
                "execution_date", #"{"not_after":"2023-11-15"}"#,
                .malformed("payment.execution_date")
            ),
            (
                "reference", #"{"conditional_transaction_id":"AAAA"}"#,
                .malformed("payment.reference")
            ),
            (
                "allowed_pisps", #"{"allowed":[]}"#,
                .constraintNotMapped("payment.allowed_pisps")
            ),
            (
                "allowed_payment_instruments", #"{"allowed":[]}"#,
                .constraintNotMapped("payment.allowed_payment_instruments")
            ),
            ("velocity", "{}", .constraintNotMapped("payment.velocity")),
        ]
        for (name, members, expected) in table {
            #expect(try failure(with: name, members) == expected, "\(name) \(members)")
        }
    }

    @Test func listsOfConstraints() throws {
        func removing(_ place: Int) throws -> MandateImportFailure? {
            try failure {
                var list = $0[4].value.array ?? []
                list.remove(at: place)
                $0[4].value = .array(list)
            }
        }
        #expect(try removing(0) == .noBudget)
        #expect(try removing(1) == .noRecurrence)
        let twice = try failure {
            let list = $0[4].value.array ?? []
            $0[4].value = .array(list + [list[0]])
        }
        #expect(twice == .repeatedConstraint("payment.budget"))
        #expect(try failure { $0[4].value = .string("none") } == .malformed("constraints"))
        #expect(try failure { $0[4].value = .array([.null]) } == .malformed("constraints"))
        #expect(
            try failure { $0[4].value = .array([.object([JSONMember("...", .string("x"))])]) }
                == .hiddenConstraint)
    }

    @Test func claims() throws {
        let table: [(String, String, MandateImportFailure?)] = [
            ("vct", #""mandate.payment.open""#, .otherType),
            ("vct", #""mandate.payment.1""#, .otherType), ("vct", "", .otherType),
            ("exp", "", .noExpiry), ("exp", "1700000000", .expired), ("exp", "1700000001", nil),
            ("exp", "1.5", .malformed("exp")), ("exp", "18446744073709551615", nil),
            ("iat", "1700000600", nil), ("iat", "1700000601", .notYet),
            ("nbf", "1700000001", .notYet), ("nbf", "-1", .malformed("nbf")),
            ("cnf", "", .holderUnknown), ("cnf", #"{"jwk":{"kty":"RSA"}}"#, .holderUnknown),
            ("cnf", #"{"kid":"agent-1"}"#, .holderUnknown),
            ("payee", #"{"id":"x"}"#, .claimNotMapped("payee")),
            ("payment_amount", "{}", .claimNotMapped("payment_amount")),
            ("aud", #""shop""#, .claimNotMapped("aud")),
            ("anything", "1", .claimNotMapped("anything")),
            ("risk_data", "{}", nil), ("iss", #""wallet""#, nil),
            ("althing", #"{"chain":"00"}"#, .otherChain), ("althing", "{}", .otherChain),
            ("althing_scope", #"["transfer","fly"]"#, .malformed("althing_scope")),
            ("althing_scope", "[]", .malformed("althing_scope")),
            ("althing_scope", #"["bid"]"#, nil),
            ("_sd", #"["x"]"#, .hiddenClaims),
        ]
        for (name, text, expected) in table {
            #expect(try failure { set(name, text, in: &$0) } == expected, "\(name) \(text)")
        }
    }

    /// In AP2's list of delegated mandates there must be exactly one, and nothing beside it.
    @Test func delegated() throws {
        func wrapped(_ elements: [JSONValue], _ more: [JSONMember] = []) throws
            -> MandateImportFailure?
        {
            try failure { $0 = [JSONMember("delegate_payload", .array(elements))] + more }
        }
        let one = JSONValue.object(MandateSample.claims)
        #expect(try wrapped([one]) == nil)
        #expect(try wrapped([one], [JSONMember("iss", .string("wallet"))]) == nil)
        #expect(try wrapped([one, one]) == .notOneMandate)
        #expect(try wrapped([]) == .notOneMandate)
        #expect(try wrapped([.string("one")]) == .notOneMandate)
        let hidden = JSONValue.object([JSONMember("...", .string("x"))])
        #expect(try wrapped([one, hidden]) == .notOneMandate)
        #expect(try wrapped([one], [JSONMember("exp", .integer(1))]) == .notOneMandate)
        #expect(
            try wrapped([one], [JSONMember("_sd", .array([.string("x")]))]) == .hiddenClaims)
    }

    /// Fewer payees are narrower; none at all would be everybody.
    @Test func payeesThatAreNotDisclosed() throws {
        let payee = #"{"id":"\#(String(repeating: "01", count: 32))"}"#
        #expect(
            try failure(with: "allowed_payees", #"{"allowed":[\#(payee),{"...":"x"}]}"#) == nil)
        #expect(try failure(with: "allowed_payees", #"{"allowed":[{"...":"x"}]}"#) == .noPayees)
        #expect(
            try failure(with: "allowed_payees", #"{"allowed":[\#(payee)],"_sd":["x"]}"#)
                == .hiddenClaims)
    }

    @Test func token() throws {
        let spoiled = try MandateSample.token(MandateSample.claims).flipping(bit: 8 * 60)
        guard case .token? = try MandateSample.read(spoiled).failure else {
            Issue.record("not refused as a token")
            return
        }
    }
}
