// What a well-behaved client gets from the server over real sockets.
import Glibc
import Platform
import Primitives
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPServerTests {
    @Test func answersOverOneConnection() throws {
        let under = try ServerUnderTest()
        let client = try under.client()
        for number in 0..<3 {
            let response = try client.request("POST", "/p\(number)", body: [UInt8(ascii: "x")])
            #expect(response.status == 200)
            #expect(response.body == Array("POST /p\(number) x".utf8))
            #expect(response.header("Content-Type") == "text/plain")
            #expect(response.header("date")?.hasSuffix(" GMT") == true)
        }
        #expect(under.server.counts.connections == 1)
        #expect(under.server.counts.requests == 3)
        under.stop()
    }

    /// Bodies of every size around the buffers' sizes come back as they went.
    @Test(arguments: [0, 1, 65_535, 65_536, 262_143, 262_144, 262_145, 1_048_576])
    func returnsBodiesAsTheyCame(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        let under = try ServerUnderTest { request, responder in
            responder.respond(HTTPResponse(status: 200, body: request.body))
        }
        let body = generator.bytes(count)
        #expect(try under.client().request("POST", "/", body: body).body == body)
        under.stop()
    }

    @Test func answersRequestsSentAheadInOrder() throws {
        let under = try ServerUnderTest()
        let connection = try under.connect()
        let count = 500
        let requests = (0..<count).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined()
        try connection.send(requests)
        try connection.send("GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        let answers = try connection.receiveAll()
        let paths = answers.split(separator: "GET /").dropFirst()
            .map { $0.prefix { $0 != " " } }
        let expected = (0..<count).map(String.init) + ["last"]
        #expect(paths.map(String.init) == expected)
        under.stop()
    }

    /// Answers from other threads, and requests sent ahead meanwhile.
    @Test func answersLaterInOrder() throws {
        let worker = try EventLoop(name: "worker")
        try worker.start()
        let under = try ServerUnderTest { request, responder in
            worker.post { ServerUnderTest.echo(request, responder) }
        }
        let connection = try under.connect()
        let requests = (0..<50).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined()
        try connection.send(requests + "GET /last HTTP/1.0\r\n\r\n")
        let answers = try connection.receiveAll()
        let paths = answers.split(separator: "GET /").dropFirst()
            .map { $0.prefix { $0 != " " } }
        let expected = (0..<50).map(String.init) + ["last"]
        #expect(paths.map(String.init) == expected)
        under.stop()
        worker.stop()
    }

    @Test func answersARequestSentByteByByte() throws {
        let under = try ServerUnderTest()
        let connection = try under.connect()
        let text =
            "POST /slow HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
            + "Content-Length: 2\r\n\r\nhi"
        for byte in text.utf8 { try connection.send([byte]) }
        #expect(try connection.receiveAll().hasSuffix("POST /slow hi"))
        under.stop()
    }

    @Test func headHasNoBodyButItsLength() throws {
        let under = try ServerUnderTest()
        let response = try under.client().request("HEAD", "/abc")
        #expect(response.header("content-length") == "10")
        #expect(response.body.isEmpty)
        under.stop()
    }

    @Test func speaksToVersionZero() throws {
        let under = try ServerUnderTest()
        let closing = try under.connect()
        try closing.send("GET / HTTP/1.0\r\n\r\n")
        #expect(try closing.receiveAll().contains("connection: close\r\n"))
        let kept = try under.connect()
        for _ in 0..<2 {
            try kept.send("GET /k HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try kept.receive(until: "GET /k").contains("connection: keep-alive\r\n"))
        }
        under.stop()
    }

    @Test func saysContinueBeforeTheBody() throws {
        let under = try ServerUnderTest()
        let connection = try under.connect()
        try connection.send(
            "POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(try connection.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.send("ok")
        #expect(try connection.receive(until: "POST /e ok").hasPrefix("HTTP/1.1 200 OK\r\n"))
        under.stop()
    }

    @Test func bodilessStatusesHaveNoLength() throws {
        let under = try ServerUnderTest { _, responder in
            responder.respond(HTTPResponse(status: 204, body: [1, 2, 3]))
        }
        let client = try under.client()
        for _ in 0..<2 {
            let response = try client.request("DELETE", "/")
            #expect(response.status == 204)
            #expect(response.header("content-length") == nil)
        }
        under.stop()
    }

    @Test func aSecondAnswerIsIgnored() throws {
        let under = try ServerUnderTest { request, responder in
            responder.respond(HTTPResponse(status: 200, body: request.body))
            responder.respond(HTTPResponse(status: 500))
        }
        let client = try under.client()
        for number in UInt8(0)..<3 {
            let response = try client.request("POST", "/", body: [number])
            #expect(response.status == 200)
            #expect(response.body == [number])
        }
        under.stop()
    }

    @Test func servesFromSeveralLoops() throws {
        let under = try ServerUnderTest(loops: 2)
        for number in 0..<20 {
            let response = try under.client().request("GET", "/\(number)")
            #expect(response.body == Array("GET /\(number) ".utf8))
        }
        under.stop()
    }

    /// Stopping finishes what is under way and ends what is idle.
    @Test func stopsGracefully() throws {
        let held = Mutex<[Responder]>([])
        let arrived = Gate()
        let under = try ServerUnderTest { request, responder in
            if request.path == "/idle" { return ServerUnderTest.echo(request, responder) }
            held.withLock { $0.append(responder) }
            arrived.open()
        }
        let idle = try under.connect()
        try idle.send("GET /idle HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = try idle.receive(until: "GET /idle")
        let busy = try under.connect()
        try busy.send("GET /busy HTTP/1.1\r\nHost: h\r\n\r\n")
        arrived.wait()
        let stopped = Gate()
        let stopper = try OSThread.start("stopper") {
            under.stop()
            stopped.open()
        }
        #expect(try idle.receiveAll() == "")
        #expect(under.server.counts.connections == 1)
        let responders = held.withLock { $0 }
        responders.first?.respond(HTTPResponse(status: 200, body: Array("done".utf8)))
        #expect(try busy.receiveAll().hasSuffix("done"))
        busy.close()
        stopped.wait()
        stopper.join()
        #expect(under.server.counts.connections == 0)
        #expect(throws: PlatformFailure.self) { try under.client().request("GET", "/") }
    }

    @Test(arguments: [1, 2]) func aPortInUseIsRefused(loops: Int) throws {
        let under = try ServerUnderTest(loops: loops)
        var configuration = HTTPConfiguration()
        for number in [1, 2] {
            configuration.loops = number
            let operation = "listen on 127.0.0.1:\(under.server.port)"
            #expect(throws: PlatformFailure.system(operation: operation, code: EADDRINUSE)) {
                _ = try HTTPServer(
                    address: "127.0.0.1", port: under.server.port, configuration: configuration,
                    answer: ServerUnderTest.echo)
            }
        }
        under.stop()
    }

    @Test func anAddressOfAnotherMachineIsRefused() throws {
        #expect(throws: PlatformFailure.unknownHost("no such host")) {
            _ = try HTTPServer(address: "no such host", port: 0, answer: ServerUnderTest.echo)
        }
        #expect(throws: PlatformFailure.self) {
            _ = try HTTPServer(address: "192.0.2.1", port: 0, answer: ServerUnderTest.echo)
        }
    }
}
