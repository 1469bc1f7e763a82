// OTLP export requests for benchmarks: 512 spans as the Python SDK's exporter sends them, with ids
// of their own.
import Primitives

/// One export request in protobuf whose ids and times can be made new.
struct SpanWorkload {
    /// Spans in a request: the default of the SDKs' batch processor.
    static let spansPerRequest = 512
    /// Spans in one trace, all of one agent.
    private static let spansPerTrace = 8

    private var bytes: [UInt8]
    /// Places of the 16-byte trace ids and 8-byte span ids, with the span each belongs to.
    private var traces: [(place: Int, span: Int)] = []
    private var spans: [(place: Int, span: Int)] = []
    private var messages: [Int] = []

    /// - Parameter start: the start of the spans, nanoseconds since 1970.
    init(start: UInt64) {
        var scope = Wire()
        scope.string(1, "opentelemetry.instrumentation.openai_v2")
        var scopeSpans = Wire()
        scopeSpans.message(1, scope)
        for number in 0..<Self.spansPerRequest {
            scopeSpans.message(2, Self.span(number, start: start))
        }
        var resource = Wire()
        for (key, value) in [
            ("telemetry.sdk.language", "python"), ("telemetry.sdk.name", "opentelemetry"),
            ("telemetry.sdk.version", "1.45.2"), ("service.name", "bench-agents"),
        ] {
            resource.attribute(1, key, value)
        }
        var resourceSpans = Wire()
        resourceSpans.message(1, resource)
        resourceSpans.message(2, scopeSpans)
        var request = Wire()
        request.message(1, resourceSpans)
        bytes = request.bytes
        findIDs()
    }

    private static func traceMark(_ span: Int) -> [UInt8] {
        mark(0xA5, UInt64(span / spansPerTrace)) + mark(0x5A, UInt64(span / spansPerTrace))
    }

    private static func mark(_ first: UInt8, _ number: UInt64) -> [UInt8] {
        [first] + withUnsafeBytes(of: number.bigEndian) { Array($0.dropFirst()) }
    }

    /// A model call as a real instrumentation describes it, about 850 bytes.
    private static func span(_ number: Int, start: UInt64) -> Wire {
        let isRoot = number % spansPerTrace == spansPerTrace - 1
        let root = number - number % spansPerTrace + spansPerTrace - 1
        var span = Wire()
        span.bytes(1, traceMark(number))
        span.bytes(2, mark(0xC3, UInt64(number)))
        if !isRoot { span.bytes(4, mark(0xC3, UInt64(root))) }
        span.string(5, isRoot ? "invoke_agent planner" : "chat gpt-4o-mini")
        span.varint(6, 3)
        span.fixed64(7, start + UInt64(number) * 1_000)
        span.fixed64(8, start + UInt64(number) * 1_000 + 850_000_000)
        span.attribute(9, "gen_ai.operation.name", isRoot ? "invoke_agent" : "chat")
        span.attribute(9, "gen_ai.agent.name", "agent \(number / spansPerTrace % 16)")
        span.attribute(9, "gen_ai.provider.name", "openai")
        span.attribute(9, "gen_ai.request.model", "gpt-4o-mini")
        span.attribute(9, "gen_ai.response.model", "gpt-4o-mini-2024-07-18")
        span.attribute(9, "gen_ai.response.id", "chatcmpl-\(number * 7919)")
        span.attribute(9, "server.address", "api.example.com")
        span.attribute(9, "gen_ai.usage.input_tokens", UInt64(1_200 + number))
        span.attribute(9, "gen_ai.usage.output_tokens", UInt64(180 + number % 50))
        let question = "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Step "
        span.attribute(
            9, "gen_ai.input.messages",
            question + "\(number): find the open orders of customer \(number * 31) and say "
                + "which of them are late, by how many days, and what was promised.\"}]}]")
        span.attribute(
            9, "gen_ai.output.messages",
            "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Customer "
                + "\(number * 31) has \(number % 7) open orders.\"}],\"finish_reason\":\"stop\"}]")
        return span
    }

    /// The marks stand at known widths after their field's tag and length.
    private mutating func findIDs() {
        for place in 2..<bytes.count - 8 {
            let (tag, length) = (bytes[place - 2], bytes[place - 1])
            if tag == 0x0A, length == 16, bytes[place] == 0xA5 {
                traces.append((place, traces.count))
            } else if tag == 0x12 || tag == 0x22, length == 8, bytes[place] == 0xC3 {
                let number = bytes[place + 1..<place + 8].reduce(0) { $0 << 8 | Int($1) }
                spans.append((place, number))
            }
        }
    }

    /// The request with ids that belong to `number` alone.
    func request(_ number: UInt64) -> [UInt8] {
        var copy = bytes
        renumber(&copy, from: 0, number)
        return copy
    }

    /// Gives the request that begins at `start` of a message the ids of `number`: what a sender
    /// does to send again from memory.
    func renumber(_ message: inout [UInt8], from start: Int, _ number: UInt64) {
        message.withUnsafeMutableBytes { raw in
            for (place, span) in traces {
                let trace = number << 16 | UInt64(span / Self.spansPerTrace)
                raw.storeBytes(
                    of: trace.bigEndian, toByteOffset: start + place + 8, as: UInt64.self)
            }
            for (place, span) in spans {
                let id = (number << 16 | UInt64(span)) &* 0x9E37_79B9_7F4A_7C15 | 1
                raw.storeBytes(of: id, toByteOffset: start + place, as: UInt64.self)
            }
        }
    }
}

/// The little of the protobuf wire format that a request needs.
private struct Wire {
    private(set) var bytes: [UInt8] = []

    private mutating func raw(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func varint(_ field: UInt64, _ value: UInt64) {
        raw(field << 3)
        raw(value)
    }

    mutating func fixed64(_ field: UInt64, _ value: UInt64) {
        raw(field << 3 | 1)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func bytes(_ field: UInt64, _ value: [UInt8]) {
        raw(field << 3 | 2)
        raw(UInt64(value.count))
        bytes += value
    }

    mutating func string(_ field: UInt64, _ value: String) { bytes(field, Array(value.utf8)) }
    mutating func message(_ field: UInt64, _ value: Wire) { bytes(field, value.bytes) }

    /// A KeyValue with a string.
    mutating func attribute(_ field: UInt64, _ key: String, _ value: String) {
        var any = Wire()
        any.string(1, value)
        pair(field, key, any)
    }

    /// A KeyValue with an integer.
    mutating func attribute(_ field: UInt64, _ key: String, _ value: UInt64) {
        var any = Wire()
        any.varint(3, value)
        pair(field, key, any)
    }

    private mutating func pair(_ field: UInt64, _ key: String, _ value: Wire) {
        var pair = Wire()
        pair.string(1, key)
        pair.message(2, value)
        message(field, pair)
    }
}
