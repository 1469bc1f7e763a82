// The dashboard: files that were read when the gateway was made.
import Platform

extension RouteTable {
    static let fileRoutes: [Route] = [
        Route("GET", "/", "The dashboard", .media(["text/html"]), .here { call throws(Problem) in
            try file("index.html", call)
        }),
        Route("GET", "/dashboard/{file...}", "Files of the dashboard", .media(["*/*"]),
            .here { call throws(Problem) in try file(call["file"] ?? "", call) }),
    ]

    private static func file(_ name: String, _ call: Call) throws(Problem) -> HTTPResponse {
        guard let file = call.context.files[name] else {
            let detail = call.context.files.isEmpty
                ? "The dashboard's files were not found beside the executable."
                : "The dashboard has no such file."
            throw Problem(.notFound, detail)
        }
        var response = HTTPResponse(status: 200, type: file.type, body: file.bytes)
            .tagged(file.tag).cached(CacheControl.revalidate)
        response.headers.append(("content-security-policy", StaticFiles.policy))
        response.headers.append(("referrer-policy", "no-referrer"))
        return response
    }
}
