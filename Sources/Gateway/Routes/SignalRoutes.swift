// Routes about what is kept beside the ledger: metrics and logs requests, and payloads by their
// digest.
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
