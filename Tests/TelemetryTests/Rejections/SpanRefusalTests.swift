// Spans that are refused alone, each for its fault.
import Primitives
import Testing

@testable import Telemetry

@Suite struct SpanRefusalTests {
    private func reason(_ text: [UInt8]) throws -> SpanRefusal.Reason? {
        let request = try Samples.decode(text)
        #expect(request.spans.count + request.refusals.count == 1)
        return request.refusals.first?.reason
    }

    private func wireReason(_ bytes: [UInt8]) throws -> SpanRefusal.Reason? {
        try TraceRequest.decode(bytes, format: .protobuf, now: sampleNow).refusals.first?.reason
    }

    @Test func theSampleItselfIsAccepted() throws {
        #expect(try reason(Samples.text()) == nil)
        #expect(try wireReason(Samples.protobuf()) == nil)
    }

    @Test(arguments: [
        ("traceId", "\"5b8e\"", SpanRefusal.Reason.traceIDLength(2)),
        ("traceId", "\"\"", .traceIDLength(0)),
        ("traceId", "\"00000000000000000000000000000000\"", .traceIDZero),
        ("traceId", nil, .traceIDZero),
        ("traceId", "\"5b8efff798038103d269b633813fc60\"", .idNotHexadecimal),
        ("traceId", "\"W4/8mAOBA9JptjOBP8YMAA==\"", .idNotHexadecimal),
        ("traceId", "5", .wrongType),
        ("spanId", "\"eee19b7ec3c1b1\"", .spanIDLength(7)),
        ("spanId", "\"0000000000000000\"", .spanIDZero), ("spanId", nil, .spanIDZero),
        ("parentSpanId", "\"ee\"", .parentIDLength(1)),
        ("endTimeUnixNano", "\"1789999999999999999\"", .endsBeforeStart),
        ("endTimeUnixNano", "\"1796083800000000001\"", .timeOutOfRange),
        ("startTimeUnixNano", "\"946684799999999999\"", .timeOutOfRange),
        ("startTimeUnixNano", nil, .timeOutOfRange),
        ("startTimeUnixNano", "\"-1\"", .invalidInteger),
        ("startTimeUnixNano", "\"18446744073709551616\"", .invalidInteger),
        ("startTimeUnixNano", "1.5", .invalidInteger), ("startTimeUnixNano", "{}", .invalidInteger),
        ("kind", "\"SPAN_KIND_CLIENT\"", .enumerationNotInteger),
        ("kind", "99999999999", .invalidInteger),
        ("status", #"{"code":"STATUS_CODE_ERROR"}"#, .enumerationNotInteger),
        ("name", "5", .wrongType), ("attributes", "{}", .wrongType),
        ("attributes", "[5]", .wrongType),
        ("status", "[]", .wrongType), ("links", "5", .wrongType), ("events", "[\"x\"]", .wrongType),
    ] as [(String, String?, SpanRefusal.Reason)])
    func members(name: String, value: String?, expected: SpanRefusal.Reason) throws {
        #expect(try reason(Samples.text([name: value])) == expected)
    }

    @Test(arguments: [
        ("gen_ai.usage.input_tokens", #"{"intValue":"-1"}"#, SpanRefusal.Reason.negativeTokens),
        ("gen_ai.usage.output_tokens", #"{"doubleValue":-0.5}"#, .negativeTokens),
        ("gen_ai.usage.prompt_tokens", #"{"stringValue":"-5"}"#, .negativeTokens),
        ("gen_ai.usage.input_tokens", #"{"intValue":"9223372036854775807"}"#, .tokensOutOfRange),
        ("gen_ai.usage.input_tokens", #"{"intValue":"1099511627777"}"#, .tokensOutOfRange),
        ("gen_ai.usage.input_tokens", #"{"doubleValue":1.5}"#, .tokensOutOfRange),
        ("gen_ai.usage.input_tokens", #"{"doubleValue":"NaN"}"#, .tokensOutOfRange),
        ("gen_ai.usage.input_tokens", #"{"stringValue":"99999999999999999999"}"#,
            .tokensOutOfRange),
        ("gen_ai.usage.input_tokens", #"{"intValue":"9223372036854775808"}"#, .invalidInteger),
        ("x", #"{"intValue":"abc"}"#, .invalidInteger),
        ("x", #"{"intValue":true}"#, .invalidInteger),
        ("x", #"{"stringValue":5}"#, .wrongType), ("x", #"{"doubleValue":"x"}"#, .wrongType),
        ("x", #"{"boolValue":"true"}"#, .wrongType), ("x", #"{"arrayValue":[]}"#, .wrongType),
        ("gen_ai.usage.cost", #"{"doubleValue":-0.1}"#, .costOutOfRange),
        ("gen_ai.usage.cost", #"{"doubleValue":"Infinity"}"#, .costOutOfRange),
        ("gen_ai.usage.cost", #"{"doubleValue":1e300}"#, .costOutOfRange),
        ("gen_ai.usage.cost", #"{"intValue":"1000000001"}"#, .costOutOfRange),
        ("gen_ai.usage.cost", #"{"stringValue":"cheap"}"#, .costOutOfRange),
        ("process.cpu.time", #"{"doubleValue":-1}"#, .usageOutOfRange),
        ("process.memory.usage", #"{"intValue":"-1"}"#, .usageOutOfRange),
    ])
    func attributes(key: String, value: String, expected: SpanRefusal.Reason) throws {
        let attribute = #"{"key":"\#(key)","value":\#(value)}"#
        #expect(try reason(Samples.text(attributes: attribute)) == expected)
    }

    @Test func limitsAreInclusive() throws {
        let tokens = #"{"key":"gen_ai.usage.input_tokens","value":{"intValue":"1099511627776"}}"#
        #expect(try reason(Samples.text(attributes: tokens)) == nil)
        #expect(try reason(Samples.text(["endTimeUnixNano": "\"1796083800000000000\""])) == nil)
        #expect(try reason(Samples.text([
            "startTimeUnixNano": "\"946684800000000000\"",
            "endTimeUnixNano": "946684800000000000",
        ])) == nil)
    }

    @Test func idsInUpperCaseAreAccepted() throws {
        let request = try Samples.decode(Samples.text(["spanId": "\"EEE19B7EC3C1B174\""]))
        #expect(request.spans.first?.spanID.hex == "eee19b7ec3c1b174")
    }

    @Test(arguments: [15, 17, 0, 32])
    func traceIDsOfOtherLengths(count: Int) throws {
        let id = [UInt8](repeating: 1, count: count)
        #expect(try wireReason(Samples.protobuf(traceID: id)) == .traceIDLength(count))
    }

    @Test func invalidUTF8IsRefusedWhereverItStands() throws {
        let bad: [UInt8] = [0x61, 0xFF]
        let value = Samples.nested([1], bad)
        let places = [
            Samples.nested([5], bad), Samples.nested([3], bad),
            Samples.attribute(bad, value: []),
            Samples.attribute([0x61], value: value),
            Samples.attribute([0x61], value: Samples.nested([5, 1], value)),
            Samples.attribute([0x61], value: Samples.nested([6, 1, 2], value)),
            Samples.nested([11, 2], bad), Samples.nested([15, 2], bad),
        ]
        for place in places {
            #expect(try wireReason(Samples.protobuf(extra: place)) == .invalidText)
        }
    }

    @Test func attributesOfAMegabyte() throws {
        let big = String(repeating: "x", count: 1 << 20)
        let text = #"{"key":"gen_ai.input.messages","value":{"stringValue":"\#(big)"}}"#
        guard case .attributeTooLarge = try reason(Samples.text(attributes: text)) else {
            Issue.record("an attribute over the limit was accepted")
            return
        }
        let value = Samples.nested([1], Array(big.utf8))
        let wire = Samples.protobuf(extra: Samples.attribute([0x61], value: value))
        guard case .attributeTooLarge = try wireReason(wire) else {
            Issue.record("an attribute over the limit was accepted")
            return
        }
        let fits = Samples.nested([1], Array(big.utf8.dropLast(16)))
        let sound = Samples.protobuf(extra: Samples.attribute([0x61], value: fits))
        #expect(try wireReason(sound) == nil)
    }

    @Test func spansOverThePayloadLimit() throws {
        let value = Samples.nested([1], [UInt8](repeating: 0x61, count: 1_000_000))
        let one = Samples.attribute([0x61], value: value)
        let wire = Samples.protobuf(extra: one + one + one + one + one)
        guard case .payloadTooLarge = try wireReason(wire) else {
            Issue.record("a payload over the limit was accepted")
            return
        }
    }

    @Test func resourcesOverTheLimit() throws {
        let big = String(repeating: "x", count: 65_536)
        let text = String(decoding: Samples.text(), as: UTF8.self).replacing(
            #"{"scopeSpans""#, with: #"{"schemaUrl":"\#(big)","scopeSpans""#)
        #expect(try reason(Array(text.utf8)) == .originTooLarge)
    }

    @Test func agentNamesOverTheLimit() throws {
        let name = String(repeating: "x", count: 257)
        let attribute = #"{"key":"gen_ai.agent.name","value":{"stringValue":"\#(name)"}}"#
        #expect(try reason(Samples.text(attributes: attribute)) == .agentNameTooLong)
    }

    @Test func goodSpansBesideBadOnesAreAccepted() throws {
        let good = String(decoding: Samples.text(), as: UTF8.self)
        let span = good.dropFirst(#"{"resourceSpans":[{"scopeSpans":[{"spans":["#.count)
            .dropLast("]}]}]}".count)
        let bad = span.replacing("\"eee19b7ec3c1b174\"", with: "\"\"")
        let request = try Samples.decode(
            Array(good.replacing(span, with: "\(span),\(bad),\(span),\(bad)").utf8))
        #expect(request.spans.map(\.index) == [0, 2])
        #expect(request.refusals.map(\.index) == [1, 3])
        #expect(
            request.refusalMessage
                == "span 1: span id of 0 bytes instead of 8; "
                + "span 3: span id of 0 bytes instead of 8")
    }
}
