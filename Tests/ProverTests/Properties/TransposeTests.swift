// Claims about the bits of a form are claims about the bits of its words, for every kind of map.
import BinaryFields
import Primitives
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct TransposeTests {
    static let maps: [WordMap] = [
        .identity, .shifted(by: 5, mask: .max), .shifted(by: -63, mask: .max),
        .shifted(by: 63, mask: .max), .shifted(by: -3, mask: 0xF0F0_0000_FFFF_0001),
        .shifted(by: 7, mask: 0x8000_0000_0000_0081), .shifted(by: 0, mask: 0),
        .reversedBits(by: 0, mask: .max), .reversedBits(by: -9, mask: 0xFFFF), .reversedBytes,
        .broadcast(bit: 63, mask: 0xFF0), .broadcast(bit: 0, mask: .max), .bytes(first: 56),
        .bytes(first: 3), .parity(mask: 0xF0F1, to: 63), .parity(mask: .max, to: 0),
    ]

    @Test(arguments: maps, propertySeeds.prefix(3)) func sumsAgree(map: WordMap, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let weights = (0..<64).map { _ in
            GF128(low: generator.next(), high: generator.next())
        }
        let word = generator.next()
        var transposed = [GF128](repeating: .zero, count: 64)
        transposed.withUnsafeMutableBufferPointer { map.transpose(weights, adding: $0) }
        func sum(_ word: UInt64, _ weights: [GF128]) -> GF128 {
            (0..<64).reduce(.zero) { word >> UInt64($1) & 1 == 1 ? $0 + weights[$1] : $0 }
        }
        #expect(sum(map(word), weights) == sum(word, transposed), "seed \(seed)")
    }

    @Test func squaresAreTransposed() {
        var generator = SeededGenerator(seed: 1)
        let sums = (0..<128).map { _ in GF128(low: generator.next(), high: generator.next()) }
        let transposed = RingSwitch.transposed(sums)
        for row in 0..<128 {
            for column in 0..<128 {
                #expect(sums[row].bit(column) == transposed[column].bit(row))
            }
        }
    }
}
