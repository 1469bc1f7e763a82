// From a request to the row of the table that answers it.
import Platform

/// The entry of every request of a gateway; on the network's thread.
struct Answering: Sendable {
    let context: Context

    func answer(_ request: HTTPRequest, _ responder: Responder) {
        let head = request.head
        let call = Call(
            context: context, head: head, responder: responder,
            match: context.router.match(head.method, head.segments),
            correlation: Correlation.id(of: head.headers),
            arrival: context.clock.monotonicNanoseconds())
        do throws(Problem) {
            try context.hosts.check(head.authority)
        } catch {
            return call.fail(error)
        }
        guard let route = call.match.route else { return call.fail(Self.mismatch(call)) }
        switch context.router.routes[route].action {
        case .here(let answer):
            do throws(Problem) { call.finish(try answer(call)) } catch { call.fail(error) }
        case .take(let take):
            do throws(Problem) { try take(call, request.body) } catch { call.fail(error) }
        case .node(let ask):
            call.onNode { desk throws(Problem) in
                switch try ask(call, desk) {
                case .ready(let response): call.finish(response)
                case .later(let render): call.context.views.post { call.finish(render()) }
                }
            }
        }
    }

    private static func mismatch(_ call: Call) -> Problem {
        if call.match.allowed.isEmpty {
            return Problem(.notFound, "There is nothing at this path.")
        }
        let methods = call.match.allowed.joined(separator: ", ")
        var problem = Problem(.methodNotAllowed, "This path has \(methods).")
        problem.fields.append(.init("allow", .string(methods)))
        return problem
    }

    /// Refuses before the body is read what would be refused after it: pressure and a missing
    /// token.
    func admit(_ head: HTTPRequestHead) -> HTTPResponse? {
        let match = context.router.match(head.method, head.segments)
        guard let route = match.route, context.router.routes[route].isExport else { return nil }
        do throws(Problem) {
            try ExportGate(context: context).check(head)
            return nil
        } catch {
            return refusal(error, head, match)
        }
    }

    private func refusal(
        _ problem: Problem, _ head: HTTPRequestHead, _ match: RouteMatch
    ) -> HTTPResponse {
        let correlation = Correlation.id(of: head.headers)
        var response = problem.status(format: ExportBody.format(of: head.headers) ?? .json)
        response.headers.append(("x-correlation-id", correlation))
        context.meters.noteAnswer(route: match.route, status: response.status, nanoseconds: 0)
        context.log.note(.info, "refused") {
            $0.member("correlation", correlation)
            $0.member("route", context.router.label(match.route))
            $0.member("status", response.status)
            $0.member("problem", problem.kind.rawValue)
            $0.member("remote", head.remoteAddress)
        }
        return response
    }
}
