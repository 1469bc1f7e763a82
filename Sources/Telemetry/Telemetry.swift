// The door of Telemetry: OpenTelemetry's wire formats in, neutral span values and payloads out.
//
// `TraceRequest.decode` turns one `ExportTraceServiceRequest` (protobuf or OTLP/JSON) into spans,
// each with its facts and its payload, and refusals; a span that is refused does not take the
// others with it. `SignalRequest` checks metrics and logs. `Payload` is the way back.
// `ExportAnswer` writes what an exporter expects to hear. `Trajectory` turns recorded runs of other
// tools into requests. All are pure functions of their arguments.
import JSON
import Primitives

/// How a request, an answer or a payload is encoded.
public enum TelemetryFormat: UInt8, Hashable, Sendable {
    /// `application/x-protobuf`
    case protobuf
    /// `application/json`: OTLP/JSON, with hexadecimal ids and integer enumerations
    case json

    /// The media type of HTTP bodies.
    public var mediaType: String {
        switch self {
        case .protobuf: "application/x-protobuf"
        case .json: "application/json"
        }
    }
}

/// Why a whole request is refused.
public enum TelemetryFailure: Error, Hashable, Sendable {
    /// The bytes are not a protobuf message.
    case protobuf(WireFailure)
    /// The bytes are not JSON.
    case json(JSONFailure)
    /// JSON of another shape than the message has: the path of the field that is wrong.
    case shape(String)
    /// More spans than `TelemetryLimits.spansPerRequest`.
    case tooManySpans
    /// The payloads together pass `TelemetryLimits.payloadBytesPerRequest`.
    case tooLarge
    /// Not a recording of any format that is known.
    case unknownTrajectory
}

extension TelemetryFailure: CustomStringConvertible {
    /// One sentence for the sender.
    public var description: String {
        switch self {
        case .protobuf(let failure):
            "malformed protobuf: \(failure.reason.rawValue) at byte \(failure.offset)"
        case .json(let failure): "malformed JSON: \(failure.reason) at byte \(failure.offset)"
        case .shape(let path): "not an OTLP message: \(path)"
        case .tooManySpans: "too many spans in one request"
        case .tooLarge: "the spans are too large together"
        case .unknownTrajectory: "not OTLP/JSON lines, a tau-bench or an OpenHands recording"
        }
    }
}

/// What a request may hold before it or a span of it is refused.
public struct TelemetryLimits: Hashable, Sendable {
    /// Spans in one request.
    public var spansPerRequest = 65_536
    /// Bytes of one payload.
    public var payloadBytes = Limits.payloadBytes
    /// Bytes of all payloads of a request: every payload repeats its resource and scope.
    public var payloadBytesPerRequest = 256 << 20
    /// Bytes of a resource and of a scope with their schema URLs, each.
    public var originBytes = 64 << 10
    /// Bytes of one attribute: key and value.
    public var attributeBytes = 1 << 20
    /// Tokens of each sort in one span.
    public var tokensPerSpan: UInt64 = 1 << 40
    /// Nano-credits of one span: 10^9 credits.
    public var costPerSpan: UInt128 = 1_000_000_000_000_000_000
    /// Nanoseconds a span may lie ahead of the clock.
    public var futureNanoseconds: UInt64 = 600 * Nanoseconds.perSecond
    /// The earliest time a span may have: 2000-01-01T00:00:00Z.
    public var earliest = Instant(nanoseconds: 946_684_800 * Nanoseconds.perSecond)
    /// Bytes of text that is kept for display; longer text is whole in the payload only.
    public var displayBytes = Limits.nameBytes

    public init() {}
}
