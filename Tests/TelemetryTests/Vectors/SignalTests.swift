// Metrics, logs and answers, against vectors and bytes worked out by hand.
import Primitives
import Testing

@testable import Telemetry

@Suite struct SignalTests {
    @Test(arguments: [
        (TelemetrySignal.traces, "traces", 8), (.metrics, "metrics", 4), (.logs, "logs", 2),
    ])
    func vectorsAreCounted(signal: TelemetrySignal, name: String, count: Int) throws {
        let wire = try Samples.vector("\(name).hex")
        let text = try Samples.vector("\(name).json")
        #expect(try SignalRequest.count(wire, signal: signal, format: .protobuf) == count)
        #expect(try SignalRequest.count(text, signal: signal, format: .json) == count)
        #expect(throws: TelemetryFailure.self) {
            try SignalRequest.count(wire.dropLast(), signal: signal, format: .protobuf)
        }
    }

    @Test(arguments: [
        (TelemetrySignal.logs, #"{"resourceLogs":[{"scopeLogs":[{"logRecords":{}}]}]}"#),
        (.metrics, #"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"sum":[]}]}]}]}"#),
        (.metrics, "[]"),
    ])
    func otherShapesAreRefused(signal: TelemetrySignal, text: String) {
        #expect(throws: TelemetryFailure.self) {
            try SignalRequest.count(Array(text.utf8), signal: signal, format: .json)
        }
    }

    @Test func answersOfFullSuccessAreEmpty() {
        for signal in TelemetrySignal.allCases {
            #expect(ExportAnswer.body(signal, format: .protobuf) == [])
            #expect(ExportAnswer.body(signal, format: .json) == Array("{}".utf8))
        }
    }

    /// Protobuf bytes from `ExportTraceServiceResponse` of opentelemetry-proto 1.45.2 on PyPI.
    @Test func answersOfPartialSuccess() {
        let wire = ExportAnswer.body(.traces, format: .protobuf, rejected: 300, message: "bad")
        #expect(Hex.encode(wire) == "0a0808ac021203626164")
        let text = ExportAnswer.body(.logs, format: .json, rejected: 2, message: "b\"d")
        let expected = #"{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"b\"d"}}"#
        #expect(String(decoding: text, as: UTF8.self) == expected)
    }

    /// Protobuf bytes from `google.rpc.Status` of googleapis-common-protos on PyPI.
    @Test func statusBodies() {
        let wire = ExportAnswer.status(code: 3, message: "no", format: .protobuf)
        #expect(Hex.encode(wire) == "080312026e6f")
        let text = ExportAnswer.status(code: 8, message: "slow", format: .json)
        #expect(String(decoding: text, as: UTF8.self) == #"{"code":8,"message":"slow"}"#)
    }
}
