// `ExportTraceServiceRequest` in OTLP/JSON: walks resources and scopes, and cuts out each span.
import JSON
import Primitives

/// Field names are those of proto3 JSON (lowerCamelCase); unknown ones are ignored and kept.
struct TextTraces {
    private let judge: SpanJudge
    private var request = RequestDraft()

    static func decode(
        _ bytes: [UInt8], now: Instant, limits: TelemetryLimits
    ) throws(TelemetryFailure) -> TraceRequest {
        let root: JSONNode
        do throws(JSONFailure) {
            root = try JSONDocument(bytes, limits: TextField.limits).root
        } catch {
            throw .json(error)
        }
        var decoder = TextTraces(judge: SpanJudge(now: now, limits: limits))
        try decoder.read(root)
        return try decoder.request.result.get()
    }

    private init(judge: SpanJudge) { self.judge = judge }

    private mutating func read(_ root: JSONNode) throws(TelemetryFailure) {
        guard root.kind == .object else { throw .shape("the request is not an object") }
        for message in try TextField.messages(root, "resourceSpans") {
            try resourceSpans(message)
        }
    }

    private mutating func resourceSpans(_ message: JSONNode) throws(TelemetryFailure) {
        var origin = SpanOrigin(collector: FactCollector(limits: judge.limits))
        origin.resource = TextField.members(of: message, without: "scopeSpans")
        if origin.resource.count > judge.limits.originBytes {
            origin.collector.refuse(.originTooLarge)
        }
        if let resource = try TextField.message(message, "resource") {
            for attribute in try TextField.messages(resource, "attributes") {
                TextAttribute(attribute).forEach { key, value in
                    guard let key = AttributeTable.shared.find(key) else { return }
                    origin.collector.noteResource(key, value)
                }
            }
        }
        for scope in try TextField.messages(message, "scopeSpans") {
            try scopeSpans(scope, origin)
        }
    }

    private mutating func scopeSpans(
        _ message: JSONNode, _ resource: SpanOrigin
    ) throws(TelemetryFailure) {
        var origin = resource
        origin.scope = TextField.members(of: message, without: "spans")
        if origin.scope.count > judge.limits.originBytes {
            origin.collector.refuse(.originTooLarge)
        }
        if let name = try TextField.message(message, "scope")?["name"] {
            origin.scopeName = name.utf8.withUnsafeBytes {
                WireText.prefix($0, limit: judge.limits.displayBytes)
            }
        }
        for span in try TextField.messages(message, "spans") {
            let draft = TextSpan.read(span, origin, judge.limits)
            request.take(draft, judge) { TextTraces.payload(of: span, origin) }
        }
    }

    /// One `ResourceSpans` object that holds this span only.
    private static func payload(of span: JSONNode, _ origin: SpanOrigin) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(
            origin.resource.count + origin.scope.count + span.range.count + 40)
        text.append(UInt8(ascii: "{"))
        text.append(contentsOf: origin.resource)
        text.append(contentsOf: #""scopeSpans":[{"#.utf8)
        text.append(contentsOf: origin.scope)
        text.append(contentsOf: #""spans":["#.utf8)
        text.append(contentsOf: span.raw)
        text.append(contentsOf: "]}]}".utf8)
        return text
    }
}

/// Fields of OTLP/JSON messages; `null` stands for an absent field.
enum TextField {
    /// Deep enough for every attribute that the protobuf reader admits: four levels of JSON each.
    static let limits = JSONLimits(depth: 12 + 4 * WireReader.depthLimit)

    /// The object in that field, nil where it is absent.
    static func message(
        _ parent: JSONNode, _ name: String
    ) throws(TelemetryFailure) -> JSONNode? {
        guard let field = parent[name], !field.isNull else { return nil }
        guard field.kind == .object else { throw .shape("\(name) is not an object") }
        return field
    }

    /// The objects in that array, none where it is absent.
    static func messages(
        _ parent: JSONNode, _ name: String
    ) throws(TelemetryFailure) -> JSONElements {
        guard let field = parent[name], !field.isNull else { return parent.elements }
        guard field.kind == .array else { throw .shape("\(name) is not an array") }
        for element in field.elements where element.kind != .object {
            throw .shape("\(name) holds something other than objects")
        }
        return field.elements
    }

    /// The members but one as they were written, each with a comma behind it.
    static func members(of object: JSONNode, without name: String) -> [UInt8] {
        var text: [UInt8] = []
        for (key, value) in object.members where !key.isString(name) {
            text.append(contentsOf: key.raw)
            text.append(UInt8(ascii: ":"))
            text.append(contentsOf: value.raw)
            text.append(UInt8(ascii: ","))
        }
        return text
    }

    /// An integer as a number or as a decimal in quotes, as proto3 JSON allows for 64 bits.
    static func integer<Value: FixedWidthInteger>(
        _ node: JSONNode, as _: Value.Type = Value.self
    ) -> Value? {
        if node.kind == .number { return node.integer() }
        guard let text = node.string, let number = JSONNumber(text) else { return nil }
        return number.integer()
    }

    /// A double as a number, or `NaN`, `Infinity`, `-Infinity` or a decimal in quotes.
    static func double(_ node: JSONNode) -> Double? {
        if let number = node.number { return number.double ?? .infinity }
        guard let text = node.string else { return nil }
        switch text {
        case "NaN": return .nan
        case "Infinity": return .infinity
        case "-Infinity": return -.infinity
        default: return JSONNumber(text)?.double
        }
    }
}
