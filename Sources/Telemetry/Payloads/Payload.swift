// The stored bytes of one span, and the way back to what an exporter would send.
//
// A payload is one `ResourceSpans` message that holds one span: in protobuf the message itself, in
// JSON the object. The resource, the scope and the span are the very bytes that came in, so that
// fields this build does not know survive; only the tags and brackets around them are ours.
import JSON
import Primitives

/// Reads and joins payloads.
public enum Payload {
    /// The format of a payload. An opening brace would be a protobuf group: never accepted.
    public static func format(of payload: [UInt8]) -> TelemetryFormat {
        payload.first == UInt8(ascii: "{") ? .json : .protobuf
    }

    /// The span in a payload, judged like any other but for its age.
    public static func span(
        _ payload: [UInt8], limits: TelemetryLimits = TelemetryLimits()
    ) throws(TelemetryFailure) -> SpanView {
        let format = format(of: payload)
        let request = try TraceRequest.decode(
            joined([payload], format), format: format, now: Instant(nanoseconds: .max),
            limits: limits)
        guard request.spans.count == 1, request.refusals.isEmpty, let span = request.spans.first
        else { throw .shape("a payload holds exactly one sound span") }
        return span
    }

    /// An `ExportTraceServiceRequest` in JSON that holds all the payloads, those in protobuf
    /// rewritten; fields that `trace.proto` does not have are lost from those.
    public static func exportText(_ payloads: [[UInt8]]) throws(TelemetryFailure) -> [UInt8] {
        var texts: [[UInt8]] = []
        for payload in payloads { texts.append(try text(of: payload)) }
        return joined(texts, .json)
    }

    /// An `ExportTraceServiceRequest` in the format of the payloads, byte for byte as stored; nil
    /// where the payloads are of both formats.
    public static func exportRequest(
        _ payloads: [[UInt8]]
    ) -> (format: TelemetryFormat, bytes: [UInt8])? {
        let format = payloads.first.map(format(of:)) ?? .protobuf
        guard payloads.allSatisfy({ Payload.format(of: $0) == format }) else { return nil }
        return (format, joined(payloads, format))
    }

    /// The payload as an OTLP/JSON `ResourceSpans` object, for showing.
    public static func text(of payload: [UInt8]) throws(TelemetryFailure) -> [UInt8] {
        guard format(of: payload) == .protobuf else { return payload }
        var writer = JSONWriter(capacity: payload.count * 2)
        do throws(WireFailure) {
            try MessageText.write(payload, as: .resourceSpans, to: &writer)
        } catch {
            throw .protobuf(error)
        }
        return writer.bytes
    }

    private static func joined(_ payloads: [[UInt8]], _ format: TelemetryFormat) -> [UInt8] {
        if format == .json {
            var writer = JSONWriter()
            writer.object {
                $0.key("resourceSpans")
                $0.array { for payload in payloads { $0.writeRaw(payload) } }
            }
            return writer.bytes
        }
        var writer = WireWriter()
        for payload in payloads { writer.field(1, bytes: payload) }
        return writer.bytes
    }
}
