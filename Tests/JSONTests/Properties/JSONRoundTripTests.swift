// Random values survive writing and parsing; spoiled texts are refused or mean what they say.
import JSON
import Primitives
import TestSupport
import Testing

@Suite struct JSONRoundTripTests {
    private func randomText(_ generator: inout SeededGenerator) -> String {
        let pieces = ["a", "\"", "\\", "\n", "é", "😀", "\u{1}", "0123456789abcdef", "\u{FFFF}"]
        return (0..<Int.random(in: 0..<6, using: &generator)).map { _ in
            pieces[Int.random(in: 0..<pieces.count, using: &generator)]
        }.joined()
    }

    private func randomValue(_ generator: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3: return .string(randomText(&generator))
        case 4:
            return .array(
                (0..<Int.random(in: 0..<5, using: &generator)).map { _ in
                    randomValue(&generator, depth: depth - 1)
                })
        default:
            return .object(
                (0..<Int.random(in: 0..<24, using: &generator)).map {
                    JSONMember("\($0)" + randomText(&generator),
                        randomValue(&generator, depth: depth - 1))
                })
        }
    }

    @Test(arguments: propertySeeds)
    func writtenValuesParseToThemselves(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let value = randomValue(&generator, depth: 5)
        for layout in [JSONLayout.compact, .pretty] {
            let text = value.text(layout)
            #expect(try JSONValue(parsing: text) == value, "seed \(seed)")
        }
    }

    @Test(arguments: propertySeeds)
    func everyTruncationIsRefused(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let text = JSONValue.array([randomValue(&generator, depth: 2)]).text()
        for length in 0..<min(text.count, 400) {
            let prefix = Array(text.prefix(length))
            #expect(throws: JSONFailure.self, "seed \(seed), length \(length)") {
                try JSONDocument(prefix)
            }
        }
    }

    @Test(arguments: propertySeeds)
    func spoiledTextsAreRefusedOrConsistent(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let text = randomValue(&generator, depth: 3).text()
        for _ in 0..<100 where !text.isEmpty {
            var spoiled = text
            let place = Int.random(in: 0..<spoiled.count, using: &generator)
            spoiled[place] = UInt8.random(in: .min ... .max, using: &generator)
            guard let value = try? JSONValue(parsing: spoiled) else { continue }
            #expect((try? JSONValue(parsing: value.text())) == value, "seed \(seed)")
        }
    }
}
