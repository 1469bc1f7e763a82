// Protobuf messages of the trace service as OTLP/JSON, driven by a table of their fields.
import JSON
import Primitives

/// A message type of `trace.proto`, `resource.proto` or `common.proto`.
enum MessageShape {
    case resourceSpans, resource, entityReference, scopeSpans, scope, span, event, link, status
    case keyValue, anyValue, arrayValue, keyValueList

    /// How a field is written.
    enum FieldShape {
        case text, id, base64, flag, small, large, signed, double, fixed
        case message(MessageShape)
        case texts
        case messages(MessageShape)

        var isRepeated: Bool {
            switch self {
            case .texts, .messages: true
            default: false
            }
        }
    }

    /// Field number, name in JSON, form.
    var fields: [(number: UInt32, name: String, shape: FieldShape)] {
        switch self {
        case .resourceSpans:
            [
                (1, "resource", .message(.resource)), (2, "scopeSpans", .messages(.scopeSpans)),
                (3, "schemaUrl", .text),
            ]
        case .resource:
            [
                (1, "attributes", .messages(.keyValue)), (2, "droppedAttributesCount", .small),
                (3, "entityRefs", .messages(.entityReference)),
            ]
        case .entityReference:
            [
                (1, "schemaUrl", .text), (2, "type", .text), (3, "idKeys", .texts),
                (4, "descriptionKeys", .texts),
            ]
        case .scopeSpans:
            [
                (1, "scope", .message(.scope)), (2, "spans", .messages(.span)),
                (3, "schemaUrl", .text),
            ]
        case .scope:
            [
                (1, "name", .text), (2, "version", .text),
                (3, "attributes", .messages(.keyValue)), (4, "droppedAttributesCount", .small),
            ]
        case .span: MessageShape.spanFields
        case .event:
            [
                (1, "timeUnixNano", .large), (2, "name", .text),
                (3, "attributes", .messages(.keyValue)), (4, "droppedAttributesCount", .small),
            ]
        case .link:
            [
                (1, "traceId", .id), (2, "spanId", .id), (3, "traceState", .text),
                (4, "attributes", .messages(.keyValue)), (5, "droppedAttributesCount", .small),
                (6, "flags", .fixed),
            ]
        case .status: [(2, "message", .text), (3, "code", .small)]
        case .keyValue: [(1, "key", .text), (2, "value", .message(.anyValue))]
        case .anyValue:
            [
                (1, "stringValue", .text), (2, "boolValue", .flag), (3, "intValue", .signed),
                (4, "doubleValue", .double), (5, "arrayValue", .message(.arrayValue)),
                (6, "kvlistValue", .message(.keyValueList)), (7, "bytesValue", .base64),
            ]
        case .arrayValue: [(1, "values", .messages(.anyValue))]
        case .keyValueList: [(1, "values", .messages(.keyValue))]
        }
    }

    private static let spanFields: [(number: UInt32, name: String, shape: FieldShape)] = [
        (1, "traceId", .id), (2, "spanId", .id), (3, "traceState", .text),
        (4, "parentSpanId", .id), (5, "name", .text), (6, "kind", .small),
        (7, "startTimeUnixNano", .large), (8, "endTimeUnixNano", .large),
        (9, "attributes", .messages(.keyValue)), (10, "droppedAttributesCount", .small),
        (11, "events", .messages(.event)), (12, "droppedEventsCount", .small),
        (13, "links", .messages(.link)), (14, "droppedLinksCount", .small),
        (15, "status", .message(.status)), (16, "flags", .fixed),
    ]
}

/// Writes messages; fields come in the order of the table, unknown ones are left out.
enum MessageText {
    static func write(
        _ message: [UInt8], as shape: MessageShape, to writer: inout JSONWriter
    ) throws(WireFailure) {
        var result: Result<Void, WireFailure> = .success(())
        message.withUnsafeBytes { raw in
            do throws(WireFailure) {
                try write(WireReader(raw), as: shape, depth: 0, to: &writer)
            } catch {
                result = .failure(error)
            }
        }
        try result.get()
    }

    private static func write(
        _ message: WireReader, as shape: MessageShape, depth: Int, to writer: inout JSONWriter
    ) throws(WireFailure) {
        guard depth < 3 * WireReader.depthLimit + 8 else {
            throw WireFailure(reason: .tooDeep, offset: message.offset)
        }
        var found: [WireField] = []
        var reader = message
        while let field = try reader.next() { found.append(field) }
        writer.beginObject()
        for (number, name, form) in shape.fields {
            let fields = found.filter { $0.number == number && fits($0, form) }
            guard let last = fields.last else { continue }
            writer.key(name)
            if form.isRepeated { writer.beginArray() }
            for field in form.isRepeated ? fields : [last] {
                try write(field, form, in: message, depth: depth, to: &writer)
            }
            if form.isRepeated { writer.endArray() }
        }
        writer.endObject()
    }

    /// True where the wire type is the one that the form has.
    private static func fits(_ field: WireField, _ form: MessageShape.FieldShape) -> Bool {
        switch form {
        case .flag, .small, .signed: field.kind == .varint
        case .large, .double: field.kind == .fixed64
        case .fixed: field.kind == .fixed32
        default: field.kind == .bytes
        }
    }

    private static func write(
        _ field: WireField, _ form: MessageShape.FieldShape, in message: WireReader, depth: Int,
        to writer: inout JSONWriter
    ) throws(WireFailure) {
        switch form {
        case .text, .texts:
            writer.write(String(decoding: field.body(in: message.bytes), as: UTF8.self))
        case .id: writer.write(Hex.encode(field.body(in: message.bytes)))
        case .base64: writer.write(Base64.encode(field.body(in: message.bytes)))
        case .flag: writer.write(field.value != 0)
        case .small: writer.write(Int32(truncatingIfNeeded: field.value))
        case .fixed: writer.write(field.value)
        case .large: writer.writeQuoted(field.value)
        case .signed: writer.writeQuoted(Int64(bitPattern: field.value))
        case .double: write(Double(bitPattern: field.value), to: &writer)
        case .message(let shape), .messages(let shape):
            try write(
                WireReader(message.bytes, inside: field), as: shape, depth: depth + 1,
                to: &writer)
        }
    }

    /// proto3 JSON writes what is no number as text.
    private static func write(_ double: Double, to writer: inout JSONWriter) {
        if let number = JSONNumber(double) {
            writer.write(number)
        } else {
            writer.write(double.isNaN ? "NaN" : double < 0 ? "-Infinity" : "Infinity")
        }
    }
}

/// RFC 4648 §4, with padding.
enum Base64 {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var word: UInt32 = 0
            for index in 0..<3 {
                word = word << 8 | (index < count ? UInt32(bytes[start + index]) : 0)
            }
            for index in 0..<4 {
                let digit = Int(word >> UInt32(18 - 6 * index) & 63)
                text.append(index <= count ? letters[digit] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
