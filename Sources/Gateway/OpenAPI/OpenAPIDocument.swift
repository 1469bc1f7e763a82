// The OpenAPI 3.1 document, made from the route table.
import JSON

enum OpenAPIDocument {
    /// The document as JSON.
    static let bytes: [UInt8] = {
        var writer = JSONWriter(capacity: 64 << 10)
        writer.object { object in
            object.member("openapi", "3.1.0")
            object.key("info")
            object.object {
                $0.member("title", "Althing")
                $0.member("version", "1")
                $0.member("summary", "A ledger for the records of agents: traces in, receipts out.")
            }
            object.key("servers")
            object.array { $0.object { $0.member("url", "/") } }
            object.key("paths")
            object.object { writePaths(&$0) }
            object.key("components")
            object.object { writeComponents(&$0) }
        }
        return writer.bytes
    }()

    private static func writePaths(_ writer: inout JSONWriter) {
        var seen: [String] = []
        for route in RouteTable.routes {
            let path = route.openAPIPath
            guard !seen.contains(path) else { continue }
            seen.append(path)
            writer.key(path)
            writer.object { object in
                for other in RouteTable.routes where other.openAPIPath == path {
                    object.key(other.method.lowercased())
                    write(other, &object)
                }
            }
        }
    }

    private static func write(_ route: Route, _ writer: inout JSONWriter) {
        writer.object { object in
            object.member("operationId", route.operationID)
            object.member("summary", route.summary)
            writeParameters(route, &object)
            if !route.body.isEmpty {
                object.key("requestBody")
                object.object {
                    $0.member("required", true)
                    $0.content(route.body.map { ($0, Schema.any) })
                }
            }
            object.key("responses")
            object.object { writeResponses(route, &$0) }
        }
    }

    private static func writeParameters(_ route: Route, _ writer: inout JSONWriter) {
        let names = route.pathNames
        guard !names.isEmpty || !route.query.isEmpty else { return }
        writer.key("parameters")
        writer.array { array in
            for name in names {
                array.parameter(
                    RouteParameter(name: name, summary: "", schema: .text), place: "path")
            }
            for parameter in route.query { array.parameter(parameter, place: "query") }
        }
    }

    private static func writeResponses(_ route: Route, _ writer: inout JSONWriter) {
        writer.key("200")
        writer.object { object in
            object.member("description", route.summary)
            switch route.answer {
            case .json(let name): object.content([("application/json", .named(name))])
            case .media(let types): object.content(types.map { ($0, Schema.any) })
            }
        }
        let problems = route.problems + (route.query.isEmpty ? [] : [.malformedParameter])
        for status in Set(problems.map(\.status)).sorted() {
            writer.key(String(status))
            writer.object { object in
                let titles = problems.filter { $0.status == status }.map(\.title)
                object.member("description", titles.joined(separator: "; "))
                object.content(
                    route.isExport
                        ? route.body.map { ($0, Schema.any) }
                        : [("application/problem+json", .named("Problem"))])
            }
        }
    }

    private static func writeComponents(_ writer: inout JSONWriter) {
        writer.key("schemas")
        writer.object { object in
            for (name, schema) in Schemas.all {
                object.key(name)
                schema.write(to: &object)
            }
        }
    }
}

extension Route {
    /// The path in the form of OpenAPI, which knows no name for a rest.
    var openAPIPath: String {
        pattern.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasSuffix("...}") ? $0.dropLast(4) + "}" : String($0) }
            .joined(separator: "/")
    }

    /// Names in the path, in order.
    var pathNames: [String] {
        openAPIPath.split(separator: "/").filter { $0.hasPrefix("{") }
            .map { String($0.dropFirst().dropLast()) }
    }

    /// Unique: the method and the path's words.
    var operationID: String {
        let words = openAPIPath.split { !$0.isLetter && !$0.isNumber }
        let titles = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return method.lowercased() + titles.joined()
    }
}

extension JSONWriter {
    fileprivate mutating func content(_ types: [(String, Schema)]) {
        key("content")
        object { object in
            for (type, schema) in types {
                object.key(type)
                object.object {
                    $0.key("schema")
                    schema.write(to: &$0)
                }
            }
        }
    }

    fileprivate mutating func parameter(_ parameter: RouteParameter, place: String) {
        object { object in
            object.member("name", parameter.name)
            object.member("in", place)
            object.member("required", place == "path")
            if !parameter.summary.isEmpty { object.member("description", parameter.summary) }
            object.key("schema")
            parameter.schema.write(to: &object)
        }
    }
}
