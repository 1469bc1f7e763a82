// Where exporters send: OTLP/HTTP for the three signals.
import Platform
import Telemetry

extension RouteTable {
    static let exportRoutes: [Route] = [
        export(.traces, "Records spans (ExportTraceServiceRequest)") { call, body in
            TraceExport.take(call, body)
        },
        export(.metrics, "Keeps metrics (ExportMetricsServiceRequest)") { call, body in
            SignalExport.take(call, body, .metrics)
        },
        export(.logs, "Keeps logs (ExportLogsServiceRequest)") { call, body in
            SignalExport.take(call, body, .logs)
        },
    ]

    private static func export(
        _ signal: TelemetrySignal, _ summary: String,
        _ take: @escaping @Sendable (Call, [UInt8]) -> Void
    ) -> Route {
        let types = [TelemetryFormat.protobuf.mediaType, TelemetryFormat.json.mediaType]
        return Route("POST", signal.path, summary, .media(types), .take(take))
            .body(types[0], types[1])
            .problems(
                .malformedBody, .unauthorized, .forbidden, .bodyTooLarge, .unsupportedMediaType,
                .unsupportedEncoding, .overloaded, .storageFailed)
    }
}
