// Requests that are refused as a whole.
import JSON
import Primitives
import Testing

@testable import Telemetry

@Suite struct RequestFailureTests {
    private func failure(
        _ bytes: [UInt8], _ format: TelemetryFormat,
        _ limits: TelemetryLimits = TelemetryLimits()
    ) -> TelemetryFailure? {
        do throws(TelemetryFailure) {
            _ = try TraceRequest.decode(bytes, format: format, now: sampleNow, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ([0x0A, 0x05, 0x00], WireFailure.Reason.truncated, 0), ([0x0A], .truncated, 1),
        ([0x80], .truncated, 0), ([0x0D, 0, 0, 0], .truncated, 0), ([0x09, 0], .truncated, 0),
        ([0x00, 0x00], .invalidTag, 0), ([0x0E], .invalidTag, 0), ([0x0F], .invalidTag, 0),
        ([0x80, 0x80, 0x80, 0x80, 0x10, 0], .invalidTag, 0), ([0x0B, 0x0C], .group, 0),
        ([0x0C], .group, 0),
        ([0x08] + [UInt8](repeating: 0xFF, count: 10) + [0x01], .varintTooLong, 1),
        ([0x08] + [UInt8](repeating: 0x80, count: 9) + [0x02], .varintTooLong, 1),
        ([0x0A, 0x02, 0x12, 0x05], .truncated, 2),
        ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], .truncated, 0),
    ])
    func brokenProtobuf(bytes: [UInt8], reason: WireFailure.Reason, offset: Int) {
        let expected = WireFailure(reason: reason, offset: offset)
        #expect(failure(bytes, .protobuf) == .protobuf(expected))
    }

    @Test func valuesNestedTooDeep() {
        var value = Samples.nested([1], [0x61])
        for _ in 0..<31 { value = Samples.nested([5, 1], value) }
        let deep = Samples.protobuf(extra: Samples.attribute([0x61], value: value))
        #expect(failure(deep, .protobuf) == nil)
        value = Samples.nested([5, 1], value)
        let tooDeep = Samples.protobuf(extra: Samples.attribute([0x61], value: value))
        guard case .protobuf(let reason) = failure(tooDeep, .protobuf) else {
            Issue.record("values nested too deep were accepted")
            return
        }
        #expect(reason.reason == .tooDeep)
    }

    @Test(arguments: [
        ("[]", "the request is not an object"),
        (#"{"resourceSpans":{}}"#, "resourceSpans is not an array"),
        (#"{"resourceSpans":[5]}"#, "resourceSpans holds something other than objects"),
        (#"{"resourceSpans":[{"scopeSpans":""}]}"#, "scopeSpans is not an array"),
        (#"{"resourceSpans":[{"resource":[]}]}"#, "resource is not an object"),
        (#"{"resourceSpans":[{"scopeSpans":[{"spans":[[]]}]}]}"#,
            "spans holds something other than objects"),
        (#"{"resourceSpans":[{"scopeSpans":[{"scope":1}]}]}"#, "scope is not an object"),
    ])
    func jsonOfAnotherShape(text: String, message: String) {
        #expect(failure(Array(text.utf8), .json) == .shape(message))
    }

    @Test func brokenJSON() {
        #expect(failure(Array("{".utf8), .json) == .json(JSONFailure(.truncated, at: 1)))
        #expect(failure([], .json) == .json(JSONFailure(.truncated, at: 0)))
    }

    @Test(arguments: ["{}", #"{"resourceSpans":null}"#, #"{"resourceSpans":[]}"#, #"{"new":1}"#])
    func emptyRequestsAreSound(text: String) {
        #expect(failure(Array(text.utf8), .json) == nil)
        #expect(failure([], .protobuf) == nil)
    }

    @Test func tooManySpans() {
        var limits = TelemetryLimits()
        limits.spansPerRequest = 1
        let two = Samples.protobuf() + Samples.protobuf()
        #expect(failure(two, .protobuf, limits) == .tooManySpans)
        limits.spansPerRequest = 2
        #expect(failure(two, .protobuf, limits) == nil)
    }

    @Test func payloadsTooLargeTogether() {
        var limits = TelemetryLimits()
        limits.payloadBytesPerRequest = 100
        let two = Samples.protobuf() + Samples.protobuf()
        #expect(failure(two, .protobuf, limits) == .tooLarge)
    }
}
