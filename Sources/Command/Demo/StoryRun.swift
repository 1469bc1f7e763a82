// What the winner of the demonstration's story recorded of its work: one run as OTLP/JSON.
import Cryptography
import JSON
import Primitives

/// A run of three spans: the agent, a call of a model, and a call of a tool.
struct StoryRun {
    let agent: String
    /// The task of the ledger that it is for, as 64 digits.
    let task: String
    let start: Instant

    private static let domain = HashDomain("althing 2026 demo run v1")

    /// One line of a recording.
    var request: [UInt8] {
        let spans = [
            span(1, of: 0, "invoke_agent \(agent)", "invoke_agent", 0...900, []),
            span(
                2, of: 1, "chat gpt-6-mini", "chat", 20...500,
                [
                    ("gen_ai.request.model", .string("gpt-6-mini")),
                    ("gen_ai.usage.input_tokens", .string("412")),
                    ("gen_ai.usage.output_tokens", .string("38")),
                ]),
            span(
                3, of: 1, "execute_tool sum", "execute_tool", 510...890,
                [("gen_ai.tool.name", .string("sum"))]),
        ]
        let scope = JSONValue.object([JSONMember("spans", .array(spans))])
        let resource = JSONValue.object([
            JSONMember("resource", .object([JSONMember("attributes", .array([]))])),
            JSONMember("scopeSpans", .array([scope])),
        ])
        return JSONValue.object([JSONMember("resourceSpans", .array([resource]))]).text() + [0x0A]
    }

    /// - Parameter milliseconds: from the start of the run.
    private func span(
        _ number: UInt8, of parent: UInt8, _ name: String, _ operation: String,
        _ milliseconds: ClosedRange<UInt64>, _ more: [(String, JSONValue)]
    ) -> JSONValue {
        func time(_ value: UInt64) -> JSONValue {
            let span = value * Nanoseconds.perMillisecond
            return .string(String(start.advanced(byNanoseconds: span).nanoseconds))
        }
        let texts = [
            ("gen_ai.operation.name", operation), ("gen_ai.agent.name", agent), ("task.id", task),
        ]
        let attributes = texts.map { Self.attribute($0.0, "stringValue", .string($0.1)) }
            + more.map { key, value in
                Self.attribute(key, key.contains("tokens") ? "intValue" : "stringValue", value)
            }
        var members = [
            JSONMember("traceId", .string(identifier(0, width: 16))),
            JSONMember("spanId", .string(identifier(number, width: 8))),
            JSONMember("name", .string(name)), JSONMember("kind", .integer(1)),
            JSONMember("startTimeUnixNano", time(milliseconds.lowerBound)),
            JSONMember("endTimeUnixNano", time(milliseconds.upperBound)),
            JSONMember("attributes", .array(attributes)),
        ]
        if parent > 0 {
            members.append(JSONMember("parentSpanId", .string(identifier(parent, width: 8))))
        }
        return .object(members)
    }

    private static func attribute(
        _ key: String, _ kind: String, _ value: JSONValue
    ) -> JSONValue {
        .object([
            JSONMember("key", .string(key)),
            JSONMember("value", .object([JSONMember(kind, value)])),
        ])
    }

    private func identifier(_ number: UInt8, width: Int) -> String {
        Hex.encode(Self.domain.hash(Array(task.utf8) + [number]).bytes.prefix(width))
    }
}
