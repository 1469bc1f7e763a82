// A problem document of a node (RFC 9457) as a failure of a command.
import JSON
import Platform

/// What a node answered instead of a result.
struct NodeProblem: Hashable, Sendable {
    /// Of HTTP, 400...599.
    var status: Int
    /// The last part of the problem's type, e.g. `not-checkpointed`; "" where there is none.
    var slug: String
    var title: String
    var detail: String
    /// For finding the request in the node's log; "" where there is none.
    var correlation: String
    /// Seconds after which to try again; nil where the node does not say.
    var retryAfterSeconds: UInt64?

    /// The sequence that the key's next operation must have, where another was refused.
    var expectedSequence: UInt64?

    /// The stable name of the ledger's rule; "" where the ledger did not refuse.
    var reason: String

    init(_ response: HTTPResponse) {
        let document = try? JSONDocument(response.body, limits: JSONLimits(depth: 16))
        let root = document?.root
        status = response.status
        slug = (root?["type"]?.string ?? "").split(separator: "/").last.map(String.init) ?? ""
        title = root?["title"]?.string ?? HTTPStatus.reason(response.status)
        detail = root?["detail"]?.string ?? root?["message"]?.string ?? ""
        correlation = response.header("x-correlation-id") ?? ""
        expectedSequence = root?["expected"]?.string.flatMap(ValueKind.number)
        reason = root?["reason"]?.string ?? ""
        retryAfterSeconds = response.header("retry-after").flatMap(ValueKind.number)
    }

    var code: ExitCode {
        switch status {
        case 408, 429, 503: .unreachable
        case 500...: .failed
        default: .refused
        }
    }

    var sentence: String {
        var text = "the node refused: \(title) (\(status))"
        if !detail.isEmpty { text += ": \(detail)" }
        if !correlation.isEmpty { text += " [correlation id \(correlation)]" }
        return printable(text)
    }
}
