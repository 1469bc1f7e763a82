// A response means the same however the network cuts it, spoiled ones too.
import Platform
import Primitives
import TestSupport
import Testing

@testable import Platform

@Suite struct ResponseSplitTests {
    /// What a parser made of pieces fed in order.
    private struct Reading: Equatable {
        var statuses: [Int] = []
        var body: [UInt8] = []
        var ends = 0
        var fault: HTTPFault?

        init(_ pieces: [[UInt8]]) {
            var parser = HTTPResponseParser(bodyBytes: 64)
            var waiting: [UInt8] = []
            do throws(HTTPFault) {
                for piece in pieces {
                    waiting += piece
                    while try step(&parser, &waiting) {}
                }
            } catch {
                // What had come before the fault depends on the pieces, and nobody uses it.
                fault = error
                body = []
            }
        }

        /// Whether another call may give something.
        private mutating func step(
            _ parser: inout HTTPResponseParser, _ waiting: inout [UInt8]
        ) throws(HTTPFault) -> Bool {
            let step = try waiting.withUnsafeBufferPointer { bytes throws(HTTPFault) in
                try parser.consume(UnsafeRawBufferPointer(bytes))
            }
            waiting.removeFirst(step.used)
            switch step.event {
            case .head(let head): statuses.append(head.status)
            case .bytes(let bytes): body += bytes
            case .end: ends += 1
            case .needsMore: return step.used > 0
            }
            return true
        }
    }

    private static let texts = [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 204 No\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhi\r\n1\r\n!\r\n0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 X\r\nConnection: close\r\n\r\nto the end",
        "HTTP/1.0 200 OK\r\n\r\nuntil the end",
    ]

    @Test(arguments: propertySeeds) func spoiledAndCutAtRandom(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<40 {
            var bytes = Array(Self.texts[round % Self.texts.count].utf8)
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
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
            #expect(
                Reading(pieces) == Reading([bytes]),
                "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test(arguments: propertySeeds) func eventsDoNotDependOnPieces(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("data: id event\n\r\n\n:þ\u{FEFF}".utf8)
        for _ in 0..<40 {
            let bytes = (0..<Int.random(in: 1...80, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0x0A
            }
            var whole = EventStreamParser()
            var bytewise = EventStreamParser()
            #expect(
                bytes.flatMap { bytewise.feed([$0]) } == whole.feed(bytes),
                "seed \(seed): \(Hex.encode(bytes))")
        }
    }
}
