// Export requests made by hand: a few spans in OTLP/JSON, each member of which a test may replace.
import JSON
import Platform
import Primitives

/// One span in OTLP/JSON.
struct SpanSample {
    var members: [JSONMember]

    /// A second before the tests began; span `number` starts so many nanoseconds later.
    private static let base = SystemClock().now().nanoseconds - 1_000_000_000

    /// Span `number` of run `run`.
    init(run: UInt8 = 1, _ number: UInt8, caller: UInt8 = 0, name: String = "step") {
        let start = Self.base + UInt64(number)
        members = [
            JSONMember("traceId", .string(SpanSample.trace(run))),
            JSONMember("spanId", .string(SpanSample.span(number))),
            JSONMember("name", .string(name)),
            JSONMember("kind", .integer(1)),
            JSONMember("startTimeUnixNano", .string(String(start))),
            JSONMember("endTimeUnixNano", .string(String(start + 1_000))),
            JSONMember("attributes", .array([])),
        ]
        if caller > 0 {
            members.append(JSONMember("parentSpanId", .string(SpanSample.span(caller))))
        }
    }

    static func trace(_ run: UInt8) -> String { Hex.encode([UInt8](repeating: run, count: 16)) }
    static func span(_ number: UInt8) -> String { Hex.encode([UInt8](repeating: number, count: 8)) }

    /// The same with one member replaced or added.
    func with(_ key: String, _ value: JSONValue) -> SpanSample {
        var span = self
        span.members.removeAll { $0.key == key }
        span.members.append(JSONMember(key, value))
        return span
    }

    /// The same with an attribute more.
    func attribute(_ key: String, _ kind: String, _ value: JSONValue) -> SpanSample {
        let attributes = members.first { $0.key == "attributes" }?.value.array ?? []
        let added = JSONValue.object([
            JSONMember("key", .string(key)),
            JSONMember("value", .object([JSONMember(kind, value)])),
        ])
        return with("attributes", .array(attributes + [added]))
    }

    /// A model call of so many tokens.
    func modelCall(input: Int, output: Int) -> SpanSample {
        attribute("gen_ai.operation.name", "stringValue", .string("chat"))
            .attribute("gen_ai.request.model", "stringValue", .string("model-x"))
            .attribute("gen_ai.provider.name", "stringValue", .string("provider-y"))
            .attribute("gen_ai.usage.input_tokens", "intValue", .string(String(input)))
            .attribute("gen_ai.usage.output_tokens", "intValue", .string(String(output)))
    }
}

/// A request with one resource and one scope.
struct ExportSample {
    var spans: [SpanSample]
    var agent = "alpha"

    init(_ spans: SpanSample..., agent: String = "alpha") {
        self.spans = spans
        self.agent = agent
    }

    var json: [UInt8] {
        let service = JSONValue.object([
            JSONMember("key", .string("service.name")),
            JSONMember("value", .object([JSONMember("stringValue", .string(agent))])),
        ])
        let resource = JSONValue.object([JSONMember("attributes", .array([service]))])
        let scope = JSONValue.object([
            JSONMember("spans", .array(spans.map { .object($0.members) }))
        ])
        let entry = JSONValue.object([
            JSONMember("resource", resource), JSONMember("scopeSpans", .array([scope])),
        ])
        return JSONValue.object([JSONMember("resourceSpans", .array([entry]))]).text()
    }
}

/// Protobuf by hand: a field of bytes, and a field of eight of them.
enum Proto {
    static func bytes(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length = content.count
        var prefix: [UInt8] = []
        repeat {
            prefix.append(UInt8(length & 127) | (length > 127 ? 128 : 0))
            length >>= 7
        } while length > 0
        return [number << 3 | 2] + prefix + content
    }

    static func fixed64(_ number: UInt8, _ value: UInt64) -> [UInt8] {
        [number << 3 | 1] + withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// An `ExportTraceServiceRequest` of one span.
    static func request(trace: [UInt8], span: [UInt8], name: String = "step") -> [UInt8] {
        let now = SystemClock().now().nanoseconds
        let content = bytes(1, trace) + bytes(2, span) + bytes(5, Array(name.utf8))
            + fixed64(7, now - 1_000) + fixed64(8, now)
        return bytes(1, bytes(2, bytes(2, content)))
    }
}
