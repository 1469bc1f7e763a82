// One span in OTLP/JSON: hexadecimal ids, integer enumerations, integers of 64 bits in quotes.
import JSON
import Primitives

/// Reads a span; every fault of a span refuses that span alone.
struct TextSpan {
    private let limits: TelemetryLimits
    private var draft: SpanDraft

    static func read(
        _ span: JSONNode, _ origin: SpanOrigin, _ limits: TelemetryLimits
    ) -> SpanDraft {
        var reader = TextSpan(origin: origin, limits: limits)
        reader.read(span)
        return reader.draft
    }

    private init(origin: SpanOrigin, limits: TelemetryLimits) {
        self.limits = limits
        draft = SpanDraft(origin: origin)
    }

    private mutating func read(_ span: JSONNode) {
        var name: ArraySlice<UInt8> = []
        for (key, value) in span.members where !value.isNull {
            if key.isString("name") {
                expect(value, .string)
                name = value.utf8
            } else {
                read(key, value)
            }
        }
        name.withUnsafeBytes { text in
            draft.view.name = WireText.prefix(text, limit: limits.displayBytes)
            draft.view.facts = draft.collector.facts(name: text, status: draft.view.status.code)
        }
    }

    private mutating func read(_ key: JSONNode, _ value: JSONNode) {
        if key.isString("traceId") {
            id(value)?.withUnsafeBytes { draft.setTraceID($0) }
        } else if key.isString("spanId") {
            id(value)?.withUnsafeBytes { draft.setSpanID($0) }
        } else if key.isString("parentSpanId") {
            id(value)?.withUnsafeBytes { draft.setParent($0) }
        } else if key.isString("kind") {
            draft.view.kind = enumeration(value)
        } else if key.isString("startTimeUnixNano") {
            draft.view.start = time(value)
        } else if key.isString("endTimeUnixNano") {
            draft.view.end = time(value)
        } else if key.isString("attributes") {
            readAttributes(value, areFacts: true)
        } else if key.isString("events") {
            readEvents(value)
        } else if key.isString("links") {
            readLinks(value)
        } else if key.isString("status") {
            readStatus(value)
        }
    }

    private mutating func expect(_ value: JSONNode, _ kind: JSONKind) {
        if value.kind != kind { draft.collector.refuse(.wrongType) }
    }

    /// The bytes of an id; refuses the span where they cannot be read.
    private mutating func id(_ value: JSONNode) -> [UInt8]? {
        expect(value, .string)
        guard let id = TextSpan.hexadecimal(value.utf8) else {
            draft.collector.refuse(.idNotHexadecimal)
            return nil
        }
        return id
    }

    /// Pairs of digits of either case; nil for other text.
    private static func hexadecimal(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        var high: UInt8?
        for digit in text {
            guard let value = Hex.value(of: RoleWords.lower(digit)) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    private mutating func enumeration(_ value: JSONNode) -> Int32 {
        guard value.kind == .number else {
            draft.collector.refuse(.enumerationNotInteger)
            return 0
        }
        guard let number: Int32 = value.integer() else {
            draft.collector.refuse(.invalidInteger)
            return 0
        }
        return number
    }

    private mutating func time(_ value: JSONNode) -> Instant {
        guard let count: UInt64 = TextField.integer(value) else {
            draft.collector.refuse(.invalidInteger)
            return Instant(nanoseconds: 0)
        }
        return Instant(nanoseconds: count)
    }

    private mutating func readAttributes(_ list: JSONNode, areFacts: Bool) {
        expect(list, .array)
        for element in list.elements {
            expect(element, .object)
            if element.range.count > limits.attributeBytes {
                draft.collector.refuse(.attributeTooLarge(element.range.count))
            }
            let attribute = TextAttribute(element)
            if let fault = attribute.fault { draft.collector.refuse(fault) }
            guard areFacts else { continue }
            attribute.forEach { key, value in
                if let key = AttributeTable.shared.find(key) {
                    draft.collector.note(key, value)
                } else {
                    draft.collector.hints.noteKey(key)
                }
            }
        }
    }

    private mutating func readEvents(_ list: JSONNode) {
        expect(list, .array)
        for event in list.elements {
            expect(event, .object)
            if let attributes = event["attributes"], !attributes.isNull {
                readAttributes(attributes, areFacts: false)
            }
        }
    }

    private mutating func readLinks(_ list: JSONNode) {
        expect(list, .array)
        for link in list.elements {
            expect(link, .object)
            let trace = link["traceId"].flatMap { TextSpan.hexadecimal($0.utf8) } ?? []
            let span = link["spanId"].flatMap { TextSpan.hexadecimal($0.utf8) } ?? []
            trace.withUnsafeBytes { trace in
                span.withUnsafeBytes { span in draft.addLink(trace, span) }
            }
            if let attributes = link["attributes"], !attributes.isNull {
                readAttributes(attributes, areFacts: false)
            }
        }
    }

    private mutating func readStatus(_ status: JSONNode) {
        expect(status, .object)
        if let code = status["code"], !code.isNull {
            draft.view.status.code = enumeration(code)
        }
        if let message = status["message"], !message.isNull {
            expect(message, .string)
            draft.view.status.message = message.utf8.withUnsafeBytes {
                WireText.prefix($0, limit: limits.displayBytes)
            }
        }
    }
}
