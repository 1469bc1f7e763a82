// The bare compression function against whole SHA-256, and its two kernels against each other.
import CSHA256
import Cryptography
import Primitives
import TestSupport
import Testing

@Suite struct SHA256StateTests {
    /// FIPS 180-4, §5.1.1.
    private func padded(_ bytes: [UInt8]) -> [UInt8] {
        let zeros = (119 - bytes.count % 64) % 64
        let bits = UInt64(8 * bytes.count)
        return bytes + [0x80] + [UInt8](repeating: 0, count: zeros)
            + (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
    }

    @Test(arguments: [0, 1, 55, 56, 63, 64, 119, 120, 200]) func paddedBlocksAreSHA256(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let bytes = generator.bytes(count)
        var state = SHA256State()
        state.compress(padded(bytes))
        #expect(state.digest == SHA256.hash(bytes))
    }

    @Test func aLabelIsABlock() {
        var state = SHA256State()
        state.compress(Array("label".utf8) + [UInt8](repeating: 0, count: 59))
        #expect(state.digest == SHA256State(label: "label").digest)
    }

    @Test(
        .enabled(if: csha256_has_instructions(), "this processor has no SHA instructions"),
        arguments: [1, 2, 3, 8, 9], [1, 2, 5])
    func kernelsAgree(count: Int, blocks: Int) {
        var generator = SeededGenerator(seed: UInt64(10 * count + blocks))
        let input = generator.bytes(64 * blocks * count)
        var start = csha256_initial
        start.words.3 = 0xffff_ffff
        var (first, second) = (
            [UInt8](repeating: 0, count: 32 * count), [UInt8](repeating: 1, count: 32 * count))
        csha256_rows_portable(&start, input, blocks, count, &first)
        csha256_rows_instructions(&start, input, blocks, count, &second)
        #expect(first == second)
    }
}
