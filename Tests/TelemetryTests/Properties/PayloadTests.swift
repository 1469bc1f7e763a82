// Payloads give the very bytes back that came in, fields that nobody knows included.
import JSON
import Primitives
import Testing

@testable import Telemetry

@Suite struct PayloadTests {
    @Test func protobufKeepsUnknownFieldsEverywhere() throws {
        let unknown: [UInt8] = [0xFA, 0x3E, 0x03, 0x01, 0x02, 0x03]
        let spanFields = Samples.nested([1], Array(1...16)) + Samples.nested([2], Array(1...8))
        let times = Samples.protobuf().suffix(18)
        let span = spanFields + times + unknown
        let scope = Samples.nested([1], Samples.nested([1], [0x73]) + unknown)
        let resource = Samples.nested([1], unknown)
        let scopeSpans = scope + unknown + Samples.nested([2], span) + Samples.nested([3], [0x75])
        let message = resource + Samples.nested([2], scopeSpans) + unknown
        let request = try TraceRequest.decode(
            Samples.nested([1], message), format: .protobuf, now: sampleNow)
        let payload = try #require(request.spans.first).payload
        let inner = scope + unknown + Samples.nested([3], [0x75]) + Samples.nested([2], span)
        #expect(payload == resource + unknown + Samples.nested([2], inner))
        #expect(Payload.format(of: payload) == .protobuf)
        #expect(try Payload.span(payload).spanID == request.spans[0].spanID)
    }

    @Test func jsonKeepsTheTextOfEveryPart() throws {
        let span = String(decoding: Samples.text(["future": "[1.0, 2e3 ]"]), as: UTF8.self)
        let text = span.replacing(
            #"{"scopeSpans":[{"spans""#,
            with: #"{"resource": {"x": 1 }, "scopeSpans": [{"scope": {"name": "s" },"spans""#)
        let request = try Samples.decode(Array(text.utf8))
        let payload = try #require(request.spans.first).payload
        let stored = String(decoding: payload, as: UTF8.self)
        #expect(stored.hasPrefix(#"{"resource":{"x": 1 },"scopeSpans":[{"scope":{"name": "s" },"#))
        #expect(stored.contains(#""future":[1.0, 2e3 ]"#))
        #expect(Payload.format(of: payload) == .json)
        #expect(try JSONDocument(payload).root["resource"]?.raw.count == 9)
    }

    @Test func requestsOfPayloadsHoldAllSpans() throws {
        for (name, format) in [("traces.hex", TelemetryFormat.protobuf), ("traces.json", .json)] {
            let request = try TraceRequest.decode(
                Samples.vector(name), format: format, now: sampleNow)
            let joined = try #require(Payload.exportRequest(request.spans.map(\.payload)))
            #expect(joined.format == format)
            let again = try TraceRequest.decode(joined.bytes, format: format, now: sampleNow)
            #expect(again == request)
        }
    }

    @Test func payloadsOfBothFormatsJoinAsTextOnly() throws {
        let wire = try TraceRequest.decode(Samples.protobuf(), format: .protobuf, now: sampleNow)
        let text = try Samples.decode(Samples.text())
        let mixed = [wire.spans[0].payload, text.spans[0].payload]
        #expect(Payload.exportRequest(mixed) == nil)
        #expect(try Samples.decode(Payload.exportText(mixed)).spans.count == 2)
    }

    @Test func aPayloadOfSeveralSpansIsRefused() throws {
        let payload = try Samples.vector("traces.json")
        #expect(throws: TelemetryFailure.self) { try Payload.span(payload) }
    }
}
