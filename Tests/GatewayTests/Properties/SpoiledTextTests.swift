// Token files and record ids with faults in them: refused, or one with the same meaning.
import Gateway
import Node
import Primitives
import TestSupport
import Testing

@Suite struct SpoiledTextTests {
    private func spoiled(
        _ good: [UInt8], using generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = good
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: bytes[..<place], at: place)
            default: bytes.swapAt(place, bytes.count - 1)
            }
        }
        return bytes
    }

    @Test(arguments: propertySeeds) func tokenFiles(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let entries = (0..<3).map { _ in
            TokenTable.Entry(
                name: "þ \"1\"", digest: .random(using: &generator),
                owner: .random(using: &generator))
        }
        let good = TokenTable(entries).encoded
        #expect(try TokenTable(parsing: good).entries == entries, "seed \(seed)")
        for _ in 0..<60 {
            let bytes = spoiled(good, using: &generator)
            guard let table = try? TokenTable(parsing: bytes) else { continue }
            let again = try TokenTable(parsing: table.encoded)
            #expect(again.entries == table.entries, "seed \(seed): \(Hex.encode(bytes))")
        }
    }

    @Test(arguments: propertySeeds) func recordIDs(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let id = RecordID(
                batch: generator.next() >> UInt64.random(in: 0..<64, using: &generator),
                row: Int.random(in: 0..<Limits.recordsPerBatch, using: &generator))
            #expect(RecordID(id.description) == id, "seed \(seed)")
            let bytes = spoiled(Array(id.description.utf8), using: &generator)
            let text = String(decoding: bytes, as: UTF8.self)
            guard let other = RecordID(text) else { continue }
            #expect(RecordID(other.description) == other, "seed \(seed): \(text)")
        }
    }
}
