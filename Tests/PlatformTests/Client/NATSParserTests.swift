// What a NATS server says, by a table, whole and byte by byte; and what it may not say.
import Platform
import Testing

@Suite struct NATSParserTests {
    private func events(_ text: String, by step: Int) throws -> [NATSEvent] {
        var parser = NATSParser()
        var events: [NATSEvent] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: step) {
            parser.feed(bytes[start..<min(start + step, bytes.count)])
            while let event = try parser.next() { events.append(event) }
        }
        return events
    }

    @Test(arguments: [1, 3, 7, 1_000]) func everyLineIsRead(step: Int) throws {
        let text = "INFO {\"a\":1}\r\nPING\r\npong\r\n+OK\r\n-ERR 'no'\r\nMSG x.y 9 5\r\na\r\nb\n\r\n"
            + "MSG x 1 back 0\r\n\r\nHMSG x 1 14 16\r\nNATS/1.0 1\r\n\r\nhi\r\n"
        #expect(
            try events(text, by: step) == [
                .info(Array(" {\"a\":1}".utf8)), .ping, .pong, .ok, .error(" 'no'"),
                .message(subject: "x.y", sid: "9", status: nil, payload: Array("a\r\nb\n".utf8)),
                .message(subject: "x", sid: "1", status: nil, payload: []),
                .message(subject: "x", sid: "1", status: 1, payload: Array("hi".utf8)),
            ])
    }

    @Test func whatIsNotOfTheProtocolIsRefused() {
        for (text, fault): (String, NATSFault) in [
            ("HELLO\r\n", .malformedLine), ("\r\n", .malformedLine), ("PING\n", .malformedLine),
            ("MSG a 1\r\n", .malformedLine), ("MSG a 1 -1\r\n", .malformedLine),
            ("MSG a 1 b 2 3\r\n", .malformedLine), ("HMSG a 1 5 4\r\n", .malformedLine),
            ("MSG a 1 99999999999\r\n", .malformedLine),
            ("MSG a 1 4194305\r\n", .payloadTooLong(bytes: 4_194_305)),
            ("MSG a 1 1\r\nab\r\n", .unterminated), ("\u{0}\r\n", .malformedLine),
            (String(repeating: "x", count: 32_769), .lineTooLong),
        ] { #expect(throws: fault) { try events(text, by: 4_096) } }
    }
}
