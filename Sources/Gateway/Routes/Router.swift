// Finds the row of the route table for a request.

/// The row that was found, and what its pattern took from the path.
struct RouteMatch: Sendable {
    /// Index in the table; nil where no pattern fits.
    var route: Int?
    var captures: [(name: String, value: String)] = []
    /// The methods that the path has, where it has none of the request's.
    var allowed: [String] = []
}

struct Router: Sendable {
    let routes: [Route]
    private let patterns: [[Part]]

    private enum Part: Sendable {
        case text(String)
        case one(String)
        case rest(String)
    }

    init(_ routes: [Route]) {
        self.routes = routes
        patterns = routes.map { route in
            route.pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
                .map(Self.part)
        }
    }

    private static func part(_ text: Substring) -> Part {
        guard text.hasPrefix("{") else { return .text(String(text)) }
        let name = text.dropFirst().dropLast()
        return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .one(String(name))
    }

    /// The first row whose pattern and method fit; HEAD goes where GET goes.
    func match(_ method: String, _ segments: [String]) -> RouteMatch {
        let wanted = method == "HEAD" ? "GET" : method
        var allowed: [String] = []
        for (index, parts) in patterns.enumerated() {
            guard let captures = Self.captures(parts, segments) else { continue }
            if routes[index].method == wanted {
                return RouteMatch(route: index, captures: captures)
            }
            allowed.append(routes[index].method)
        }
        if allowed.contains("GET") { allowed.append("HEAD") }
        return RouteMatch(route: nil, allowed: allowed)
    }

    /// The pattern of a row, for metrics and logs.
    func label(_ route: Int?) -> String { route.map { routes[$0].pattern } ?? "none" }

    private static func captures(
        _ parts: [Part], _ segments: [String]
    ) -> [(name: String, value: String)]? {
        var captures: [(name: String, value: String)] = []
        for (index, part) in parts.enumerated() {
            guard index < segments.count else { return nil }
            switch part {
            case .text(let text): if segments[index] != text { return nil }
            case .one(let name):
                if segments[index].isEmpty { return nil }
                captures.append((name, segments[index]))
            case .rest(let name):
                captures.append((name, segments[index...].joined(separator: "/")))
                return captures
            }
        }
        return parts.count == segments.count ? captures : nil
    }
}
