// Puts disclosures in the places of their digests (RFC 9901 §7.1): each is used once, and none is
// left over.
import JSON
import Primitives

struct DisclosureReader {
    private struct Disclosure {
        /// Nil for an element of an array.
        var name: String?
        var value: JSONValue
        var isUsed = false
    }

    private var disclosures: [String: Disclosure] = [:]
    /// Digests met so far.
    private var met: Set<String> = []
    private var hidden: [String] = []

    private static let mostDepth = 16

    /// - Parameter texts: the disclosures in base64url.
    init(_ texts: [String]) throws(SDJWTFailure) {
        for (number, text) in texts.enumerated() {
            guard let bytes = Base64.decode(text, as: .urlSafe),
                let array = try? JSONValue(parsing: bytes, limits: SDJWT.limits).array,
                (2...3).contains(array.count), array[0].string != nil
            else { throw .malformedDisclosure(number) }
            var disclosure = Disclosure(name: nil, value: array[array.count - 1])
            if array.count == 3 {
                guard let name = array[1].string else { throw .malformedDisclosure(number) }
                guard name != "_sd", name != "..." else { throw .claimExists(name) }
                disclosure.name = name
            }
            let digest = SDJWT.digest(of: text)
            guard disclosures.updateValue(disclosure, forKey: digest) == nil else {
                throw .unusedDisclosure
            }
        }
    }

    mutating func read(_ payload: JSONValue) throws(SDJWTFailure) -> DisclosedClaims {
        let value = try resolve(payload, at: "", depth: 0)
        guard disclosures.values.allSatisfy(\.isUsed) else { throw .unusedDisclosure }
        return DisclosedClaims(value: value, hidden: hidden)
    }

    private mutating func resolve(
        _ value: JSONValue, at place: String, depth: Int
    ) throws(SDJWTFailure) -> JSONValue {
        guard depth <= Self.mostDepth else { throw .tooDeep }
        switch value {
        case .object(let members): return try resolve(members, at: place, depth: depth)
        case .array(let elements): return try resolve(elements, at: place, depth: depth)
        case .null, .bool, .number, .string: return value
        }
    }

    private mutating func resolve(
        _ members: [JSONMember], at place: String, depth: Int
    ) throws(SDJWTFailure) -> JSONValue {
        var result: [JSONMember] = []
        var digests: [JSONValue] = []
        for member in members {
            switch member.key {
            case "_sd":
                guard let array = member.value.array, digests.isEmpty else {
                    throw .malformedDigest
                }
                digests = array
            case "...": throw .malformedDigest
            case "_sd_alg" where place.isEmpty: continue
            default:
                let inner = try resolve(
                    member.value, at: "\(place)/\(Self.escaped(member.key))", depth: depth + 1)
                result.append(JSONMember(member.key, inner))
            }
        }
        var isHidden = false
        for digest in digests {
            guard let (name, value) = try take(digest) else {
                isHidden = true
                continue
            }
            guard let name else { throw .malformedDigest }
            guard !result.contains(where: { $0.key == name }) else { throw .claimExists(name) }
            let inner = try resolve(
                value, at: "\(place)/\(Self.escaped(name))", depth: depth + 1)
            result.append(JSONMember(name, inner))
        }
        if isHidden { hidden.append(place) }
        return .object(result)
    }

    private mutating func resolve(
        _ elements: [JSONValue], at place: String, depth: Int
    ) throws(SDJWTFailure) -> JSONValue {
        var result: [JSONValue] = []
        var isHidden = false
        for element in elements {
            let here = "\(place)/\(result.count)"
            guard let members = element.object, members.contains(where: { $0.key == "..." }) else {
                result.append(try resolve(element, at: here, depth: depth + 1))
                continue
            }
            guard members.count == 1 else { throw .malformedDigest }
            guard let (name, value) = try take(members[0].value) else {
                isHidden = true
                continue
            }
            guard name == nil else { throw .malformedDigest }
            result.append(try resolve(value, at: here, depth: depth + 1))
        }
        if isHidden { hidden.append(place) }
        return .array(result)
    }

    /// What stands behind a digest; nil where it is not disclosed.
    private mutating func take(
        _ digest: JSONValue
    ) throws(SDJWTFailure) -> (name: String?, value: JSONValue)? {
        guard let text = digest.string else { throw .malformedDigest }
        guard met.insert(text).inserted else { throw .repeatedDigest }
        guard let found = disclosures[text] else { return nil }
        disclosures[text]?.isUsed = true
        return (found.name, found.value)
    }

    /// A step of a JSON pointer (RFC 6901 §3).
    private static func escaped(_ key: String) -> String {
        var text = ""
        for character in key.unicodeScalars {
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
