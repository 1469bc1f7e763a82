// Sends export requests as an exporter does: waits where the node asks for it, counts refusals.
import JSON
import Platform
import Primitives

struct TraceSender {
    struct Counts: Hashable, Sendable {
        var requests: UInt64 = 0
        var spans: UInt64 = 0
        var refused: UInt64 = 0
        /// In the node's words; "" where nothing was refused.
        var firstReason = ""

        var accepted: UInt64 { spans - min(spans, refused) }
    }

    let client: NodeClient
    private(set) var counts = Counts()

    /// Attempts for one request while the node is too busy.
    private static let attempts = 30

    init(client: NodeClient) { self.client = client }

    /// Sends one request until it is durable. - Throws: what the node refused as a whole.
    mutating func send(_ request: [UInt8]) throws(CommandFailure) {
        let spans = Self.spanCount(request)
        let answer = try post(request)
        counts.requests += 1
        counts.spans += spans
        let partial = answer["partialSuccess"]
        let refused = min(spans, partial?.number("rejectedSpans") ?? 0)
        counts.refused += refused
        if counts.firstReason.isEmpty, refused > 0 {
            counts.firstReason = partial?.text("errorMessage") ?? ""
        }
    }

    private func post(_ request: [UInt8]) throws(CommandFailure) -> JSONValue {
        var attempt = 1
        while true {
            do {
                return try client.post("/v1/traces", type: "application/json", request)
            } catch {
                guard case .problem(let problem) = error, let wait = problem.retryAfterSeconds,
                    problem.code == .unreachable, attempt < Self.attempts
                else { throw error }
                Pause.milliseconds(UInt32(clamping: max(1, min(wait, 60)) * 1_000))
            }
            attempt += 1
        }
    }

    /// Spans in an OTLP/JSON request; 0 where it is none.
    static func spanCount(_ request: [UInt8]) -> UInt64 {
        let limits = JSONLimits(depth: 256, bytes: JSONLimits.mostBytes, nodes: 1 << 24)
        guard let document = try? JSONDocument(request, limits: limits) else { return 0 }
        var count = 0
        for resource in document.root["resourceSpans"].map({ Array($0.elements) }) ?? [] {
            for scope in resource["scopeSpans"].map({ Array($0.elements) }) ?? [] {
                count += scope["spans"]?.count ?? 0
            }
        }
        return UInt64(count)
    }
}
