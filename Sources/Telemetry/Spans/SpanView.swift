// What one span says, whichever format it came in.
import Primitives

/// One accepted span.
public struct SpanView: Hashable, Sendable {
    /// Position among all spans of the request, refused ones counted.
    public var index = 0
    /// Never zero in an accepted span.
    public var traceID = RunID()
    /// Never zero in an accepted span.
    public var spanID = OperationID()
    /// The enclosing span; nil where the span has none.
    public var parentSpanID: OperationID?
    /// The name, cut to `TelemetryLimits.displayBytes`.
    public var name = ""
    /// `SpanKind` of OTLP: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer.
    public var kind: Int32 = 0
    /// When the action began.
    public var start = Instant(nanoseconds: 0)
    /// Never before `start`.
    public var end = Instant(nanoseconds: 0)
    /// How the span says it ended.
    public var status = SpanStatus()
    /// Links with a well-formed, non-zero pair of ids; others stay in the payload only.
    public var links: [SpanLink] = []
    /// The name of the instrumentation scope, cut to `TelemetryLimits.displayBytes`.
    public var scopeName = ""
    /// What it means to a record.
    public var facts = SpanFacts()
    /// The bytes to store: see `Payload`.
    public var payload: [UInt8] = []
}

/// How a span says it ended.
public struct SpanStatus: Hashable, Sendable {
    /// 0 unset, 1 ok, 2 error.
    public var code: Int32 = 0
    /// The message, cut to `TelemetryLimits.displayBytes`.
    public var message = ""
}

/// A span that this one is causally related to.
public struct SpanLink: Hashable, Sendable {
    /// The trace of the other span.
    public var traceID: RunID
    /// The other span.
    public var spanID: OperationID
}

/// What a request held.
public struct TraceRequest: Hashable, Sendable {
    /// Accepted spans in the order of the request.
    public var spans: [SpanView] = []
    /// Refused ones in the order of the request.
    public var refusals: [SpanRefusal] = []

    /// Decodes an `ExportTraceServiceRequest` (opentelemetry-proto 1.x, `trace_service.proto`).
    ///
    /// Fields that are unknown here are ignored and kept in the payloads. `now` is the time against
    /// which the times of the spans are judged. A bad span is refused alone; bytes that are not the
    /// message at all throw.
    public static func decode(
        _ bytes: [UInt8], format: TelemetryFormat, now: Instant,
        limits: TelemetryLimits = TelemetryLimits()
    ) throws(TelemetryFailure) -> TraceRequest {
        switch format {
        case .protobuf: try ProtobufTraces.decode(bytes, now: now, limits: limits)
        case .json: try TextTraces.decode(bytes, now: now, limits: limits)
        }
    }
}
