// The metrics page: its grammar, its names, and that its numbers agree with what happened.
import Platform
import Primitives
import Testing

@testable import Gateway

/// A page of the text format, parsed strictly.
private struct MetricsReading {
    var types: [String: String] = [:]
    var values: [String: Double] = [:]

    init(_ text: String) throws {
        var helped: Set<String> = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3)
            if line.hasPrefix("# HELP ") {
                #expect(helped.insert(String(words[2])).inserted, "\(line)")
            } else if line.hasPrefix("# TYPE ") {
                #expect(helped.contains(String(words[2])), "\(line)")
                #expect(types.updateValue(String(words[3]), forKey: String(words[2])) == nil)
            } else {
                #expect(words.count == 2, "\(line)")
                let value = try #require(Double(words[1]), "\(line)")
                #expect(values.updateValue(value, forKey: String(words[0])) == nil, "\(line)")
                let name = String(words[0].prefix { $0 != "{" })
                let family = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }
                    .map { String(name.dropLast($0.count)) }
                #expect(types[name] != nil || types[family ?? ""] == "histogram", "\(line)")
            }
        }
    }
}

@Suite struct MetricsTests {
    @Test func theNumbersAgreeWithWhatHappened() throws {
        let rig = try Rig()
        let client = try rig.client()
        let bad = SpanSample(3).with("spanId", .string(""))
        _ = try client.export(ExportSample(SpanSample(1), SpanSample(2), bad))
        _ = try client.export(ExportSample(SpanSample(1)))
        _ = try client.receipt("\(SpanSample.trace(1)):\(SpanSample.span(1))")
        let response = try client.get("/metrics")
        #expect(response.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
        #expect(response.body.last == 0x0A)
        let reading = try MetricsReading(response.text)
        #expect(reading.values["althing_spans_received_total"] == 4)
        #expect(reading.values["althing_spans_duplicate_total"] == 1)
        #expect(reading.values["althing_spans_refused_total{reason=\"identifier\"}"] == 1)
        #expect(reading.values["althing_records_total"] == 2)
        #expect(reading.values["althing_agent_final_seconds_count"] == 2)
        #expect(reading.values["althing_checkpoint_final_seconds_count"] == 2)
        #expect(reading.values["althing_pending_spans"] == 0)
        #expect(
            reading.values["althing_http_requests_total{route=\"/v1/traces\",status=\"200\"}"] == 2)
        for name in Self.promised { #expect(reading.types[name] != nil, "\(name)") }
        for (name, type) in reading.types.sorted(by: { $0.key < $1.key }) {
            #expect((type == "counter") == name.hasSuffix("_total"), "\(name)")
        }
    }

    /// The names that rules and dashboards in `deploy/` use.
    static let promised = [
        "althing_spans_received_total", "althing_spans_refused_total",
        "althing_spans_duplicate_total", "althing_records_total", "althing_batches_total",
        "althing_checkpoints_total", "althing_checkpoint_height", "althing_agent_final_seconds",
        "althing_checkpoint_final_seconds", "althing_http_requests_total",
        "althing_http_request_seconds", "althing_journal_bytes", "althing_payload_raw_bytes_total",
        "althing_payload_stored_bytes_total", "althing_pending_spans", "althing_pending_bytes",
        "althing_storage_failures_total", "process_resident_memory_bytes",
        "process_start_time_seconds",
    ]

    @Test func bucketsAreCumulative() {
        let histogram = Histogram(bounds: [10, 100, 1_000])
        for value in [5, 10, 11, 100, 5_000] as [UInt64] { histogram.note(value) }
        #expect(histogram.snapshot.cumulative == [2, 4, 4, 5])
        #expect(histogram.snapshot.sumNanoseconds == 5_126)
    }

    static let seconds: [(UInt64, String)] = [
        (0, "0"), (1, "0.000000001"), (1_000_000, "0.001"), (1_500_000_000, "1.5"),
        (30_000_000_000, "30"), (.max, "18446744073.709551615"),
    ]

    @Test(arguments: seconds) func secondsAreExact(_ nanoseconds: UInt64, _ text: String) {
        #expect(PrometheusText.seconds(nanoseconds) == text)
    }
}
