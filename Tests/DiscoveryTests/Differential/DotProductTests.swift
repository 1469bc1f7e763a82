// The kernel of this processor and plain C give the same inner products.
import CDotProduct
import Discovery
import Primitives
import TestSupport
import Testing

@Suite struct DotProductTests {
    @Test(arguments: propertySeeds) func theKernelIsItsTwin(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let width = Int(CDOT_WIDTH)
        let rows = chance.bytes(64 * width).map(Int8.init(bitPattern:))
        let query = chance.bytes(width).map(Int8.init(bitPattern:))
        for count in [0, 1, 5, 6, 7, 13, 64] {
            let picks = (0..<count).map { _ in UInt32.random(in: 0..<64, using: &chance) }
            var (left, right) = ([Int32](repeating: 0, count: 64), [Int32](repeating: 0, count: 64))
            cdot_picked(rows, query, picks, count, &left)
            cdot_picked_portable(rows, query, picks, count, &right)
            #expect(left == right)
        }
    }

    @Test func theEndsOfTheRangeFit() {
        let width = Int(CDOT_WIDTH)
        #expect(width == Embedding.width)
        for (row, query, expected) in [(-128, -128, 128 * 16_384), (-128, 127, -128 * 16_256)] {
            let (rows, asked) = (
                [Int8](repeating: Int8(row), count: width),
                [Int8](repeating: Int8(query), count: width)
            )
            var (left, right): (Int32, Int32) = (0, 0)
            cdot_picked(rows, asked, [0], 1, &left)
            cdot_picked_portable(rows, asked, [0], 1, &right)
            #expect(left == Int32(expected) && right == left)
        }
    }
}
