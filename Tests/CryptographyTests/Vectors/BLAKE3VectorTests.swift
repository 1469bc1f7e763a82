// BLAKE3 against the official vectors, whole and in pieces.
import Cryptography
import Primitives
import Testing

@Suite struct BLAKE3VectorTests {
    static let input: [UInt8] = (0..<3_000_001).map { UInt8($0 % 251) }

    @Test(arguments: BLAKE3Vector.all) func plain(vector: BLAKE3Vector) {
        let input = Array(Self.input.prefix(vector.length))
        #expect(BLAKE3.hash(input).hex == vector.plain)
    }

    @Test(arguments: BLAKE3Vector.all) func keyed(vector: BLAKE3Vector) throws {
        let key = try #require(Digest(Array(BLAKE3Vector.key.utf8)))
        let input = Array(Self.input.prefix(vector.length))
        #expect(BLAKE3.hash(input, key: key).hex == vector.keyed)
    }

    @Test(arguments: BLAKE3Vector.all) func derived(vector: BLAKE3Vector) {
        let input = Array(Self.input.prefix(vector.length))
        #expect(HashDomain(BLAKE3Vector.context).hash(input).hex == vector.derived)
    }

    @Test(arguments: BLAKE3Vector.all) func inPiecesOfSeven(vector: BLAKE3Vector) {
        var hasher = BLAKE3Hasher()
        var derived = BLAKE3Hasher(domain: HashDomain(BLAKE3Vector.context))
        for start in stride(from: 0, to: vector.length, by: 7) {
            let piece = Array(Self.input[start..<min(start + 7, vector.length)])
            hasher.update(piece)
            derived.update(piece)
        }
        #expect(hasher.finalize().hex == vector.plain)
        #expect(derived.finalize().hex == vector.derived)
    }

    @Test(arguments: BLAKE3Vector.big) func big(vector: (length: Int, plain: String)) {
        Self.input.withUnsafeBytes { all in
            let input = UnsafeRawBufferPointer(rebasing: all[..<vector.length])
            #expect(BLAKE3.hash(input).hex == vector.plain)
            var hasher = BLAKE3Hasher()
            hasher.update(UnsafeRawBufferPointer(rebasing: input[..<1500]))
            hasher.update(UnsafeRawBufferPointer(rebasing: input[1500...]))
            #expect(hasher.finalize().hex == vector.plain)
        }
    }

    @Test func everyLengthTo4096() {
        var digests: [UInt8] = []
        Self.input.withUnsafeBytes { all in
            for length in 0...4096 {
                let input = UnsafeRawBufferPointer(rebasing: all[..<length])
                digests += BLAKE3.hash(input).bytes
            }
        }
        #expect(BLAKE3.hash(digests).hex == BLAKE3Vector.everyLengthTo4096)
    }
}
