// Spoiled and truncated requests: refused or decoded, never a trap, and what is accepted is sound.
import Primitives
import TestSupport
import Testing

@testable import Telemetry

@Suite struct HostileBytesTests {
    /// Decodes whatever it is; the payload of what is accepted must decode to the same span.
    private func check(_ bytes: [UInt8], _ format: TelemetryFormat) throws -> Bool {
        guard
            let request = try? TraceRequest.decode(bytes, format: format, now: sampleNow)
        else { return false }
        for span in request.spans {
            var again = try Payload.span(span.payload)
            again.index = span.index
            again.payload = span.payload
            #expect(again == span)
        }
        return true
    }

    @Test func everyTruncationOfAVectorIsRefusedOrSound() throws {
        let wire = try Samples.vector("traces.hex")
        var accepted = 0
        for count in 0..<wire.count where try check(Array(wire.prefix(count)), .protobuf) {
            accepted += 1
        }
        #expect(accepted == 2, "cut before, and after the first of two resources")
    }

    @Test func everyTruncationOfATextIsRefused() throws {
        let text = try Samples.vector("traces.json")
        for count in stride(from: 0, to: text.count - 2, by: 7) {
            #expect(try !check(Array(text.prefix(count)), .json))
        }
    }

    @Test(arguments: propertySeeds)
    func spoiledBytes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let wire = try Samples.vector("traces.hex")
        let text = try Samples.vector("traces.json")
        var decoded = 0
        for round in 0..<60 {
            var spoiled = round % 3 == 0 ? text : wire
            for _ in 0..<Int.random(in: 1..<4, using: &generator) {
                let place = Int.random(in: 0..<spoiled.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: spoiled[place] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: spoiled[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                default: spoiled.remove(at: place)
                }
            }
            if try check(spoiled, round % 3 == 0 ? .json : .protobuf) { decoded += 1 }
        }
        #expect(decoded < 60, "seed \(seed)")
    }

    @Test(arguments: propertySeeds)
    func noiseIsNoTrap(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var refused = 0
        for _ in 0..<200 {
            let count = Int.random(in: 1..<64, using: &generator)
            if try !check(generator.bytes(count), .protobuf) { refused += 1 }
        }
        #expect(refused > 100, "seed \(seed)")
    }
}
