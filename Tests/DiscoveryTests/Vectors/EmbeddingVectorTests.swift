// Rows against those that other code made from docs/spec/discovery.md, and what rows promise.
import Primitives
import TestSupport
import Testing

@testable import Discovery

@Suite struct EmbeddingVectorTests {
    @Test func rowsAreThoseOfThePage() throws {
        let bytes = try #require(VectorFiles.read("discovery/rows.txt"))
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 13)
        for line in lines {
            let parts = line.split(separator: " ").map(String.init)
            let text = parts[0] == "-" ? [] : try #require(Hex.decode(parts[0]))
            let row = Embedding(String(decoding: text, as: UTF8.self)).row
            #expect(Hex.encode(row.map { UInt8(bitPattern: $0) }) == parts[1], "\(line.prefix(80))")
        }
    }

    @Test(arguments: propertySeeds) func anyTextHasARowOfOneLength(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let bytes = chance.bytes(Int.random(in: 0...6_000, using: &chance))
        let row = Embedding(String(decoding: bytes, as: UTF8.self)).row
        #expect(row.count == Embedding.width)
        let squares = row.reduce(0) { $0 + Int($1) * Int($1) }
        #expect(squares == 0 || abs(squares - 127 * 127) < 1_500, "seed \(seed)")
    }

    @Test func aTextIsLikeItself() {
        let row = Embedding("translate contracts")
        #expect(row.similarity(to: row) > 970_000)
        #expect(Embedding("").isZero && Embedding("the").isZero)
    }
}
