// A map's value, its single sources and its pairs say the same.
import Primitives
import Testing

@testable import ExecutionProof

@Suite struct WordMapTests {
    static let maps: [WordMap] = [
        .identity, .shifted(by: 5, mask: 0xFF00_FF00), .shifted(by: -63, mask: .max),
        .reversedBits(by: -3, mask: .max), .reversedBits(by: 7, mask: 0xFFFF_0000),
        .reversedBytes, .broadcast(bit: 63, mask: 0x8000_0000_0000_0001), .bytes(first: 0),
        .bytes(first: 40), .parity(mask: 0xF0F0, to: 5), .parity(mask: 1 << 63, to: 63),
    ]

    @Test(arguments: maps) func pairsAreTheMap(map: WordMap) {
        var chance = SeededGenerator(seed: 1)
        for _ in 0..<50 {
            let word = chance.next()
            var expected: UInt64 = 0
            map.forEachPair { source, target in
                expected ^= (word >> UInt64(source) & 1) << UInt64(target)
            }
            #expect(map(word) == expected)
            #expect(expected & ~map.reach == 0)
        }
    }

    @Test(arguments: maps) func mapsFollowEachOther(map: WordMap) {
        let word: UInt64 = 0xFEDC_BA98_7654_3217
        for count in [-40, -8, 0, 3, 33] {
            if let shifted = map.shifted(by: count, mask: 0xFFFF_FFFF_0F0F_FFFF) {
                let expected = WordMap.shift(map(word), count) & 0xFFFF_FFFF_0F0F_FFFF
                #expect(shifted(word) == expected, "\(map) by \(count)")
            }
        }
        if let reversed = map.reversed { #expect(reversed(word) == WordMap.reverse(map(word))) }
    }
}
