// `POST /v1/metrics` and `/v1/logs`: checked for their shape and kept whole.
import Node
import Platform
import Primitives
import Replica
import Telemetry

enum SignalExport {
    static func take(_ call: Call, _ body: [UInt8], _ signal: TelemetrySignal) {
        let format = ExportBody.format(of: call.head.headers) ?? .json
        do throws(Problem) {
            let owner = try ExportGate(context: call.context).check(call.head)
            let coded = try ExportBody(call.head.headers)
            let bytes = try coded.decoded(body, limit: Limits.payloadBytes)
            let count = try count(bytes, signal, coded.format)
            guard count > 0 else { return accept(call, signal, format) }
            try keep(call, Kept(signal: signal, bytes: bytes, count: count, owner: owner))
        } catch {
            call.finish(error.status(format: format))
        }
    }

    private struct Kept: Sendable {
        var signal: TelemetrySignal
        var bytes: [UInt8]
        var count: Int
        var owner: OwnerID

        var kind: KeptSignal.Kind { signal == .metrics ? .metrics : .logs }
    }

    private static func count(
        _ bytes: [UInt8], _ signal: TelemetrySignal, _ format: TelemetryFormat
    ) throws(Problem) -> Int {
        guard bytes.count <= Limits.payloadBytes else {
            throw Problem(
                .bodyTooLarge, "A request is kept whole: at most \(Limits.payloadBytes) bytes.")
        }
        do throws(TelemetryFailure) {
            return try SignalRequest.count(bytes, signal: signal, format: format)
        } catch {
            throw Problem(error)
        }
    }

    private static func accept(
        _ call: Call, _ signal: TelemetrySignal, _ format: TelemetryFormat
    ) {
        let body = ExportAnswer.body(signal, format: format)
        call.finish(HTTPResponse(status: 200, type: format.mediaType, body: body))
    }

    private static func keep(_ call: Call, _ kept: Kept) throws(Problem) {
        let context = call.context
        let size = kept.bytes.count
        guard context.admission.reserve(spans: 0, bytes: size) else {
            throw ExportGate(context: context).overload
        }
        let format = ExportBody.format(of: call.head.headers) ?? .json
        context.node.post { desk in
            desk.node.keep(
                kept.kind, kept.bytes, count: UInt64(kept.count), owner: kept.owner
            ) { outcome in
                context.admission.release(spans: 0, bytes: size)
                switch outcome {
                case .kept: accept(call, kept.signal, format)
                case .storageFailed: call.finish(Problem.storageFailed.status(format: format))
                case .ownerRefused:
                    call.finish(Problem.ownerRefused(kept.owner).status(format: format))
                }
            }
        }
    }
}
