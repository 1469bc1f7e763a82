// `KeyValue` and `AnyValue` in OTLP/JSON.
import JSON

/// One attribute: its key, and its value unless that is faulty.
struct TextAttribute {
    private var key: ArraySlice<UInt8> = []
    private var value = TextValue.none
    /// What is wrong with the key or the outermost value, nil where nothing is.
    private(set) var fault: SpanRefusal.Reason?

    init(_ node: JSONNode) {
        for (name, field) in node.members {
            if name.isString("key") {
                key = field.utf8
                if field.kind != .string { fault = .wrongType }
            } else if name.isString("value"), !field.isNull {
                if field.kind != .object { fault = .wrongType }
                value = TextValue(field)
            }
        }
        if case .faulty(let reason) = value { fault = fault ?? reason }
    }

    /// Hands out the value, and for an array each of its elements.
    func forEach(_ body: (UnsafeRawBufferPointer, AttributeValue) -> Void) {
        key.withUnsafeBytes { key in
            value.read { body(key, $0) }
            guard case .array(let node) = value, let values = node["values"] else { return }
            for element in values.elements { TextValue(element).read { body(key, $0) } }
        }
    }
}

/// The alternative that an `AnyValue` is; of several the last counts.
enum TextValue {
    case none
    case text(ArraySlice<UInt8>)
    case integer(Int64)
    case double(Double)
    case bool(Bool)
    case array(JSONNode)
    case other
    case faulty(SpanRefusal.Reason)

    init(_ node: JSONNode) {
        self = .none
        for (name, value) in node.members where !value.isNull {
            self = TextValue(name, value)
        }
    }

    private init(_ name: JSONNode, _ value: JSONNode) {
        if name.isString("stringValue") {
            self = value.kind == .string ? .text(value.utf8) : .faulty(.wrongType)
        } else if name.isString("intValue") {
            self = TextField.integer(value).map { .integer($0) } ?? .faulty(.invalidInteger)
        } else if name.isString("doubleValue") {
            self = TextField.double(value).map { .double($0) } ?? .faulty(.wrongType)
        } else if name.isString("boolValue") {
            self = value.bool.map { .bool($0) } ?? .faulty(.wrongType)
        } else if name.isString("arrayValue") {
            self = value.kind == .object ? .array(value) : .faulty(.wrongType)
        } else if name.isString("kvlistValue") {
            self = value.kind == .object ? .other : .faulty(.wrongType)
        } else if name.isString("bytesValue") {
            self = value.kind == .string ? .other : .faulty(.wrongType)
        } else {
            self = .other
        }
    }

    func read(_ body: (AttributeValue) -> Void) {
        switch self {
        case .text(let text): text.withUnsafeBytes { body(.text($0)) }
        case .integer(let count): body(.integer(count))
        case .double(let number): body(.double(number))
        case .bool(let flag): body(.bool(flag))
        case .array, .other: body(.other)
        case .none, .faulty: break
        }
    }
}
