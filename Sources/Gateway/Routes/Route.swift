// One row of the route table: the router, the OpenAPI document and the metrics read it.
import Platform

/// What a route does with a request that matched.
enum RouteAction: Sendable {
    /// Answers at once, on the network's thread: it must be quick.
    case here(@Sendable (Call) throws(Problem) -> HTTPResponse)
    /// Asks the node, on its thread.
    case node(@Sendable (Call, NodeDesk) throws(Problem) -> Reply)
    /// Takes the body and answers when it can; what it throws is sent as a problem.
    case take(@Sendable (Call, [UInt8]) throws(Problem) -> Void)
}

/// What a successful answer holds.
enum RouteAnswer: Hashable, Sendable {
    /// `application/json` of the named schema.
    case json(String)
    /// Something else, of the media types named.
    case media([String])
}

/// A value in the path or in the query.
struct RouteParameter: Hashable, Sendable {
    var name: String
    var summary: String
    var schema: Schema
}

/// One operation on one path.
struct Route: Sendable {
    var method: String
    /// Segments after `/`; `{name}` takes one segment, `{name...}` the rest, at least one.
    var pattern: String
    var summary: String
    var answer: RouteAnswer
    var action: RouteAction
    /// Those of the query; those of the path follow from the pattern.
    var query: [RouteParameter] = []
    /// Media types of the body it takes; none where it takes no body.
    var body: [String] = []
    /// Kinds of problems it answers with beside those any route may have.
    var problems: [ProblemKind] = []

    init(
        _ method: String, _ pattern: String, _ summary: String, _ answer: RouteAnswer,
        _ action: RouteAction
    ) {
        self.method = method
        self.pattern = pattern
        self.summary = summary
        self.answer = answer
        self.action = action
    }

    func query(_ parameters: RouteParameter...) -> Route {
        var route = self
        route.query = parameters
        return route
    }

    func body(_ types: String...) -> Route {
        var route = self
        route.body = types
        return route
    }

    func problems(_ kinds: ProblemKind...) -> Route {
        var route = self
        route.problems = kinds
        return route
    }
}
