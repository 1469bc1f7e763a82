// Responses written piece by piece: events arrive, slow and lost readers are noticed.
import Platform
import Primitives
import Synchronization
import Testing

@Suite struct HTTPStreamTests {
    private static let fields = [(name: "content-type", value: "text/event-stream")]

    @Test func eventsArriveInOrderAndTheConnectionGoesOn() throws {
        let sent = (0..<100).map {
            ServerSentEvent(id: "\($0)", event: $0 % 2 == 0 ? "message" : "odd", data: "a\n\($0)")
        }
        let under = try ServerUnderTest { request, responder in
            if request.path != "/events" { return ServerUnderTest.echo(request, responder) }
            let stream = responder.stream(status: 200, headers: Self.fields)
            for event in sent { stream.write(event.encoded) }
            stream.close()
        }
        let client = try under.client()
        var received: [ServerSentEvent] = []
        let status = try client.events("/events") { event in
            received.append(event)
            return true
        }
        #expect(status == 200)
        #expect(received == sent)
        #expect(try client.request("GET", "/after").body == Array("GET /after ".utf8))
        #expect(under.server.counts.connections == 1)
        under.stop()
    }

    @Test func aReaderThatLeavesIsNoticed() throws {
        let closed = Gate()
        let under = try ServerUnderTest { _, responder in
            let stream = responder.stream(status: 200, headers: Self.fields)
            stream.onClose { closed.open() }
            stream.write(ServerSentEvent(id: "", event: "message", data: "1").encoded)
        }
        try under.client().events("/") { _ in false }
        closed.wait()
        under.stop()
    }

    /// The connection is cut rather than the body, and no more than the limit is held.
    @Test func aReaderThatStopsReadingIsCutOff() throws {
        var limits = ServerUnderTest.limits
        limits.streamBytes = 64 << 10
        let streams = Mutex<[ResponseStream]>([])
        let arrived = Gate()
        let closed = Gate()
        let under = try ServerUnderTest(limits: limits) { _, responder in
            let stream = responder.stream(status: 200, headers: Self.fields)
            stream.onClose { closed.open() }
            streams.withLock { $0.append(stream) }
            arrived.open()
        }
        let connection = try under.connect()
        try connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        arrived.wait()
        let stream = try #require(streams.withLock { $0.first })
        var writes = 0
        while stream.write([UInt8](repeating: 1, count: 16 << 10)), writes < 10_000 { writes += 1 }
        #expect(writes < 10_000)
        closed.wait()
        #expect(!stream.isOpen)
        #expect(!stream.write([1]))
        under.stop()
    }

    @Test func oldClientsGetAStreamThatTheConnectionEnds() throws {
        let under = try ServerUnderTest { _, responder in
            let stream = responder.stream(status: 200, headers: Self.fields)
            stream.write(Array("plain".utf8))
            stream.close()
        }
        let connection = try under.connect()
        try connection.send("GET / HTTP/1.0\r\n\r\n")
        let answer = try connection.receiveAll()
        #expect(answer.hasSuffix("\r\n\r\nplain"))
        #expect(!answer.contains("transfer-encoding"))
        under.stop()
    }

    @Test func stoppingEndsStreamsProperly() throws {
        let arrived = Gate()
        let under = try ServerUnderTest { _, responder in
            let stream = responder.stream(status: 200, headers: Self.fields)
            stream.write(Array("open".utf8))
            stream.onClose { arrived.open() }
        }
        let connection = try under.connect()
        try connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        let start = try connection.receive(until: "open")
        let stopper = try OSThread.start("stopper") { under.stop() }
        #expect(try (start + connection.receiveAll()).hasSuffix("4\r\nopen\r\n0\r\n\r\n"))
        arrived.wait()
        connection.close()
        stopper.join()
    }
}
