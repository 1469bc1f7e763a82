// The client: addresses, framings of responses, and connections that are no longer there.
import Platform
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Platform

@Suite struct HTTPClientTests {
    @Test(arguments: [
        ("http://h", "h", 80, ""), ("http://h:8080/", "h", 8080, ""),
        ("HTTP://127.0.0.1:1/a/b/", "127.0.0.1", 1, "/a/b"), ("http://[::1]", "::1", 80, ""),
        ("http://[::1]:99/x", "::1", 99, "/x"),
    ] as [(String, String, UInt16, String)])
    func readsAddresses(text: String, host: String, port: UInt16, prefix: String) throws {
        let address = try HTTPAddress(text)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.prefix == prefix)
    }

    @Test(arguments: [
        "https://h", "h:80", "http://", "http:///a", "http://h:port", "http://h:65536",
        "http://u@h", "http://h/a?b", "http://h/ a", "http://[::1", "http://:80", "http://a:1:2",
    ])
    func refusesAddresses(text: String) {
        #expect(throws: PlatformFailure.unsupportedAddress(text)) { _ = try HTTPAddress(text) }
    }

    /// Each response, fed whole and byte by byte, then the end of the stream.
    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", true),
        ("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, "", true),
        ("HTTP/1.1 204\r\n\r\n", 204, "", true),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", 200, "hi",
            true
        ),
        ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi", 200, "hi", false),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 X\r\nContent-Length: 1\r\n\r\nx", 500, "x",
            true
        ),
        ("HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, "until the end", false),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, "", true),
    ])
    func readsResponses(text: String, status: Int, body: String, keepsAlive: Bool) throws {
        let bytes = Array(text.utf8)
        for pieces in [[bytes], bytes.map { [$0] }] {
            let read = try read(pieces)
            #expect(read.status == status)
            #expect(String(decoding: read.body, as: UTF8.self) == body)
            #expect(read.keepsAlive == keepsAlive)
        }
    }

    private func read(
        _ pieces: [[UInt8]]
    ) throws -> (status: Int, body: [UInt8], keepsAlive: Bool) {
        var parser = HTTPResponseParser(bodyBytes: 100)
        var result = (status: 0, body: [UInt8](), keepsAlive: false)
        var waiting: [UInt8] = []
        for piece in pieces {
            waiting += piece
            var isStuck = false
            while !isStuck {
                let step = try waiting.withUnsafeBytes { try parser.consume($0) }
                waiting.removeFirst(step.used)
                switch step.event {
                case .head(let head): result = (head.status, [], head.keepsAlive)
                case .bytes(let bytes): result.body += bytes
                case .end: return result
                case .needsMore: isStuck = step.used == 0
                }
            }
        }
        if !parser.mayEndHere { throw PlatformFailure.connectionClosed }
        return result
    }

    @Test(arguments: [
        ("HTTP/2 200\r\n\r\n", HTTPFault.malformedStartLine),
        ("HTTP/2.0 200 OK\r\n\r\n", .unsupportedVersion),
        ("HTTP/1.1 20 OK\r\n\r\n", .malformedStartLine),
        ("HTTP/1.1 2000 OK\r\n\r\n", .malformedStartLine),
        ("<html>\r\n\r\n", .notHTTP),
        ("HTTP/1.1 200 OK\nContent-Length: 0\n\n", .bareLineFeed),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            .repeatedContentLength
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", .bodyTooLarge),
    ])
    func refusesResponses(text: String, fault: HTTPFault) {
        #expect(throws: fault) { try read([Array(text.utf8)]) }
    }

    /// A body whose length nobody has declared is bounded like any other.
    @Test func refusesAChunkedBodyOverTheLimit() throws {
        let under = try ServerUnderTest { _, responder in
            let stream = responder.stream(status: 200, headers: [])
            for _ in 0..<40 { stream.write([UInt8](repeating: 0x78, count: 10_000)) }
            stream.close()
        }
        let client = try under.client()
        client.maximumBodyBytes = 400_000
        #expect(try client.request("GET", "/").body.count == 400_000)
        client.maximumBodyBytes = 399_999
        #expect(throws: PlatformFailure.malformedResponse(.bodyTooLarge)) {
            try client.request("GET", "/")
        }
        under.stop()
    }

    @Test func connectsAgainAfterTheServerHasClosed() throws {
        var limits = ServerUnderTest.limits
        limits.idleNanoseconds = 30 * Nanoseconds.perMillisecond
        let under = try ServerUnderTest(limits: limits)
        let client = try under.client()
        for _ in 0..<3 {
            let later = try under.connect()
            #expect(try client.request("POST", "/", body: [1]).status == 200)
            // Idle for less long than the client, so that it is closed after it.
            try later.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try later.receiveAll()
        }
        #expect(under.server.counts.requests == 6)
        under.stop()
    }

    @Test func aSilentServerIsTimedOut() throws {
        let held = Mutex<[Responder]>([])
        let under = try ServerUnderTest { _, responder in held.withLock { $0.append(responder) } }
        #expect(throws: PlatformFailure.timedOut(operation: "receive")) {
            try under.client().request("GET", "/", timeoutNanoseconds: 30_000_000)
        }
        held.withLock { $0.removeAll() }
        under.stop()
    }

    @Test func nobodyListeningIsSaid() throws {
        let under = try ServerUnderTest()
        under.stop()
        #expect(throws: PlatformFailure.self) { try under.client().request("GET", "/") }
    }

    @Test(arguments: [
        ("GE T", "/", "x"), ("GET", "/a b", "x"), ("GET", "a", "x"), ("GET", "/", "\n"),
    ])
    func refusesToSendWhatIsNoHTTP(method: String, path: String, value: String) throws {
        let client = try HTTPClient("http://127.0.0.1:9")
        #expect(throws: PlatformFailure.self) {
            try client.request(method, path, headers: [("x", value)])
        }
    }
}
