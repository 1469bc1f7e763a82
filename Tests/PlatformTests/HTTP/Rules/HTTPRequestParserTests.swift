// Requests the parser accepts, and what it reads in them.
import Platform
import Testing

@Suite struct HTTPRequestParserTests {
    /// The one request in `text`.
    private func request(_ text: String) throws -> HTTPRequest {
        var parser = HTTPRequestParser(limits: HTTPLimits(), remoteAddress: "192.0.2.7")
        var bytes = Array(text.utf8)
        while true {
            let step = try bytes.withUnsafeBytes { try parser.consume($0) }
            bytes.removeFirst(step.used)
            if case .request(let request) = step.event { return request }
            if case .needsMore = step.event { throw HTTPFault.cutShort }
        }
    }

    @Test func readsEveryPartOfARequest() throws {
        let request = try request(
            "PUT /v1/a%20b/%C3%BE?x=1&y=a+b%26c&z&x=2 HTTP/1.1\r\nHost: node.example:4318\r\n"
                + "X-Twice: one\r\nx-twice:\t two \r\nContent-Length: 5\r\n\r\nhello")
        #expect(request.method == "PUT")
        #expect(request.path == "/v1/a%20b/%C3%BE")
        #expect(request.segments == ["v1", "a b", "þ"])
        #expect(request.query.map(\.name) == ["x", "y", "z", "x"])
        #expect(request.query.map(\.value) == ["1", "a b&c", "", "2"])
        #expect(request.head.query("x") == "1")
        #expect(request.headers["X-TWICE"] == "one")
        #expect(request.headers.values(of: "x-twice") == ["one", "two"])
        #expect(request.headers["absent"] == nil)
        #expect(request.head.authority == "node.example:4318")
        #expect(request.body == Array("hello".utf8))
        #expect(request.remoteAddress == "192.0.2.7")
    }

    /// Target forms of RFC 9112 §3.2.
    @Test(arguments: [
        ("GET", "/", [""], "h"), ("GET", "/a//b/", ["a", "", "b", ""], "h"),
        ("GET", "http://other:80/a?b", ["a"], "other:80"), ("GET", "HTTP://other", [""], "other"),
        ("GET", "https://[::1]?q=1", [""], "[::1]"), ("OPTIONS", "*", [], "h"),
        ("GET", "/a%2Fb", ["a/b"], "h"), ("GET", "/a:b@c;d=e|f{g}", ["a:b@c;d=e|f{g}"], "h"),
    ])
    func readsTheFormsOfTargets(
        method: String, target: String, segments: [String], authority: String
    ) throws {
        let request = try request("\(method) \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(request.segments == segments)
        #expect(request.head.authority == authority)
    }

    /// RFC 9112 §9.3.
    @Test(arguments: [
        ("1.1", "X: y", true), ("1.1", "Connection: close", false),
        ("1.1", "Connection: upgrade, Close", false), ("1.0", "X: y", false),
        ("1.0", "Connection: Keep-Alive", true), ("1.0", "Connection: keep-alive, close", false),
        ("1.7", "X: y", true),
    ])
    func knowsWhetherTheConnectionStays(version: String, field: String, keepsAlive: Bool) throws {
        let request = try request("GET / HTTP/\(version)\r\nHost: h\r\n\(field)\r\n\r\n")
        #expect(request.head.keepsAlive == keepsAlive)
    }

    /// Bodies of RFC 9112 §6 and §7.
    @Test(arguments: [
        ("", ""), ("Content-Length: 0\r\n\r\n", ""), ("Content-Length: 3\r\n\r\nabc", "abc"),
        ("Content-Length: 003\r\n\r\nabc", "abc"),
        ("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""),
        (
            "Transfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
            "abc0123456789"
        ),
        ("Transfer-Encoding: chunked\r\n\r\n1;a=b;c=\"d\"\r\nx\r\n00\r\nTrailer: t\r\n\r\n", "x"),
    ])
    func readsBodies(rest: String, body: String) throws {
        let fields = rest.isEmpty ? "\r\n" : rest
        let request = try request("POST / HTTP/1.1\r\nHost: h\r\n\(fields)")
        #expect(String(decoding: request.body, as: UTF8.self) == body)
    }

    @Test func acceptsOneEmptyLineBeforeARequest() {
        #expect(ParsedMessages("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n").requests.count == 1)
    }

    @Test func readsRequestsSentAhead() {
        let get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
        let post = "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi"
        let parsed = ParsedMessages(get + post + get + "GET /unfinished")
        #expect(parsed.requests.map { String($0.prefix(7)) } == ["GET /a ", "POST /b", "GET /a "])
        #expect(parsed.unusedCount == "GET /unfinished".utf8.count)
        #expect(parsed.fault == nil)
    }

    @Test func expectsContinueOnlyInVersionOne() throws {
        let fields = "Host: h\r\nExpect: 100-Continue\r\nContent-Length: 0\r\n\r\n"
        #expect(try request("POST / HTTP/1.1\r\n" + fields).head.expectsContinue)
        #expect(try !request("POST / HTTP/1.0\r\n" + fields).head.expectsContinue)
    }
}
