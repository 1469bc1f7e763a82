// A message means the same however the network cuts it.
import Platform
import Primitives
import TestSupport
import Testing

@Suite struct HTTPSplitTests {
    static let accepted = [
        "GET /a?b=c HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
        "\r\nPOST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nT: u\r\n\r\n",
        "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
            + "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx"
            + "GET /3 HTTP/1.0\r\n\r\n",
    ]
    static let texts = accepted + MalformedMessage.all.map(\.text)

    @Test func cutAtEachByte() {
        for text in Self.texts {
            let bytes = Array(text.utf8)
            let whole = ParsedMessages([bytes], limits: MalformedMessage.limits)
            for cut in 0...bytes.count {
                let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
                let parsed = ParsedMessages(pieces, limits: MalformedMessage.limits)
                #expect(parsed == whole, "cut at \(cut): \(text.debugDescription)")
            }
        }
    }

    @Test func fedByteByByte() {
        for text in Self.texts {
            let bytes = Array(text.utf8)
            let whole = ParsedMessages([bytes], limits: MalformedMessage.limits)
            let parsed = ParsedMessages(bytes.map { [$0] }, limits: MalformedMessage.limits)
            #expect(parsed == whole, "\(text.debugDescription)")
        }
    }

    /// Spoiled messages too: whatever they turn into, the pieces do not matter.
    @Test(arguments: propertySeeds) func spoiledAndCutAtRandom(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for text in Self.texts {
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            var pieces: [[UInt8]] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + Int.random(in: 1...9, using: &generator))
                pieces.append(Array(bytes[start..<end]))
                start = end
            }
            let whole = ParsedMessages([bytes], limits: MalformedMessage.limits)
            let parsed = ParsedMessages(pieces, limits: MalformedMessage.limits)
            #expect(parsed == whole, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
