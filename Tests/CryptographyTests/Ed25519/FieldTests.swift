// The arithmetic of CEd25519 against the slow field.
import CEd25519
import Primitives
import TestSupport
import Testing

@Suite struct FieldTests {
    typealias Binary = (
        UnsafeMutablePointer<UInt8>, UnsafePointer<UInt8>, UnsafePointer<UInt8>
    ) -> Void

    private func result(_ left: [UInt8], _ right: [UInt8], _ body: Binary) -> [UInt8] {
        var out = [UInt8](repeating: 0xEE, count: 32)
        body(&out, left, right)
        return out
    }

    private func compare(_ left: [UInt8], _ right: [UInt8], _ note: String) {
        let a = SlowField(left), b = SlowField(right)
        #expect(result(left, right) { ced25519_field_sum($0, $1, $2) } == (a + b).bytes, "\(note)")
        #expect(
            result(left, right) { ced25519_field_difference($0, $1, $2) } == (a - b).bytes,
            "\(note)")
        #expect(
            result(left, right) { ced25519_field_product($0, $1, $2) } == (a * b).bytes,
            "\(note)")
        #expect(
            result(left, left) { out, value, _ in ced25519_field_square(out, value) }
                == (a * a).bytes, "\(note)")
    }

    /// Zero, one, the prime and its neighbours, what is above it, and limbs full or empty.
    private static let edges: [[UInt8]] = {
        let ones = [UInt8](repeating: 0xFF, count: 32)
        let low = [0xEC, 0xED, 0xEE, 0xFF].map { (first: UInt8) in
            [first] + ones[1..<31] + [0x7F]
        }
        let small = [0, 1, 2, 19].map { [UInt8($0)] + [UInt8](repeating: 0, count: 31) }
        let limbs = [0..<51, 51..<102, 204..<255, 50..<52].map { bits in
            (0..<32).map { byte in
                (0..<8).reduce(UInt8(0)) { $0 | (bits.contains(8 * byte + $1) ? 1 << $1 : 0) }
            }
        }
        return low + small + limbs + [ones]
    }()

    @Test func edgesAreRight() {
        for left in Self.edges {
            for right in Self.edges { compare(left, right, "\(left) \(right)") }
            #expect(inverse(left) == SlowField(left).inverse.bytes, "\(left)")
        }
    }

    @Test(arguments: propertySeeds) func drawnElementsAreRight(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<16 {
            let left = generator.bytes(32), right = generator.bytes(32)
            compare(left, right, "seed \(seed)")
            let product = SlowField(left) * SlowField(inverse(left))
            #expect(product == SlowField(1), "seed \(seed)")
        }
    }

    private func inverse(_ value: [UInt8]) -> [UInt8] {
        result(value, value) { out, value, _ in ced25519_field_inverse(out, value) }
    }
}
