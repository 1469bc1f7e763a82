// The kernel of this processor and plain C give the same inner products.
import CDotProduct
import Discovery
import Primitives
import TestSupport
import Testing

@Suite struct DotProductTests {
    /// Kernels that this processor has.
    private static let kernels: [cdot_kernel] = [CDOT_PORTABLE, CDOT_AVX2, CDOT_VNNI].filter {
        cdot_picked_by($0, [0], [0], [0], 0, nil)
    }

    @Test func thePortableOneIsAlwaysThere() {
        #expect(Self.kernels.first == CDOT_PORTABLE)
    }

    @Test(arguments: propertySeeds) func everyKernelIsThePortableOne(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let width = Int(CDOT_WIDTH)
        let rows = chance.bytes(64 * width).map(Int8.init(bitPattern:))
        let query = chance.bytes(width).map(Int8.init(bitPattern:))
        for count in [0, 1, 7, 8, 9, 13, 64] {
            let picks = (0..<count).map { _ in UInt32.random(in: 0..<64, using: &chance) }
            let expected = picks.map { pick in
                (0..<width).reduce(Int32(0)) {
                    $0 + Int32(rows[Int(pick) * width + $1]) * Int32(query[$1])
                }
            }
            for kernel in Self.kernels {
                var products = [Int32](repeating: 0, count: count)
                cdot_picked_by(kernel, rows, query, picks, count, &products)
                #expect(products == expected, "kernel \(kernel.rawValue), seed \(seed)")
            }
            var products = [Int32](repeating: 0, count: count)
            cdot_picked(rows, query, picks, count, &products)
            #expect(products == expected, "seed \(seed)")
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
            for kernel in Self.kernels {
                var product: Int32 = 0
                cdot_picked_by(kernel, rows, asked, [0], 1, &product)
                #expect(product == Int32(expected), "kernel \(kernel.rawValue)")
            }
        }
    }
}
