// Fixed byte strings for tests: one byte repeated, or drawn from a seeded generator.
import Primitives

extension FixedBytes {
    /// The value whose bytes are all `byte`.
    public init(repeating byte: UInt8) {
        let bytes = [UInt8](repeating: byte, count: Self.width)
        self = bytes.withUnsafeBytes { Self(loading: $0) }
    }

    /// A value of random bytes.
    public static func random(using generator: inout SeededGenerator) -> Self {
        let bytes = generator.bytes(Self.width)
        return bytes.withUnsafeBytes { Self(loading: $0) }
    }
}

extension Array where Element == UInt8 {
    /// A copy with one bit turned; bit 0 is the lowest of the first byte.
    public func flipping(bit: Int) -> [UInt8] {
        var copy = self
        copy[bit / 8] ^= 1 << UInt8(bit % 8)
        return copy
    }
}
