// Fixed byte strings: text forms, order and bits.
import Primitives
import TestSupport
import Testing

@Suite struct FixedBytesTests {
    @Test(arguments: propertySeeds) func hexRoundTrip(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = generator.bytes(32)
        let digest = Digest(bytes)!
        #expect(digest.bytes == bytes, "seed \(seed)")
        #expect(Digest(hex: digest.hex) == digest, "seed \(seed)")
    }

    @Test(arguments: propertySeeds) func orderIsThatOfTheBytes(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let left = generator.bytes(32)
        var right = left
        right[Int(generator.next() % 32)] ^= 1 << UInt8(generator.next() % 8)
        #expect(
            (Digest(left)! < Digest(right)!) == left.lexicographicallyPrecedes(right),
            "seed \(seed)")
    }

    @Test func bitsAreCountedFromTheTop() {
        var bytes = [UInt8](repeating: 0, count: 32)
        bytes[0] = 0x80
        bytes[31] = 0x01
        let digest = Digest(bytes)!
        #expect((0..<256).filter { digest.bit($0) } == [0, 255])
    }

    @Test(arguments: ["0", "0g", "AB", "ab ", "é"]) func refusesWhatIsNotLowerCaseHex(text: String)
    {
        #expect(Hex.decode(text) == nil)
    }
}
