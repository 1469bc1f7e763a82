// What the demonstration sends: copies of the samples that hang together, each with ids and times of its own.
import JSON
import Primitives
import Telemetry
import Testing

@testable import Command

@Suite struct DemoTests {
    private func spans(_ request: [UInt8]) throws -> [SpanView] {
        let now = Instant(nanoseconds: 4_000_000_000 * Nanoseconds.perSecond)
        let decoded = try TraceRequest.decode(request, format: .json, now: now)
        #expect(decoded.refusals.isEmpty)
        return decoded.spans
    }

    @Test func samplesAreThereAndSound() throws {
        let recordings = try Samples.recordings()
        #expect(recordings.count >= 5)
        var count = 0
        for request in recordings.joined() { count += try spans(request).count }
        #expect(count > 80)
    }

    @Test func aCopyHasTheSameShapeAndOtherIds() throws {
        for recording in try Samples.recordings() {
            for request in recording {
                let template = try #require(TraceTemplate(request))
                let original = try spans(request)
                #expect(template.spans == UInt64(original.count))
                let copy = try spans(template.request(copy: 1, shift: 5))
                let other = try spans(template.request(copy: 2, shift: 5))
                #expect(copy.map(\.name) == original.map(\.name))
                for (index, span) in copy.enumerated() {
                    #expect(span.traceID != original[index].traceID)
                    #expect(span.traceID != other[index].traceID)
                    #expect(span.start.nanoseconds == original[index].start.nanoseconds + 5)
                    let parent = original[index].parentSpanID
                    #expect((span.parentSpanID == nil) == (parent == nil))
                    if let place = original.firstIndex(where: { $0.spanID == parent }) {
                        #expect(span.parentSpanID == copy[place].spanID)
                    }
                }
            }
        }
    }

    @Test func whatIsNoRequestIsNoTemplate() { #expect(TraceTemplate(Array("{".utf8)) == nil) }
}
