// What the server answers to bad, slow and too many clients.
import Platform
import Primitives
import Synchronization
import Testing

@Suite struct HTTPServerRejectionTests {
    /// The status in the first line of an answer; 0 where there is none.
    private func status(_ answer: String) -> Int {
        Int(answer.dropFirst("HTTP/1.1 ".count).prefix(3)) ?? 0
    }

    private static let post = "POST / HTTP/1.1\r\nHost: h\r\n"

    /// Each is answered by a problem document, and the connection ends.
    @Test(arguments: MalformedMessage.all) func refuses(message: MalformedMessage) throws {
        var limits = MalformedMessage.limits
        limits.lingerNanoseconds = ServerUnderTest.limits.lingerNanoseconds
        let under = try ServerUnderTest(limits: limits)
        let connection = try under.connect()
        try connection.send(message.text)
        let answer = try connection.receiveAll()
        #expect(status(answer) == message.fault.status)
        #expect(answer.contains("connection: close\r\n"))
        #expect(answer.contains("content-type: application/problem+json\r\n"))
        #expect(answer.contains("\"detail\":\"\(message.fault.detail)\""))
        #expect(under.server.counts.requests == 0)
        under.stop()
    }

    /// The whole refusal reaches a client that is still sending (RFC 9112 §9.6).
    @Test func refusesALargeBodyWhileItIsSent() throws {
        let under = try ServerUnderTest()
        let body = [UInt8](repeating: 0, count: 4 << 20)
        let response = try under.client().request("POST", "/", body: body)
        #expect(response.status == 413)
        under.stop()
    }

    @Test func admitRefusesBeforeTheBody() throws {
        let under = try ServerUnderTest(admit: { head in
            head.headers["authorization"] == nil ? HTTPResponse.problem(401, "Who?") : nil
        })
        let connection = try under.connect()
        try connection.send(Self.post + "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n")
        let answer = try connection.receiveAll()
        #expect(status(answer) == 401)
        #expect(under.server.counts.requests == 0)
        let allowed = try under.client().request("GET", "/", headers: [("Authorization", "x")])
        #expect(allowed.status == 200)
        under.stop()
    }

    @Test func aSlowHeadIsTimedOut() throws {
        var limits = ServerUnderTest.limits
        limits.headerNanoseconds = 40 * Nanoseconds.perMillisecond
        let under = try ServerUnderTest(limits: limits)
        let connection = try under.connect()
        try connection.send("GET / HTTP/1.1\r\nHost:")
        #expect(status(try connection.receiveAll()) == 408)
        under.stop()
    }

    @Test func aSlowBodyIsTimedOut() throws {
        var limits = ServerUnderTest.limits
        limits.bodyNanoseconds = 40 * Nanoseconds.perMillisecond
        let under = try ServerUnderTest(limits: limits)
        let connection = try under.connect()
        try connection.send(Self.post + "Content-Length: 9\r\n\r\nabc")
        #expect(status(try connection.receiveAll()) == 408)
        under.stop()
    }

    /// Below the minimum rate, though within the time a body may take.
    @Test func aDrippingBodyIsTimedOut() throws {
        var limits = ServerUnderTest.limits
        limits.bodyGraceNanoseconds = 40 * Nanoseconds.perMillisecond
        limits.minimumBodyBytesPerSecond = 1_000_000
        let under = try ServerUnderTest(limits: limits)
        let connection = try under.connect()
        try connection.send(Self.post + "Content-Length: 5000\r\n\r\nabc")
        #expect(status(try connection.receiveAll()) == 408)
        under.stop()
    }

    @Test func anIdleConnectionIsClosedWithoutAWord() throws {
        var limits = ServerUnderTest.limits
        limits.idleNanoseconds = 40 * Nanoseconds.perMillisecond
        let under = try ServerUnderTest(limits: limits)
        #expect(try under.connect().receiveAll() == "")
        under.stop()
    }

    @Test func aCutRequestIsRefused() throws {
        let under = try ServerUnderTest()
        for text in ["GET / HT", Self.post + "Content-Length: 9\r\n\r\nabc"] {
            let connection = try under.connect()
            try connection.send(text)
            connection.finishSending()
            #expect(status(try connection.receiveAll()) == 400)
        }
        under.stop()
    }

    @Test func aPeerThatEndedItsSideGetsItsAnswers() throws {
        let under = try ServerUnderTest()
        let connection = try under.connect()
        try connection.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n")
        connection.finishSending()
        let answers = try connection.receiveAll()
        #expect(answers.contains("GET /1 ") && answers.hasSuffix("GET /2 "))
        under.stop()
    }

    @Test func connectionsAboveTheLimitAreTold() throws {
        var limits = ServerUnderTest.limits
        limits.connections = 2
        let under = try ServerUnderTest(limits: limits)
        let first = try under.client()
        let second = try under.client()
        #expect(try first.request("GET", "/").status == 200)
        #expect(try second.request("GET", "/").status == 200)
        let third = try under.connect().receiveAll()
        #expect(status(third) == 503)
        #expect(third.contains("retry-after: 1\r\n"))
        #expect(try first.request("GET", "/").status == 200)
        under.stop()
    }

    /// What all connections hold together is bounded; who comes later is told to try again.
    @Test func bodiesAboveTheCommonLimitAreTold() throws {
        var limits = ServerUnderTest.limits
        limits.pendingBytes = 1_000
        let held = Mutex<[Responder]>([])
        let arrived = Gate()
        let under = try ServerUnderTest(limits: limits) { request, responder in
            if request.path != "/hold" { return ServerUnderTest.echo(request, responder) }
            held.withLock { $0.append(responder) }
            arrived.open()
        }
        let holder = try under.connect()
        let body = String(repeating: "x", count: 900)
        try holder.send("POST /hold HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n" + body)
        arrived.wait()
        #expect(under.server.counts.pendingBytes == 900)
        let declared = try under.client().request("POST", "/", body: Array(body.utf8))
        #expect(declared.status == 503)
        #expect(declared.header("retry-after") == "1")
        let chunked = try under.connect()
        try chunked.send(Self.post + "Transfer-Encoding: chunked\r\n\r\n384\r\n" + body)
        #expect(status(try chunked.receiveAll()) == 503)
        held.withLock { $0.removeFirst() }.respond(HTTPResponse(status: 200))
        #expect(status(try holder.receive(until: "\r\n\r\n")) == 200)
        #expect(try under.client().request("POST", "/", body: Array(body.utf8)).status == 200)
        #expect(under.server.counts.pendingBytes == 0)
        under.stop()
    }

    @Test func aRequestDroppedUnansweredIsAnError() throws {
        let under = try ServerUnderTest { _, _ in }
        #expect(try under.client().request("GET", "/").status == 500)
        under.stop()
    }

    /// A value of a field never splits a response in two.
    @Test(arguments: [
        ("x", "a\r\nset-cookie: b"), ("x\r\ny", "a"), ("x y", "a"), ("", "a"), ("x", "a\u{0}"),
    ])
    func anAnswerThatIsNoHTTPIsAnError(name: String, value: String) throws {
        let under = try ServerUnderTest { request, responder in
            if request.path == "/stream" {
                let stream = responder.stream(status: 200, headers: [(name, value)])
                stream.write([1])
            } else {
                responder.respond(HTTPResponse(status: 200, headers: [(name, value)]))
            }
        }
        #expect(try under.client().request("GET", "/").status == 500)
        #expect(try under.client().request("GET", "/stream").status == 500)
        under.stop()
    }
}
