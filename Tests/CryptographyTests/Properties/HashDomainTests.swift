// Domains: separated from each other, and the same whichever way the bytes come.
import Cryptography
import Primitives
import TestSupport
import Testing

@Suite struct HashDomainTests {
    static let domain = HashDomain("althing 2026 test domain v1")

    @Test(arguments: propertySeeds) func manyEqualOneByOne(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let length = Int.random(in: 1...1024, using: &generator)
        let stride = (length + 63) / 64 * 64
        let count = Int.random(in: 0...40, using: &generator)
        let padding = [UInt8](repeating: 0, count: stride - length)
        let messages = (0..<count).flatMap { _ in generator.bytes(length) + padding }
        var digests = [Digest](repeating: Digest(), count: count)
        messages.withUnsafeBytes { bytes in
            // An empty array may have no address; nothing is read from the one given instead.
            let base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 64)!
            digests.withUnsafeMutableBufferPointer { digests in
                guard let target = digests.baseAddress else { return }
                Self.domain.hashMany(base, length: length, count: count, into: target)
            }
        }
        let expected = (0..<count).map { index in
            Self.domain.hash(Array(messages[index * stride..<index * stride + length]))
        }
        #expect(digests == expected, "seed \(seed), length \(length), count \(count)")
    }

    @Test(arguments: propertySeeds) func piecesEqualTheWhole(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let message = generator.bytes(Int.random(in: 0...300_000, using: &generator))
        var hasher = BLAKE3Hasher(domain: Self.domain)
        var start = 0
        while start < message.count {
            let bound = [65, 1025, 5000, 150_000].randomElement(using: &generator)!
            let end = min(start + Int.random(in: 0...bound, using: &generator), message.count)
            hasher.update(Array(message[start..<end]))
            start = end
        }
        #expect(hasher.finalize() == Self.domain.hash(message), "seed \(seed)")
    }

    @Test(arguments: propertySeeds) func aPairIsTheHashOfBoth(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let bytes = generator.bytes(64)
        let left = try #require(Digest(bytes[..<32])), right = try #require(Digest(bytes[32...]))
        #expect(Self.domain.hashPair(left, right) == Self.domain.hash(bytes), "seed \(seed)")
    }

    @Test func aCopyOfAHasherContinuesByItself() {
        var first = BLAKE3Hasher()
        first.update([1, 2, 3])
        var second = first
        second.update([4])
        #expect(first.finalize() == BLAKE3.hash([1, 2, 3]))
        #expect(second.finalize() == BLAKE3.hash([1, 2, 3, 4]))
    }

    @Test func domainsDiffer() {
        let other = HashDomain("althing 2026 test domain v2")
        #expect(Self.domain.hash([1]) != other.hash([1]))
        #expect(Self.domain.hash([1]) != BLAKE3.hash([1]))
    }
}
