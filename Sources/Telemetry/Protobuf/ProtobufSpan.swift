// One `Span` message in protobuf: its ids, times, status, links and attributes.
import Primitives

/// Reads a span; structural faults throw, faults of content become the draft's refusal.
struct ProtobufSpan {
    private static var empty: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: nil, count: 0)
    }

    private let bytes: UnsafeRawBufferPointer
    private let limits: TelemetryLimits
    private var name = ProtobufSpan.empty
    private var draft: SpanDraft

    static func read(
        _ message: WireField, of bytes: UnsafeRawBufferPointer, _ origin: SpanOrigin,
        _ limits: TelemetryLimits
    ) throws(WireFailure) -> SpanDraft {
        var span = ProtobufSpan(bytes: bytes, origin: origin, limits: limits)
        try span.read(message)
        return span.draft
    }

    private init(bytes: UnsafeRawBufferPointer, origin: SpanOrigin, limits: TelemetryLimits) {
        self.bytes = bytes
        self.limits = limits
        draft = SpanDraft(origin: origin)
    }

    private mutating func read(_ message: WireField) throws(WireFailure) {
        var fields = WireReader(bytes, inside: message)
        while let field = try fields.next() {
            switch field.kind {
            case .bytes: try readBytes(field)
            case .fixed64: readTime(field)
            case .varint:
                if field.number == 6 { draft.view.kind = Int32(truncatingIfNeeded: field.value) }
            case .fixed32: continue
            }
        }
        draft.view.name = WireText.prefix(name, limit: limits.displayBytes)
        draft.view.facts = draft.collector.facts(name: name, status: draft.view.status.code)
    }

    private mutating func readTime(_ field: WireField) {
        if field.number == 7 { draft.view.start = Instant(nanoseconds: field.value) }
        if field.number == 8 { draft.view.end = Instant(nanoseconds: field.value) }
    }

    private mutating func readBytes(_ field: WireField) throws(WireFailure) {
        switch field.number {
        case 1: draft.setTraceID(field.body(in: bytes))
        case 2: draft.setSpanID(field.body(in: bytes))
        case 3: draft.check(text: field.body(in: bytes))
        case 4: draft.setParent(field.body(in: bytes))
        case 5:
            name = field.body(in: bytes)
            draft.check(text: name)
        case 9: try readAttribute(field)
        case 11: try readEvent(field)
        case 13: try readLink(field)
        case 15: try readStatus(field)
        default: break
        }
    }

    private mutating func readAttribute(_ field: WireField) throws(WireFailure) {
        let attribute = try checkedAttribute(field)
        guard let key = AttributeTable.shared.find(attribute.key) else {
            draft.collector.hints.noteKey(attribute.key)
            return
        }
        draft.collector.note(key, attribute.value)
        guard let array = attribute.array else { return }
        var values = WireReader(bytes, inside: array)
        while let value = try values.next(bytes: 1) {
            let element = try ProtobufAttribute(bytes, value: value)
            draft.collector.note(key, element.value)
        }
    }

    private mutating func checkedAttribute(
        _ field: WireField
    ) throws(WireFailure) -> ProtobufAttribute {
        let attribute = try ProtobufAttribute(bytes, field)
        if !attribute.isText { draft.collector.refuse(.invalidText) }
        let size = field.end - field.bodyStart
        if size > limits.attributeBytes { draft.collector.refuse(.attributeTooLarge(size)) }
        return attribute
    }

    /// `Event`: nothing of it is a fact, but it must be sound.
    private mutating func readEvent(_ message: WireField) throws(WireFailure) {
        var fields = WireReader(bytes, inside: message)
        while let field = try fields.next() {
            if field.isBytes(2) { draft.check(text: field.body(in: bytes)) }
            if field.isBytes(3) { _ = try checkedAttribute(field) }
        }
    }

    private mutating func readLink(_ message: WireField) throws(WireFailure) {
        var trace = ProtobufSpan.empty
        var span = ProtobufSpan.empty
        var fields = WireReader(bytes, inside: message)
        while let field = try fields.next() {
            switch (field.number, field.kind) {
            case (1, .bytes): trace = field.body(in: bytes)
            case (2, .bytes): span = field.body(in: bytes)
            case (3, .bytes): draft.check(text: field.body(in: bytes))
            case (4, .bytes): _ = try checkedAttribute(field)
            default: continue
            }
        }
        draft.addLink(trace, span)
    }

    private mutating func readStatus(_ message: WireField) throws(WireFailure) {
        var fields = WireReader(bytes, inside: message)
        while let field = try fields.next() {
            if field.isBytes(2) {
                let text = field.body(in: bytes)
                draft.check(text: text)
                draft.view.status.message = WireText.prefix(text, limit: limits.displayBytes)
            }
            if field.number == 3 && field.kind == .varint {
                draft.view.status.code = Int32(truncatingIfNeeded: field.value)
            }
        }
    }
}
