// The same spans in protobuf and in JSON say the same.
import JSON
import Primitives
import TestSupport
import Testing

@testable import Telemetry

@Suite struct FormatTests {
    private func bare(_ request: TraceRequest) -> [SpanView] {
        request.spans.map { span in
            var copy = span
            copy.payload = []
            return copy
        }
    }

    @Test func vectorsSayTheSame() throws {
        let text = try Samples.decode(Samples.vector("traces.json"))
        let wire = try TraceRequest.decode(
            Samples.vector("traces.hex"), format: .protobuf, now: sampleNow)
        #expect(text.spans.count == 8)
        #expect(text.refusals.isEmpty && wire.refusals.isEmpty)
        #expect(bare(text) == bare(wire))
    }

    @Test func protobufPayloadsShownAsTextSayTheSame() throws {
        let wire = try TraceRequest.decode(
            Samples.vector("traces.hex"), format: .protobuf, now: sampleNow)
        let text = try Payload.exportText(wire.spans.map(\.payload))
        #expect(bare(try Samples.decode(text)) == bare(wire))
        let shown = try JSONValue(parsing: text)
        let nested = shown["resourceSpans"]?[1]?["scopeSpans"]?[0]?["spans"]?[0]?["attributes"]
        let value = nested?.array?.last?["value"]?["kvlistValue"]?["values"]?[0]
        #expect(value?["key"]?.string == "deep")
        let elements = value?["value"]?["arrayValue"]?["values"]
        #expect(elements?[1]?["intValue"]?.string == "-5")
        #expect(elements?[3]?["bytesValue"]?.string == "AAECAw==")
    }

    /// Writes random attributes in both formats.
    private func randomAttribute(
        _ generator: inout SeededGenerator
    ) -> (text: String, wire: [UInt8]) {
        let keys = [
            "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.operation.name",
            "gen_ai.usage.cost", "error.type", "other", "gen_ai.agent.name", "session.id",
            "gen_ai.response.finish_reasons", "llm.token_count.prompt", "gen_ai.memory.store.id",
        ]
        let key = keys[Int.random(in: 0..<keys.count, using: &generator)]
        var value = WireWriter()
        let text: String
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            let number = Int64.random(in: 1..<1_000_000, using: &generator)
            value.field(3, varint: UInt64(number))
            let quote = Bool.random(using: &generator) ? "\"" : ""
            text = #"{"intValue":\#(quote)\#(number)\#(quote)}"#
        case 1:
            let words = ["chat", "length", "12", "Grüße", "a b", "execute_tool", "0.5"]
            let word = words[Int.random(in: 0..<words.count, using: &generator)]
            value.field(1, text: word)
            text = #"{"stringValue":"\#(word)"}"#
        case 2:
            let number = Double(Int.random(in: 0..<1 << 40, using: &generator)) / 1e6
            value.varint(4 << 3 | 1)
            withUnsafeBytes(of: number.bitPattern.littleEndian) { value.append(Array($0)) }
            text = #"{"doubleValue":\#(number)}"#
        default:
            value.field(2, varint: 1)
            text = #"{"boolValue":true}"#
        }
        return (
            #"{"key":"\#(key)","value":\#(text)}"#,
            Samples.attribute(Array(key.utf8), value: value.bytes)
        )
    }

    @Test(arguments: propertySeeds)
    func randomAttributesSayTheSame(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            let attributes = (0..<Int.random(in: 0..<8, using: &generator)).map { _ in
                randomAttribute(&generator)
            }
            let ids: [String: String?] = [
                "traceId": "\"0102030405060708090a0b0c0d0e0f10\"",
                "spanId": "\"0102030405060708\"",
            ]
            let text = try Samples.decode(
                Samples.text(ids, attributes: attributes.map(\.text).joined(separator: ",")))
            let wire = try TraceRequest.decode(
                Samples.protobuf(extra: attributes.flatMap(\.wire)), format: .protobuf,
                now: sampleNow)
            #expect(bare(text) == bare(wire), "seed \(seed)")
            #expect(text.refusals == wire.refusals, "seed \(seed)")
        }
    }
}
