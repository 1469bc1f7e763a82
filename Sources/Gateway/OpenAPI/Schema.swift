// JSON Schema (2020-12), as much of it as our documents need.
import JSON

/// The shape of a JSON value.
indirect enum Schema: Hashable, Sendable {
    /// Any string.
    case text
    /// Lower-case hexadecimal of so many bytes.
    case hex(Int)
    /// Lower-case hexadecimal of any number of bytes.
    case hexText
    /// A decimal number in a string: what does not fit 53 bits.
    case number
    /// A JSON number.
    case integer(ClosedRange<Int>)
    case boolean
    case oneOf([String])
    case list(Schema)
    case object([Member])
    /// A schema by its name among the components.
    case named(String)
    case orNull(Schema)
    /// Anything.
    case any

    struct Member: Hashable, Sendable {
        var name: String
        var schema: Schema
        var isRequired = true
    }

    /// A whole number that is not negative.
    static let count = Schema.integer(0...Int.max)
}

extension Schema {
    func write(to writer: inout JSONWriter) {
        writer.object { object in members(&object) }
    }

    private func members(_ writer: inout JSONWriter) {
        switch self {
        case .any: break
        case .text: writer.member("type", "string")
        case .hex(let bytes): Self.pattern("^[0-9a-f]{\(2 * bytes)}$", &writer)
        case .hexText: Self.pattern("^([0-9a-f]{2})*$", &writer)
        case .number: Self.pattern("^(0|[1-9][0-9]*)$", &writer)
        case .integer(let range):
            writer.member("type", "integer")
            writer.member("minimum", range.lowerBound)
            if range.upperBound < Int.max { writer.member("maximum", range.upperBound) }
        case .boolean: writer.member("type", "boolean")
        case .oneOf(let names):
            writer.member("type", "string")
            writer.key("enum")
            writer.array { for name in names { $0.write(name) } }
        case .list(let element):
            writer.member("type", "array")
            writer.key("items")
            element.write(to: &writer)
        case .object(let members): Self.object(members, &writer)
        case .named(let name): writer.member("$ref", "#/components/schemas/\(name)")
        case .orNull(let schema):
            writer.key("anyOf")
            writer.array {
                schema.write(to: &$0)
                $0.object { $0.member("type", "null") }
            }
        }
    }

    private static func pattern(_ pattern: String, _ writer: inout JSONWriter) {
        writer.member("type", "string")
        writer.member("pattern", pattern)
    }

    private static func object(_ members: [Member], _ writer: inout JSONWriter) {
        writer.member("type", "object")
        writer.key("properties")
        writer.object { object in
            for member in members {
                object.key(member.name)
                member.schema.write(to: &object)
            }
        }
        writer.key("required")
        writer.array { array in
            for member in members where member.isRequired { array.write(member.name) }
        }
    }
}
