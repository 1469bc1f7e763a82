// Routes about what is kept beside the ledger: metrics and logs requests, and payloads by their
// digest.
import Cryptography
import JSON
import Node
import Platform
import Primitives
import Replica
import Telemetry

extension RouteTable {
    static let signalRoutes: [Route] = [
        Route("GET", "/v1/signals/{kind}", "Kept metrics or logs requests, the newest first",
            .json("SignalList"), .node(signals)).query(.limit, .cursor),
        Route("GET", "/v1/payloads/{digest}", "The exact bytes under a digest",
            .media([TelemetryFormat.protobuf.mediaType, TelemetryFormat.json.mediaType]),
            .node(payload)
        ).problems(.noSuchPayload),
        Route("POST", "/v1/payloads", "Keeps bytes under their digest, for whoever knows it",
            .json("Payload"), .take(keepPayload)
        ).body("application/octet-stream").problems(
            .unsupportedMediaType, .unauthorized, .forbidden, .bodyTooLarge, .overloaded,
            .storageFailed),
    ]

    @Sendable private static func signals(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let kinds: [String: KeptSignal.Kind] = ["metrics": .metrics, "logs": .logs]
        guard let kind = kinds[call["kind"] ?? ""] else {
            throw .parameter("kind", "neither metrics nor logs")
        }
        let (limit, after) = (try call.limit(), try call.cursor())
        let page = try asking { () throws(NodeFailure) in
            try desk.node.signals(kind, after: after, limit: limit)
        }
        let next = call.cursors.text(page.next)
        return .later { .json { $0.page(page.items, next: next) { $0.write($1) } } }
    }

    @Sendable private static func keepPayload(_ call: Call, _ body: [UInt8]) throws(Problem) {
        guard call.head.headers["content-type"]?.lowercased() == "application/octet-stream" else {
            throw Problem(.unsupportedMediaType, "Send application/octet-stream.")
        }
        let context = call.context
        let owner = try ExportGate(context: context).check(call.head)
        guard body.count <= Limits.payloadBytes else {
            throw Problem(
                .bodyTooLarge, "A payload is kept whole: at most \(Limits.payloadBytes) bytes.")
        }
        guard context.admission.reserve(spans: 0, bytes: body.count) else {
            throw ExportGate(context: context).overload
        }
        context.node.post { desk in
            desk.node.keep(payload: body, owner: owner) { outcome in
                context.admission.release(spans: 0, bytes: body.count)
                switch outcome {
                case .kept: call.finish(.kept(body))
                case .storageFailed: call.fail(.storageFailed)
                case .ownerRefused: call.fail(.ownerRefused(owner))
                }
            }
        }
    }

    @Sendable private static func payload(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        guard let digest = Digest(hex: call["digest"] ?? "") else {
            throw .parameter("digest", "not a digest of 64 lower-case hexadecimal digits")
        }
        return .ready(try payloadResponse(digest, desk))
    }

    /// The bytes under a digest, with the type they were sent in.
    static func payloadResponse(
        _ digest: Digest, _ desk: NodeDesk
    ) throws(Problem) -> HTTPResponse {
        guard
            let bytes = try asking({ () throws(NodeFailure) in try desk.node.payload(digest) })
        else { throw Problem(.noSuchPayload, "The payload \(digest) is not held here.") }
        let type = Payload.format(of: bytes).mediaType
        return HTTPResponse(status: 200, type: type, body: bytes)
            .tagged(digest.hex).cached(CacheControl.immutable)
    }
}

extension HTTPResponse {
    /// Says under which digest bytes are kept.
    fileprivate static func kept(_ payload: [UInt8]) -> HTTPResponse {
        HTTPResponse.json { writer in
            writer.object { object in
                object.member("size", quoted: UInt64(payload.count))
                object.member("digest", BLAKE3.hash(payload).hex)
            }
        }.cached("no-store")
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ signal: KeptSignal) {
        object { object in
            object.member("kind", signal.kind == .metrics ? "metrics" : "logs")
            object.member("time", quoted: signal.time.nanoseconds)
            object.member("owner", signal.owner.hex)
            object.member("count", quoted: signal.count)
            object.key("payload")
            object.object { payload in
                payload.member("size", quoted: signal.size)
                payload.member("digest", signal.payload.hex)
            }
        }
    }
}
