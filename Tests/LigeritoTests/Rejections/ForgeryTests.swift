// What a forger may try with a commitment and its opening, each refused and named for its fault.
import BinaryFields
import Ligerito
import Primitives
import Prover
import TestSupport
import Testing

@Suite struct ForgeryTests {
    private func opening() throws -> Opening { Opening(try #require(Opening.small), seed: 2) }

    /// Offsets of the parts of the small proof: the root; three rounds; a root; then rows.
    private static let firstRound = 32
    private static let secondRoot = 32 + 3 * 32

    @Test func everyByteCounts() throws {
        var opening = try opening()
        var generator = SeededGenerator(seed: 4)
        for index in opening.proof.indices {
            let kept = opening.proof[index]
            opening.proof[index] ^= 1 << UInt8(generator.next() % 8)
            #expect(opening.failure != nil, "byte \(index)")
            opening.proof[index] = kept
        }
        #expect(opening.failure == nil)
    }

    @Test func aTruncatedProof() throws {
        let whole = try opening()
        for length in stride(from: 0, to: whole.proof.count, by: 7) {
            var short = whole
            short.proof = Array(whole.proof[..<length])
            #expect(short.failure == .truncated, "\(length) bytes")
        }
    }

    @Test func anExtendedProof() throws {
        var opening = try opening()
        opening.proof.append(0)
        #expect(opening.failure == .trailingBytes)
    }

    @Test func anotherValue() throws {
        var opening = try opening()
        opening.claim.value += .one
        #expect(opening.failure != nil)
    }

    @Test func anotherPoint() throws {
        for index in 0..<7 {
            var opening = try opening()
            opening.claim.point[index] += GF128(bit: 127)
            #expect(opening.failure != nil, "coordinate \(index)")
        }
    }

    @Test func aPointOfAnotherDimension() throws {
        var opening = try opening()
        opening.claim.point.removeLast()
        #expect(opening.failure == .openingRefused)
    }

    @Test func anotherParameter() throws {
        let opening = try opening()
        for level in 0..<3 {
            var levels = opening.parameters.levels
            levels[level].queries += 1
            var other = opening
            other.parameters = try #require(LigeritoParameters(logElements: 7, levels: levels))
            #expect(other.failure != nil, "level \(level)")
        }
    }

    @Test func theRootOfAnotherPolynomial() throws {
        var opening = try opening()
        let other = Opening(opening.parameters, seed: 3)
        opening.proof.replaceSubrange(..<32, with: other.proof[..<32])
        #expect(opening.failure != nil)
    }

    @Test func rootsSwapped() throws {
        var opening = try opening()
        let (first, second) = (opening.proof[..<32], opening.proof[Self.secondRoot...].prefix(32))
        opening.proof.replaceSubrange(Self.secondRoot..<Self.secondRoot + 32, with: Array(first))
        opening.proof.replaceSubrange(..<32, with: Array(second))
        #expect(opening.failure != nil)
    }

    @Test func roundsReordered() throws {
        var opening = try opening()
        let first = Array(opening.proof[Self.firstRound..<Self.firstRound + 32])
        opening.proof.removeSubrange(Self.firstRound..<Self.firstRound + 32)
        opening.proof.insert(contentsOf: first, at: Self.firstRound + 32)
        #expect(opening.failure != nil)
    }

    /// All messages are those of one claim, read by the verifier of another with the same point.
    @Test func theProofOfAnotherClaim() throws {
        var opening = try opening()
        opening.proof = Opening(opening.parameters, seed: 8).proof
        #expect(opening.failure != nil)
    }

    /// A prover that commits to a word which is no codeword, and opens it as if it were one: at
    /// each place it changes, an opened row contradicts the folded vector.
    @Test(arguments: propertySeeds.prefix(6), [0, 1]) func wordsThatAreNoCodewords(
        seed: UInt64, level: Int
    ) throws {
        let parameters = try #require(LigeritoParameters.standard(logElements: 15, margin: 0))
        let forged = Forgery(parameters, seed: seed).proof { index, position in
            index == level && position & 1 == 0
        }
        #expect(forged.failure == .openingRefused, "seed \(seed)")
    }

    /// The polynomial that is committed is not the one that is folded.
    @Test func anotherPolynomialBehindTheRoot() throws {
        let parameters = try #require(LigeritoParameters.standard(logElements: 15, margin: 0))
        let forged = Forgery(parameters, seed: 1).proof { index, _ in index == 0 }
        #expect(forged.failure == .openingRefused)
    }

    /// The forger of these tests makes honest proofs where it spoils nothing.
    @Test func theForgerCanBeHonest() throws {
        let parameters = try #require(LigeritoParameters.standard(logElements: 15, margin: 0))
        let proof = Forgery(parameters, seed: 1).proof { _, _ in false }
        #expect(proof.failure == nil)
    }
}
