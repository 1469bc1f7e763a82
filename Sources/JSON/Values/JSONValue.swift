// A JSON value as a plain tree, for what is small or built by hand.

/// A value; members keep the order of the text. Strings compare as Swift strings do, which is by
/// canonical equivalence; keys are looked up byte by byte.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

/// One member of an object.
public struct JSONMember: Hashable, Sendable {
    /// The key, unescaped.
    public var key: String
    /// What stands under the key.
    public var value: JSONValue

    public init(_ key: String, _ value: JSONValue) {
        self.key = key
        self.value = value
    }
}

extension JSONValue {
    /// Parses a text; throws its first fault.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONFailure) {
        self = try JSONDocument(bytes, limits: limits).root.value
    }

    /// The number with that integer as its text.
    public static func integer(_ value: some FixedWidthInteger) -> JSONValue {
        .number(JSONNumber(value))
    }

    /// The value of the first member with that key, nil in other values.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    /// The element at `position`, nil where there is none.
    public subscript(position: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(position) else {
            return nil
        }
        return elements[position]
    }

    /// True for `null`.
    public var isNull: Bool { self == .null }

    /// The boolean, nil in other values.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The string, nil in other values.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The number, nil in other values.
    public var number: JSONNumber? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    /// The integer, nil where the value is no number, has a fraction or exponent, or does not fit.
    public func integer<Value: FixedWidthInteger>(as _: Value.Type = Value.self) -> Value? {
        number?.integer()
    }

    /// The elements of an array, nil in other values.
    public var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object, nil in other values.
    public var object: [JSONMember]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The value as text, compact or with an indent of two spaces.
    public func text(_ layout: JSONLayout = .compact) -> [UInt8] {
        var writer = JSONWriter(layout)
        writer.write(self)
        return writer.bytes
    }
}
