// Cutting: sizes in range, nothing lost, shared content cut alike, the cuts fixed for good.
import Cryptography
import Primitives
import Storage
import TestSupport
import Testing

@Suite struct ChunkCutterTests {
    private func cut(_ bytes: [UInt8]) -> [Int] {
        var lengths: [Int] = []
        bytes.withUnsafeBytes { whole in
            var rest = whole
            while !rest.isEmpty {
                lengths.append(ChunkCutter.firstLength(of: rest))
                rest = UnsafeRawBufferPointer(rebasing: rest[lengths[lengths.count - 1]...])
            }
        }
        return lengths
    }

    private func digests(_ bytes: [UInt8]) -> Set<Digest> {
        var start = 0
        return Set(
            cut(bytes).map { length in
                defer { start += length }
                return BLAKE3.hash(Array(bytes[start..<start + length]))
            })
    }

    @Test(arguments: propertySeeds) func lengthsStayInTheirRange(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let bytes = chance.bytes(Int(chance.next() % 100_000))
        let lengths = cut(bytes)
        let range = ChunkCutter.leastBytes...ChunkCutter.mostBytes
        #expect(lengths.reduce(0, +) == bytes.count, "seed \(seed)")
        #expect(lengths.dropLast().allSatisfy { range.contains($0) }, "seed \(seed)")
    }

    @Test func theMeanIsNearItsAim() {
        var chance = SeededGenerator(seed: 5)
        let lengths = cut(chance.bytes(1 << 20))
        #expect((1500...3500).contains((1 << 20) / lengths.count))
    }

    @Test(arguments: propertySeeds) func anInsertionChangesFewChunks(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let before = chance.bytes(60_000)
        var after = before
        after.insert(contentsOf: chance.bytes(37), at: Int(chance.next() % 60_000))
        let fresh = digests(after).subtracting(digests(before))
        #expect(fresh.count <= 6, "seed \(seed): \(fresh.count) chunks")
    }

    /// Made by this program; a change here makes every stored payload be stored again.
    @Test func theCutsNeverChange() {
        var chance = SeededGenerator(seed: 1)
        let lengths = cut(chance.bytes(20_000)).prefix(6)
        #expect(Array(lengths) == [3017, 2107, 2224, 2156, 3493, 2455])
    }

    @Test func contentWithoutFeaturesIsCutAtTheLimit() {
        #expect(cut([UInt8](repeating: 0, count: 20_000)).allSatisfy { $0 <= 8192 })
        #expect(cut([]).isEmpty)
        #expect(cut([1]) == [1])
    }
}
