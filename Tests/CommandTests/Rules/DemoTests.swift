// What the demonstration sends: copies of the samples that hang together, with ids of their own.
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

    @Test func theStorysRunNamesItsTask() throws {
        let task = String(repeating: "5c", count: 32)
        let run = StoryRun(agent: "tally", task: task, start: Instant(nanoseconds: 7 << 58))
        let spans = try spans(run.request)
        #expect(spans.map(\.facts.role) == [.run, .modelCall, .toolCall])
        for span in spans {
            #expect(span.facts.task == TaskID(hex: String(task.prefix(32))))
            #expect(span.facts.agent.name == "tally")
            #expect(span.parentSpanID == (span.spanID == spans[0].spanID ? nil : spans[0].spanID))
        }
    }

    @Test func theStorysProgramIsAssembled() throws {
        let directory = try TemporaryDirectory()
        let source = directory.file("sum.s")
        try LocalFiles.write(try Samples.file("sum.s"), to: source)
        let made = althing("program", "assemble", source, "--out", directory.file("sum.pvm"))
        #expect(made.code == .ok, "\(made.error)")
    }

    private static let status = """
        {"spans":{"received":"1234"},"records":"7","batches":"2","height":"1","latency":\
        {"agentFinal":{"p50":"24000000","p99":"30000000"},\
        "checkpointFinal":{"p50":"500000000","p99":"1000000000"}}}
        """

    @Test func rowsStandBelowTheirTitles() throws {
        let transcript = Transcript()
        var table = DemoTable(console: transcript.console())
        let status = try JSONValue(parsing: Array(Self.status.utf8))
        table.show(status, second: 1)
        table.show(status, second: 2)
        let lines = transcript.out.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(Set(lines.map(\.count)).count == 1)
        #expect(
            lines[2].split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
                == "2 1,234 7 2 1 24.0 ms 30.0 ms 500 ms 1.00 s")
    }

    @Test func aTerminalIsDrawnInPlace() throws {
        let transcript = Transcript()
        var table = DemoTable(console: transcript.console(isTerminal: true))
        let status = try JSONValue(parsing: Array(Self.status.utf8))
        table.show(status, second: 1)
        let first = transcript.out
        table.show(status, second: 1)
        #expect(transcript.out == first + "\u{1B}[7A" + first)
        #expect(first.split(separator: "\n").allSatisfy { $0.count < 80 })
    }

    @Test func whatIsNoRequestIsNoTemplate() { #expect(TraceTemplate(Array("{".utf8)) == nil) }
}
