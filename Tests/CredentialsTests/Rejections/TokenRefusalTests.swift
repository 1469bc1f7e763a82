// Tokens that are refused, each for one fault.
import ECDSA
import JSON
import Primitives
import TestSupport
import Testing

@testable import Credentials

@Suite struct TokenRefusalTests {
    private func failure(_ text: String, key: P256PublicKey? = nil) throws -> SDJWTFailure? {
        let key = try key ?? P256SigningKey.sample().publicKey
        do throws(SDJWTFailure) {
            _ = try SDJWT(parsing: Array(text.utf8)).claims(signedBy: key)
            return nil
        } catch { return error }
    }

    private func text(_ value: String) -> String { Base64.encode(Array(value.utf8), as: .urlSafe) }

    /// A token of these texts, signed.
    private func token(
        _ payload: String, header: String = #"{"alg":"ES256"}"#, _ disclosures: [String] = []
    ) throws -> String {
        let signed = text(header) + "." + text(payload)
        let signature = try #require(try P256SigningKey.sample().sign(Array(signed.utf8)))
        let parts = [signed + "." + Base64.encode(signature, as: .urlSafe)]
        return (parts + disclosures.map(text)).joined(separator: "~") + "~"
    }

    private func digest(_ disclosure: String) -> String { SDJWT.digest(of: text(disclosure)) }

    @Test func soundOnesAreTaken() throws {
        let name = #"["salt","a",1]"#
        let payload = #"{"_sd":["\#(digest(name))"],"_sd_alg":"sha-256"}"#
        #expect(try failure(try token(payload, [name])) == nil)
        #expect(try failure(try token(payload)) == nil)
        #expect(try failure(try token(payload, [name]) + "\n") == nil)
        #expect(try failure(try token(payload, header: #"{"alg":"ES256","typ":"dc+sd-jwt"}"#)) == nil)
    }

    @Test func forms() throws {
        let good = try token("{}")
        let signature = try #require(good.split(separator: ".").last)
        let table: [(String, String, SDJWTFailure)] = [
            ("nothing", "", .malformed), ("no tilde", String(good.dropLast()), .malformed),
            ("two parts", "e30.e30~", .malformed), ("padded", "e30=.e30.AA~", .malformedHeader),
            ("no object", "W10.e30.AA~", .malformedHeader),
            ("no payload", "e30.W10.AA~", .malformedPayload),
            ("a proof behind it", good + "a.b.c", .keyBinding),
            ("a character that is none", "e30.e30.\(signature.dropLast(2))!~", .malformed),
            ("too long", good + String(repeating: "a", count: SDJWT.mostBytes), .tooLong),
            ("too many", good + String(repeating: "~", count: 257), .tooLong),
            ("an empty disclosure", good + "~", .malformedDisclosure(0)),
        ]
        for (fault, text, expected) in table {
            #expect(try failure(text) == expected, "\(fault)")
        }
    }

    @Test func headers() throws {
        let table: [(String, SDJWTFailure)] = [
            (#"{"alg":"none"}"#, .unknownAlgorithm), (#"{"alg":"HS256"}"#, .unknownAlgorithm),
            (#"{"alg":"ES384"}"#, .unknownAlgorithm), ("{}", .unknownAlgorithm),
            (#"{"alg":"ES256","crit":["b64"]}"#, .unknownAlgorithm),
            (#"{"alg":"ES256","typ":"JWT"}"#, .otherType("JWT")),
            (#"{"alg":"ES256","typ":"kb+sd-jwt"}"#, .otherType("kb+sd-jwt")),
        ]
        for (header, expected) in table {
            #expect(try failure(try token("{}", header: header)) == expected, "\(header)")
        }
    }

    @Test func signatures() throws {
        let good = try token(#"{"a":1}"#)
        let other = try token(#"{"a":2}"#)
        let mixed = other.split(separator: ".")[0...1].joined(separator: ".") + "."
            + String(try #require(good.split(separator: ".").last))
        #expect(try failure(mixed) == .invalidSignature)
        #expect(
            try failure(good, key: try TokenVectors().key("rfc-key")) == .invalidSignature)
        let short = good.split(separator: ".")[0...1].joined(separator: ".") + ".AAAA~"
        #expect(try failure(short) == .invalidSignature)
    }

    @Test func disclosures() throws {
        let (name, element) = (#"["salt","a",1]"#, #"["salt",1]"#)
        let (taken, listed) = (digest(name), digest(element))
        let cut = #"["salt"]"#
        let reserved = #"["salt","_sd",[]]"#
        let dots = #"["salt","...",[]]"#
        let table: [(String, String, [String], SDJWTFailure)] = [
            ("another hash", #"{"_sd_alg":"sha-512"}"#, [], .unknownHash),
            ("one too many", "{}", [name], .unusedDisclosure),
            ("twice", #"{"_sd":["\#(taken)"]}"#, [name, name], .unusedDisclosure),
            ("a digest twice", #"{"_sd":["\#(taken)","\#(taken)"]}"#, [name], .repeatedDigest),
            ("twice, elsewhere", #"{"_sd":["x"],"b":{"_sd":["x"]}}"#, [], .repeatedDigest),
            ("a claim that is there", #"{"a":2,"_sd":["\#(taken)"]}"#, [name], .claimExists("a")),
            ("a reserved name", #"{"_sd":["\#(digest(reserved))"]}"#, [reserved], .claimExists("_sd")),
            ("a reserved word", #"{"_sd":["\#(digest(dots))"]}"#, [dots], .claimExists("...")),
            ("an element as a claim", #"{"_sd":["\#(listed)"]}"#, [element], .malformedDigest),
            ("a claim as an element", #"{"b":[{"...":"\#(taken)"}]}"#, [name], .malformedDigest),
            ("a digest with company", #"{"b":[{"...":"x","c":1}]}"#, [], .malformedDigest),
            ("a digest alone", #"{"b":{"...":"x"}}"#, [], .malformedDigest),
            ("no list of digests", #"{"_sd":"x"}"#, [], .malformedDigest),
            ("a number", #"{"_sd":[1]}"#, [], .malformedDigest),
            ("too short", "{}", [cut], .malformedDisclosure(0)),
            ("no salt", "{}", [#"[1,"a",2]"#], .malformedDisclosure(0)),
            ("no name", "{}", [#"["s",1,2]"#], .malformedDisclosure(0)),
            ("no JSON", "{}", ["["], .malformedDisclosure(0)),
        ]
        for (fault, payload, disclosures, expected) in table {
            #expect(try failure(try token(payload, disclosures)) == expected, "\(fault)")
        }
    }

    /// Disclosures inside disclosures end somewhere.
    @Test func depth() throws {
        var disclosures: [String] = []
        var inner = "1"
        for number in 0..<20 {
            let text = #"["salt \#(number)","a",\#(inner)]"#
            disclosures.append(text)
            inner = #"{"_sd":["\#(digest(text))"]}"#
        }
        #expect(try failure(try token(inner, disclosures)) == .tooDeep)
    }
}
