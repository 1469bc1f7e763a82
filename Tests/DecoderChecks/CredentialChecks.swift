// Tokens with selective disclosure: whatever stands in them, what they disclose is sound JSON in which
// nothing of the mechanism is left.
import Credentials
import JSON
import Primitives

extension DecoderCheck {
    static let credentials = [
        DecoderCheck("sd-jwt", mostBytes: 8_192) { bytes throws(BrokenRule) in
            guard let token = try? SDJWT(parsing: bytes), let claims = try? token.disclosed()
            else { return false }
            let text = claims.value.text()
            let again = try must("claims are JSON") { () throws(JSONFailure) in
                try JSONValue(parsing: text, limits: JSONLimits(depth: 64))
            }
            try require(again == claims.value, "claims have one text")
            try require(isClean(claims.value), "no digest is left")
            try require(
                claims.hidden.allSatisfy { $0.isEmpty || $0.hasPrefix("/") },
                "what is left out is pointed to")
            return true
        }
    ]

    private static func isClean(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members):
            members.allSatisfy { $0.key != "_sd" && $0.key != "..." && isClean($0.value) }
        case .array(let elements): elements.allSatisfy(isClean)
        case .null, .bool, .number, .string: true
        }
    }
}
