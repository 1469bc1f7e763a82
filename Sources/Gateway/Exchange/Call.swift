// One request under way: what was asked, and how it is answered, counted and logged.
import Environment
import JSON
import Platform
import Primitives

/// A request without its body. Answered once, from any thread.
struct Call: Sendable {
    let context: Context
    let head: HTTPRequestHead
    let responder: Responder
    let match: RouteMatch
    /// The id in the answer's header, in problems and in the log.
    let correlation: String
    /// By the monotonic clock.
    let arrival: UInt64

    /// The value that a pattern's `{name}` took, or of the query's first `name`; nil where there is
    /// none.
    subscript(name: String) -> String? {
        match.captures.first { $0.name == name }?.value ?? head.query(name)
    }

    // MARK: Answering

    /// Sends `response` with what every response carries.
    func finish(_ response: HTTPResponse) {
        let response = Conditional.apply(head, decorated(response))
        note(response.status, bytes: response.body.count)
        responder.respond(response)
    }

    func fail(_ problem: Problem) {
        finish(problem.response(correlation: correlation))
    }

    /// Begins a response that goes on for as long as the client listens.
    func stream(_ headers: [(name: String, value: String)]) -> ResponseStream {
        note(200, bytes: 0)
        let head = decorated(HTTPResponse(status: 200, headers: headers))
        return responder.stream(status: 200, headers: head.headers)
    }

    private func decorated(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.headers.append(("x-correlation-id", correlation))
        response.headers.append(("x-content-type-options", "nosniff"))
        return response
    }

    private func note(_ status: Int, bytes: Int) {
        let duration = context.clock.monotonicNanoseconds() &- arrival
        context.meters.noteAnswer(route: match.route, status: status, nanoseconds: duration)
        context.log.note(status >= 500 ? .error : .info, "request") {
            $0.member("correlation", correlation)
            $0.member("method", head.method)
            $0.member("path", head.path)
            $0.member("route", context.router.label(match.route))
            $0.member("status", status)
            $0.member("nanoseconds", quoted: duration)
            $0.member("bytes", bytes)
            $0.member("remote", head.remoteAddress)
        }
    }

    // MARK: The node

    /// Runs `body`, which only asks, on the node's thread. What it throws is sent as a problem.
    func onNode(_ body: @escaping @Sendable (NodeDesk) throws(Problem) -> Void) {
        context.node.ask { desk in
            do throws(Problem) { try body(desk) } catch { fail(error) }
        }
    }
}

/// What a question to the node comes to.
enum Reply: Sendable {
    case ready(HTTPResponse)
    /// The rest of the work, to be done on the views' thread.
    case later(@Sendable () -> HTTPResponse)
}

extension HTTPResponse {
    /// A JSON document with one value that `body` writes.
    static func json(
        status: Int = 200, _ body: (inout JSONWriter) -> Void
    ) -> HTTPResponse {
        var writer = JSONWriter(capacity: 1_024)
        body(&writer)
        return HTTPResponse(status: status, type: "application/json", body: writer.bytes)
    }

    /// The same, telling caches how long it holds.
    func cached(_ control: String) -> HTTPResponse {
        var response = self
        response.headers.append(("cache-control", control))
        return response
    }

    func tagged(_ tag: String) -> HTTPResponse {
        var response = self
        response.headers.append(("etag", "\"\(tag)\""))
        return response
    }
}

/// Values of Cache-Control.
enum CacheControl {
    /// The bytes under this address never change, and may be of a customer.
    static let immutable = "private, max-age=31536000, immutable"
    /// The bytes under this address never change, and anybody may have them.
    static let immutablePublic = "public, max-age=31536000, immutable"
    /// Ask again each time.
    static let revalidate = "no-cache"
}
