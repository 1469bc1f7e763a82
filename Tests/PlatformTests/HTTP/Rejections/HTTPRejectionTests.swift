// Requests the parser refuses, each named for its fault.
import Platform
import Testing

/// One malformed message and what is wrong with it.
struct MalformedMessage: Sendable, CustomTestStringConvertible {
    var text: String
    var fault: HTTPFault

    init(_ fault: HTTPFault, _ text: String) {
        self.fault = fault
        self.text = text
    }

    /// With a correct request line and Host.
    init(_ fault: HTTPFault, fields: String) {
        self.init(fault, "POST / HTTP/1.1\r\nHost: h\r\n" + fields)
    }

    /// With a correct Host and a chunked body.
    init(_ fault: HTTPFault, chunks: String) {
        self.init(fault, fields: "Transfer-Encoding: chunked\r\n\r\n" + chunks)
    }

    var testDescription: String { "\(fault): \(text.debugDescription.prefix(90))" }

    static let limits: HTTPLimits = {
        var limits = HTTPLimits()
        limits.requestLineBytes = 64
        limits.headerBytes = 256
        limits.headerCount = 8
        limits.bodyBytes = 100
        return limits
    }()

    static let startLines: [MalformedMessage] = [
        .init(.notHTTP, "\u{16}\u{03}\u{01}\u{02}\u{00}"),
        .init(.notHTTP, " GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.bareLineFeed, "GET / HTTP/1.1\nHost: h\r\n\r\n"),
        .init(.bareLineFeed, "GET / HTTP/1.1\r\nHost: h\n\r\n"),
        .init(.bareLineFeed, "GET / HTTP/1.1\r\nHost: h\r\n\n"),
        .init(.bareLineFeed, "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.requestLineTooLong, "GET /" + String(repeating: "a", count: 80)),
        .init(
            .requestLineTooLong,
            "GET /\(String(repeating: "a", count: 80)) HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedStartLine, "GET  / HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedStartLine, "GET / HTTP/1.1 \r\nHost: h\r\n\r\n"),
        .init(.malformedStartLine, "GET / a HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedStartLine, "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedStartLine, "GET /\r\nHost: h\r\n\r\n"),
        .init(.malformedStartLine, "GET\r\nHost: h\r\n\r\n"),
        .init(.malformedStartLine, "G@T / HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedStartLine, "GET / http/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedStartLine, "GET / HTTP/1.10\r\nHost: h\r\n\r\n"),
        .init(.malformedStartLine, "GET / HTTP/1\r\nHost: h\r\n\r\n"),
        .init(.malformedStartLine, "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.unsupportedVersion, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        .init(.unsupportedVersion, "GET / HTTP/0.9\r\nHost: h\r\n\r\n"),
        .init(.malformedTarget, "GET a HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedTarget, "GET * HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedTarget, "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedTarget, "GET /\u{7F} HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedTarget, "GET /é HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedTarget, "GET /a\rb HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedTarget, "GET http:///a HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedTarget, "GET http://u@h/a HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedTarget, "GET ftp://h/a HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedPercentEncoding, "GET /% HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedPercentEncoding, "GET /%4 HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedPercentEncoding, "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedPercentEncoding, "GET /a%00 HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedPercentEncoding, "GET /a%0a HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedPercentEncoding, "GET /%ff HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.malformedPercentEncoding, "GET /?a=%c3 HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.dotSegment, "GET /a/../b HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.dotSegment, "GET /%2e%2E HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.dotSegment, "GET /. HTTP/1.1\r\nHost: h\r\n\r\n"),
        .init(.tunnelRequested, "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"),
    ]

    static let fields: [MalformedMessage] = [
        .init(.headersTooLarge, fields: "A: " + String(repeating: "a", count: 300)),
        .init(.headersTooLarge, fields: "A: \(String(repeating: "a", count: 300))\r\n\r\n"),
        .init(.tooManyHeaders, fields: String(repeating: "A: b\r\n", count: 9) + "\r\n"),
        .init(.spaceBeforeColon, fields: "Content-Length : 3\r\n\r\nabc"),
        .init(.spaceBeforeColon, fields: "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
        .init(.foldedLine, fields: "A: b\r\n c\r\n\r\n"),
        .init(.foldedLine, fields: "A: b\r\n\tc\r\n\r\n"),
        .init(.malformedFieldName, fields: "A\r\n\r\n"),
        .init(.malformedFieldName, fields: ": b\r\n\r\n"),
        .init(.malformedFieldName, fields: "A(: b\r\n\r\n"),
        .init(.malformedFieldName, fields: "Ä: b\r\n\r\n"),
        .init(.malformedFieldValue, fields: "A: b\u{00}c\r\n\r\n"),
        .init(.malformedFieldValue, fields: "A: b\rc\r\n\r\n"),
        .init(.malformedFieldValue, fields: "A: b\u{0B}\r\n\r\n"),
        .init(.missingHost, "GET / HTTP/1.1\r\n\r\n"),
        .init(.missingHost, "GET http://h/ HTTP/1.1\r\n\r\n"),
        .init(.repeatedHost, fields: "Host: h\r\n\r\n"),
        .init(.malformedHost, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        .init(.malformedHost, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        .init(.unknownExpectation, fields: "Expect: 200-ok\r\n\r\n"),
        .init(.unknownExpectation, fields: "Expect: 100-continue\r\nExpect: x\r\n\r\n"),
    ]

    static let framing: [MalformedMessage] = [
        .init(.malformedContentLength, fields: "Content-Length: -1\r\n\r\n"),
        .init(.malformedContentLength, fields: "Content-Length: +1\r\n\r\na"),
        .init(.malformedContentLength, fields: "Content-Length: 0x1\r\n\r\na"),
        .init(.malformedContentLength, fields: "Content-Length: \r\n\r\n"),
        .init(.malformedContentLength, fields: "Content-Length: 1, 1\r\n\r\na"),
        .init(.malformedContentLength, fields: "Content-Length: 1 1\r\n\r\na"),
        .init(
            .repeatedContentLength,
            fields: "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        .init(
            .repeatedContentLength,
            fields: "Content-Length: 1\r\nContent-Length: 1\r\n\r\na"),
        .init(
            .lengthAndEncoding,
            fields: "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        .init(
            .lengthAndEncoding,
            fields: "Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc"),
        .init(
            .encodingInOldVersion,
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        .init(
            .malformedTransferEncoding,
            fields: "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
        .init(
            .malformedTransferEncoding,
            fields: "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n"),
        .init(.unknownTransferEncoding, fields: "Transfer-Encoding: gzip, chunked\r\n\r\n"),
        .init(.unknownTransferEncoding, fields: "Transfer-Encoding: identity\r\n\r\n"),
        .init(.unknownTransferEncoding, fields: "Transfer-Encoding: xchunked\r\n\r\n"),
        .init(.unknownTransferEncoding, fields: "Transfer-Encoding: \"chunked\"\r\n\r\n"),
        .init(.unknownTransferEncoding, fields: "Transfer-Encoding:\r\n\r\n"),
        .init(.bodyTooLarge, fields: "Content-Length: 101\r\n\r\n"),
        .init(.bodyTooLarge, fields: "Content-Length: 99999999999999999999999999\r\n\r\n"),
        .init(.bodyTooLarge, chunks: "65\r\n"),
        .init(.bodyTooLarge, chunks: "64\r\n\(String(repeating: "a", count: 100))\r\n1\r\n"),
        .init(.bodyTooLarge, chunks: "7ffffffffffffff\r\n"),
    ]

    static let chunks: [MalformedMessage] = [
        .init(.malformedChunkSize, chunks: "\r\n"),
        .init(.malformedChunkSize, chunks: "g\r\n"),
        .init(.malformedChunkSize, chunks: " 1\r\na\r\n"),
        .init(.malformedChunkSize, chunks: "1 \r\na\r\n"),
        .init(.malformedChunkSize, chunks: "-1\r\na\r\n"),
        .init(.malformedChunkSize, chunks: "0x1\r\na\r\n"),
        .init(.malformedChunkSize, chunks: "1\na\r\n"),
        .init(.malformedChunkSize, chunks: "1\rxa\r\n"),
        .init(.malformedChunkSize, chunks: "0000000000000001\r\na\r\n"),
        .init(.malformedChunkSize, chunks: "ffffffffffffffff\r\n"),
        .init(.malformedChunkExtension, chunks: "1;a\nb\r\n"),
        .init(.malformedChunkExtension, chunks: "1;" + String(repeating: "a", count: 300)),
        .init(
            .malformedChunkExtension,
            chunks: String(repeating: "1;abcdefgh\r\na\r\n", count: 40)),
        .init(.missingChunkEnd, chunks: "1\r\nab\r\n"),
        .init(.missingChunkEnd, chunks: "1\r\na\n0\r\n\r\n"),
        .init(.missingChunkEnd, chunks: "1\r\na\r0\r\n\r\n"),
        .init(.malformedTrailer, chunks: "0\r\n\n"),
        .init(.malformedTrailer, chunks: "0\r\n\rx"),
        .init(.malformedTrailer, chunks: "0\r\n folded\r\n\r\n"),
        .init(.malformedTrailer, chunks: "0\r\nA : b\r\n\r\n"),
        .init(.malformedTrailer, chunks: "0\r\nA: b\n\r\n"),
        .init(.malformedTrailer, chunks: "0\r\n" + String(repeating: "A: b\r\n", count: 50)),
    ]

    static let all = startLines + fields + framing + chunks
}

@Suite struct HTTPRejectionTests {
    @Test(arguments: MalformedMessage.all) func refuses(message: MalformedMessage) {
        let parsed = ParsedMessages(message.text, limits: MalformedMessage.limits)
        #expect(parsed.fault == message.fault)
        #expect(parsed.requests.isEmpty)
    }

    /// A fault stays: a parser is never talked out of it.
    @Test func repeatsItsFault() {
        var parser = HTTPRequestParser(limits: HTTPLimits())
        for text in ["GET / HTTP/3.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"] {
            #expect(throws: HTTPFault.unsupportedVersion) {
                try Array(text.utf8).withUnsafeBytes { _ = try parser.consume($0) }
            }
        }
    }

    @Test func everyFaultOfTheParserHasAnExample() {
        let ofTheServer: Set<HTTPFault> = [
            .cutShort, .slowHeader, .slowBody, .overloaded, .unanswered,
        ]
        let shown = Set(MalformedMessage.all.map(\.fault)).union(ofTheServer)
        #expect(HTTPFault.allCases.filter { !shown.contains($0) } == [])
    }

    @Test(arguments: HTTPFault.allCases) func everyFaultHasAStatusAndASentence(fault: HTTPFault) {
        #expect((400...599).contains(fault.status))
        #expect(fault.detail.hasSuffix("."))
    }
}
