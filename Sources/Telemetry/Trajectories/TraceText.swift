// One trace as an OTLP/JSON export request, built span by span.
import Cryptography
import JSON
import Primitives

/// A value of an attribute.
enum AttributeText {
    case text(String)
    case integer(Int64)
    case double(Double)
    case flag(Bool)
    case texts([String])

    func write(to writer: inout JSONWriter) {
        writer.object {
            switch self {
            case .text(let text): $0.member("stringValue", text)
            case .integer(let count): $0.member("intValue", quoted: count)
            case .double(let number):
                $0.key("doubleValue")
                $0.write(JSONNumber(number) ?? JSONNumber(0))
            case .flag(let flag): $0.member("boolValue", flag)
            case .texts(let texts):
                $0.key("arrayValue")
                $0.object {
                    $0.key("values")
                    $0.array {
                        for text in texts { $0.object { $0.member("stringValue", text) } }
                    }
                }
            }
        }
    }
}

/// A span of a trace; its parent is the root unless it is the root.
struct SpanText {
    var name: String
    var kind: Int32 = 1
    var start: Instant
    var end: Instant
    var attributes: [(key: String, value: AttributeText)] = []
    var error: String?

    init(_ name: String, from start: Instant, to end: Instant) {
        self.name = name
        self.start = start
        self.end = max(start, end)
    }

    mutating func set(_ key: String, _ value: AttributeText) { attributes.append((key, value)) }

    mutating func set(_ key: String, ifPresent text: String?) {
        if let text, !text.isEmpty { set(key, .text(text)) }
    }

    mutating func set(_ key: String, ifPresent count: Int64?) {
        if let count { set(key, .integer(count)) }
    }
}

/// The trace of one run; the first span is the root.
struct TraceText {
    var service: String
    private let traceID: RunID
    private(set) var spans: [SpanText]

    /// The id of the trace of a run: of the digest of its text without white space.
    static func traceID(of run: JSONNode) -> RunID {
        let digest = BLAKE3.hash(run.value.text())
        return withUnsafeBytes(of: digest) { RunID(loading: $0) }
    }

    init(service: String, traceID: RunID, root: SpanText) {
        self.service = service
        self.traceID = traceID
        spans = [root]
    }

    mutating func append(_ span: SpanText) { spans.append(span) }

    private func spanID(_ number: Int) -> String {
        var writer = ByteWriter()
        writer.write(traceID)
        writer.write(UInt64(number))
        return Hex.encode(BLAKE3.hash(writer.bytes).bytes.prefix(OperationID.width))
    }

    /// The `ExportTraceServiceRequest`.
    var request: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.key("resourceSpans")
            $0.array { $0.object { writeResource(to: &$0) } }
        }
        return writer.bytes
    }

    private func writeResource(to writer: inout JSONWriter) {
        writer.key("resource")
        writer.object {
            $0.key("attributes")
            TraceText.write([("service.name", .text(service))], to: &$0)
        }
        writer.key("scopeSpans")
        writer.array {
            $0.object {
                $0.key("scope")
                $0.object { $0.member("name", "althing.import") }
                $0.key("spans")
                $0.array {
                    for number in spans.indices { write(number, to: &$0) }
                }
            }
        }
    }

    private func write(_ number: Int, to writer: inout JSONWriter) {
        let span = spans[number]
        writer.object {
            $0.member("traceId", traceID.hex)
            $0.member("spanId", spanID(number))
            if number > 0 { $0.member("parentSpanId", spanID(0)) }
            $0.member("name", span.name)
            $0.member("kind", span.kind)
            $0.member("startTimeUnixNano", quoted: span.start.nanoseconds)
            $0.member("endTimeUnixNano", quoted: span.end.nanoseconds)
            $0.key("attributes")
            TraceText.write(span.attributes, to: &$0)
            $0.key("status")
            $0.object {
                $0.member("code", span.error == nil ? 1 : 2)
                $0.member("message", ifPresent: span.error)
            }
        }
    }

    private static func write(
        _ attributes: [(key: String, value: AttributeText)], to writer: inout JSONWriter
    ) {
        writer.array {
            for (key, value) in attributes {
                $0.object {
                    $0.member("key", key)
                    $0.key("value")
                    value.write(to: &$0)
                }
            }
        }
    }
}
