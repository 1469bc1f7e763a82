// `KeyValue` and `AnyValue` in OTLP/JSON.
import JSON

/// One attribute: its key and the alternative its value is.
struct TextAttribute {
    private let key: ArraySlice<UInt8>
    private let alternative: JSONNode?
    private let value: JSONNode?
    /// What is wrong with the outermost value, nil where nothing is.
    private(set) var fault: SpanRefusal.Reason?

    init(_ node: JSONNode) {
        let name = node["key"]
        key = name?.utf8 ?? []
        if let name, name.kind != .string { fault = .wrongType }
        var member: (key: JSONNode, value: JSONNode)?
        if let holder = node["value"], !holder.isNull {
            if holder.kind != .object { fault = .wrongType }
            for each in holder.members where !each.value.isNull { member = each }
        }
        alternative = member?.key
        value = member?.value
        fault = fault ?? TextAttribute.fault(alternative, value)
    }

    private static func fault(_ name: JSONNode?, _ value: JSONNode?) -> SpanRefusal.Reason? {
        guard let name, let value else { return nil }
        if name.isString("stringValue") || name.isString("bytesValue") {
            return value.kind == .string ? nil : .wrongType
        }
        if name.isString("boolValue") { return value.kind == .bool ? nil : .wrongType }
        if name.isString("intValue") {
            return TextField.integer(value, as: Int64.self) == nil ? .invalidInteger : nil
        }
        if name.isString("doubleValue") { return TextField.double(value) == nil ? .wrongType : nil }
        if name.isString("arrayValue") || name.isString("kvlistValue") {
            return value.kind == .object ? nil : .wrongType
        }
        return nil
    }

    /// Hands out the value, and for an array each of its elements.
    func forEach(_ body: (UnsafeRawBufferPointer, AttributeValue) -> Void) {
        key.withUnsafeBytes { key in
            guard let alternative, let value else { return }
            TextAttribute.read(alternative, value) { body(key, $0) }
            guard alternative.isString("arrayValue"), let values = value["values"] else { return }
            for element in values.elements {
                for (name, value) in element.members {
                    TextAttribute.read(name, value) { body(key, $0) }
                }
            }
        }
    }

    private static func read(
        _ name: JSONNode, _ value: JSONNode, _ body: (AttributeValue) -> Void
    ) {
        if name.isString("stringValue") {
            value.utf8.withUnsafeBytes { body(.text($0)) }
        } else if name.isString("intValue") {
            if let count: Int64 = TextField.integer(value) { body(.integer(count)) }
        } else if name.isString("doubleValue") {
            if let number = TextField.double(value) { body(.double(number)) }
        } else if name.isString("boolValue") {
            body(.bool(value.bool ?? false))
        } else {
            body(.other)
        }
    }
}
