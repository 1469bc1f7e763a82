// What an exporter hears: the export response of each signal, and `google.rpc.Status` for errors.
import JSON

/// The three kinds of OTLP requests.
public enum TelemetrySignal: UInt8, Hashable, Sendable, CaseIterable {
    case traces, metrics, logs

    /// The path of HTTP requests (OTLP specification, "OTLP/HTTP Request").
    public var path: String {
        switch self {
        case .traces: "/v1/traces"
        case .metrics: "/v1/metrics"
        case .logs: "/v1/logs"
        }
    }

    /// The JSON name of the count of refused items in `partial_success`.
    var rejectedName: String {
        switch self {
        case .traces: "rejectedSpans"
        case .metrics: "rejectedDataPoints"
        case .logs: "rejectedLogRecords"
        }
    }
}

/// Bodies of HTTP answers.
public enum ExportAnswer {
    /// `Export{Trace,Metrics,Logs}ServiceResponse`. `partial_success` is there only where something
    /// was rejected or there is a message to tell.
    public static func body(
        _ signal: TelemetrySignal, format: TelemetryFormat, rejected: Int = 0, message: String = ""
    ) -> [UInt8] {
        let isFull = rejected == 0 && message.isEmpty
        switch format {
        case .protobuf:
            if isFull { return [] }
            var partial = WireWriter()
            partial.field(1, varint: UInt64(max(rejected, 0)))
            partial.field(2, text: message)
            var writer = WireWriter()
            writer.field(1, bytes: partial.bytes)
            return writer.bytes
        case .json:
            var writer = JSONWriter()
            writer.object {
                guard !isFull else { return }
                $0.key("partialSuccess")
                $0.object {
                    if rejected > 0 { $0.member(signal.rejectedName, quoted: rejected) }
                    if !message.isEmpty { $0.member("errorMessage", message) }
                }
            }
            return writer.bytes
        }
    }

    /// `google.rpc.Status`: the body of an answer with an HTTP status of 400 or above.
    /// `code` is one of gRPC's: 3 invalid argument, 8 resource exhausted, 14 unavailable, ...
    public static func status(code: Int32, message: String, format: TelemetryFormat) -> [UInt8] {
        switch format {
        case .protobuf:
            var writer = WireWriter()
            writer.field(1, varint: UInt64(bitPattern: Int64(code)))
            writer.field(2, text: message)
            return writer.bytes
        case .json:
            var writer = JSONWriter()
            writer.object {
                $0.member("code", code)
                $0.member("message", message)
            }
            return writer.bytes
        }
    }
}
