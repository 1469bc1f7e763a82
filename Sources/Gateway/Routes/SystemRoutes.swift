// Routes about the node itself: status, health, metrics, events, the description of the interface.
import JSON
import Node
import Platform
import Primitives

extension RouteTable {
    static let systemRoutes: [Route] = [
        Route("GET", "/v1/status", "The node in numbers", .json("Status"), .node(status)),
        Route(
            "GET", "/v1/events", "What happens, as server-sent events",
            .media(["text/event-stream"]), .take(events)
        ).query(kinds).problems(.unavailable),
        Route(
            "GET", "/metrics", "Metrics in the text format of Prometheus", .media(["text/plain"]),
            .node(metrics)),
        Route("GET", "/healthz", "Whether the process lives", .json("Health"), .here(health)),
        Route(
            "GET", "/readyz", "Whether the store can be written", .json("Health"), .node(readiness)
        ).problems(.storageFailed),
        Route(
            "GET", "/openapi.json", "This description (OpenAPI 3.1)", .json("OpenAPI"),
            .here(description)),
        Route(
            "GET", "/problems/{slug}", "What a problem's type means", .json("ProblemType"),
            .here(problem)),
    ]

    @Sendable private static func status(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let facts = try desk.facts()
        return .later {
            .json { $0.write(facts, call.context) }.cached("no-store")
        }
    }

    private static let kinds = RouteParameter(
        name: "kinds",
        summary: """
            Names of events with commas between them, of \
            \(FeedKind.allCases.map(\.rawValue).joined(separator: ", ")); all where it is not given.
            """,
        schema: .text)

    @Sendable private static func events(_ call: Call, _: [UInt8]) throws(Problem) {
        var wanted = FeedKinds.all
        if let names = call["kinds"] {
            guard let kinds = FeedKinds(names: names) else {
                throw .parameter("kinds", "not names of events with commas between them")
            }
            wanted = kinds
        }
        let last = call.head.headers["last-event-id"]
        call.context.views.withHub { [wanted] in $0.open(call, wanted, lastSeen: last) }
    }

    @Sendable private static func metrics(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        // Without the store the counters of the gateway itself are still worth having.
        let facts = try? desk.facts()
        return .later {
            let text = MetricsPage(context: call.context, facts: facts).text
            return HTTPResponse(status: 200, type: PrometheusText.mediaType, body: Array(text.utf8))
                .cached("no-store")
        }
    }

    @Sendable private static func health(_: Call) throws(Problem) -> HTTPResponse {
        .json { $0.object { $0.member("status", "ok") } }.cached("no-store")
    }

    @Sendable private static func readiness(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        guard desk.node.isWritable else {
            throw Problem(.storageFailed, "The disk failed; the store is tried again every second.",
                retryAfterSeconds: 1)
        }
        return .ready(try health(call))
    }

    @Sendable private static func description(_: Call) throws(Problem) -> HTTPResponse {
        HTTPResponse(status: 200, type: "application/json", body: OpenAPIDocument.bytes)
    }

    @Sendable private static func problem(_ call: Call) throws(Problem) -> HTTPResponse {
        guard let kind = ProblemKind(rawValue: call["slug"] ?? "") else {
            throw Problem(.notFound, "There is no such kind of problem.")
        }
        return HTTPResponse(status: 200, type: "application/json", body: kind.description)
    }
}
