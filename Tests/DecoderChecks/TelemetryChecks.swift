// Export requests, metrics and logs, and recorded trajectories: what is accepted survives storage.
import JSON
import Primitives
import Telemetry

extension DecoderCheck {
    static let telemetry = [
        DecoderCheck("otlp-json", mostBytes: 8192) { bytes throws(BrokenRule) in
            try traces(bytes, .json)
        },
        DecoderCheck("otlp-protobuf") { bytes throws(BrokenRule) in try traces(bytes, .protobuf) },
        DecoderCheck("otlp-signals") { bytes throws(BrokenRule) in signals(bytes) },
        DecoderCheck("trajectory", mostBytes: 8192) { bytes throws(BrokenRule) in
            try trajectory(bytes)
        },
    ]

    private static let now = Instant(nanoseconds: 1_800_000_000 * Nanoseconds.perSecond)

    /// A stored payload gives the same span again, and shown as JSON text it says the same.
    private static func traces(
        _ bytes: [UInt8], _ format: TelemetryFormat
    ) throws(BrokenRule) -> Bool {
        guard let request = try? TraceRequest.decode(bytes, format: format, now: now) else {
            return false
        }
        for span in request.spans {
            let again = try must("a payload decodes") { () throws(TelemetryFailure) in
                try Payload.span(span.payload)
            }
            try require(bare(again) == bare(span), "a payload gives the same span")
            let text = try must("a payload has a text") { () throws(TelemetryFailure) in
                try Payload.exportText([span.payload])
            }
            let shown = try must("the text of a payload decodes") { () throws(TelemetryFailure) in
                try TraceRequest.decode(text, format: .json, now: now)
            }
            try require(shown.refusals.isEmpty, "the text of a payload is no refused span")
            try require(shown.spans.map(bare) == [bare(span)], "the text says the same")
        }
        try answer(request, format)
        if request.spans.isEmpty { return false }
        guard let whole = Payload.exportRequest(request.spans.map(\.payload)) else {
            throw BrokenRule("the payloads of one request have one format")
        }
        let again = try must("payloads make a request") { () throws(TelemetryFailure) in
            try TraceRequest.decode(whole.bytes, format: format, now: now)
        }
        try require(again.refusals.isEmpty, "payloads make a request without refusals")
        try require(again.spans.map(bare) == request.spans.map(bare), "with the same spans")
        return true
    }

    /// The answer to a request is a message of its format.
    private static func answer(
        _ request: TraceRequest, _ format: TelemetryFormat
    ) throws(BrokenRule) {
        let body = ExportAnswer.body(
            .traces, format: format, rejected: request.refusals.count,
            message: request.refusalMessage)
        guard format == .json else { return }
        _ = try must("an answer is JSON") { () throws(JSONFailure) in
            try JSONDocument(body)
        }
    }

    /// A span without what depends on its request.
    private static func bare(_ span: SpanView) -> SpanView {
        var copy = span
        copy.index = 0
        copy.payload = []
        return copy
    }

    private static func signals(_ bytes: [UInt8]) -> Bool {
        let (choice, rest) = bytes.choice
        let signals = TelemetrySignal.allCases
        let signal = signals[Int(choice >> 1) % signals.count]
        let format: TelemetryFormat = choice & 1 == 0 ? .protobuf : .json
        return (try? SignalRequest.count(rest, signal: signal, format: format)) != nil
    }

    /// What an import makes of a recording is a request that decodes.
    private static func trajectory(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let (source, requests) = try? Trajectory.requests(from: bytes) else { return false }
        guard source != .openTelemetry else { return true }
        for request in requests {
            _ = try must("an imported run decodes") { () throws(TelemetryFailure) in
                try TraceRequest.decode(request, format: .json, now: now)
            }
        }
        return true
    }
}
