// `KeyValue` and `AnyValue` in protobuf (`common/v1/common.proto`), checked to their full depth.

/// One attribute, or one element of an array.
struct ProtobufAttribute {
    private(set) var key = UnsafeRawBufferPointer(start: nil, count: 0)
    private(set) var value = AttributeValue.other
    /// The message of the array where the value is one.
    private(set) var array: WireField?
    /// False where some text in the attribute, at any depth, is not UTF-8.
    private(set) var isText = true

    private let bytes: UnsafeRawBufferPointer

    /// Reads a `KeyValue`.
    init(_ bytes: UnsafeRawBufferPointer, _ message: WireField) throws(WireFailure) {
        self.bytes = bytes
        try readKeyValue(message, depth: 0)
    }

    /// Reads an `AnyValue`.
    init(_ bytes: UnsafeRawBufferPointer, value message: WireField) throws(WireFailure) {
        self.bytes = bytes
        try readValue(message, depth: 0)
    }

    private mutating func readKeyValue(_ message: WireField, depth: Int) throws(WireFailure) {
        var fields = WireReader(bytes, inside: message)
        while let field = try fields.next() {
            if field.isBytes(1) {
                let text = field.body(in: bytes)
                isText = isText && WireText.isValid(text)
                if depth == 0 { key = text }
            }
            if field.isBytes(2) { try readValue(field, depth: depth) }
        }
    }

    /// Of several values in one message the last counts, as for every `oneof`.
    private mutating func readValue(_ message: WireField, depth: Int) throws(WireFailure) {
        guard depth < WireReader.depthLimit else {
            throw WireFailure(reason: .tooDeep, offset: message.start)
        }
        var fields = WireReader(bytes, inside: message)
        while let field = try fields.next() {
            let read = try readField(field, depth: depth)
            guard depth == 0, let read else { continue }
            value = read
            array = field.isBytes(5) ? field : nil
        }
    }

    /// The value of one alternative, nil for an unknown field.
    private mutating func readField(
        _ field: WireField, depth: Int
    ) throws(WireFailure) -> AttributeValue? {
        switch (field.number, field.kind) {
        case (1, .bytes):
            let text = field.body(in: bytes)
            isText = isText && WireText.isValid(text)
            return .text(text)
        case (2, .varint): return .bool(field.value != 0)
        case (3, .varint): return .integer(Int64(bitPattern: field.value))
        case (4, .fixed64): return .double(Double(bitPattern: field.value))
        case (5, .bytes), (6, .bytes):
            var elements = WireReader(bytes, inside: field)
            while let element = try elements.next(bytes: 1) {
                if field.number == 5 {
                    try readValue(element, depth: depth + 1)
                } else {
                    try readKeyValue(element, depth: depth + 1)
                }
            }
            return .other
        case (7, .bytes): return .other
        default: return nil
        }
    }
}
