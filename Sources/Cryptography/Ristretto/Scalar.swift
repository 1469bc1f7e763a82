// Integers modulo the order of ristretto255, for secrets as well as for public numbers.
import CSodium
import Primitives

/// An integer modulo l = 2^252 + 27742317777372353535851937790883648493 (RFC 9496 §4.4), always
/// reduced. Sums and products take a time that does not depend on the values. It never prints
/// its value.
public struct Scalar: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    private enum Kind {}

    private let value: Bytes32<Kind>

    /// Bytes of an encoding: 32, little-endian.
    public static let width = 32
    public static let zero = Scalar(0)
    public static let one = Scalar(1)

    private init(_ fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        value = Bytes32(withDigest(fill))
    }

    public init(_ number: UInt64) {
        value = Bytes32(withDigest { bytes in
            for index in 0..<Self.width {
                bytes[index] = index < 8 ? UInt8(truncatingIfNeeded: number >> (8 * index)) : 0
            }
        })
    }

    /// Nil unless `bytes` are 32 and encode a number below l.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.width else { return nil }
        let reduced = Scalar(wide: bytes + [UInt8](repeating: 0, count: Self.width))
        guard ConstantTime.equal(reduced.bytes, bytes) else { return nil }
        self = reduced
    }

    /// The little-endian number in `wide` modulo l: uniform within 2^-259 for uniform bytes.
    /// - Parameter wide: 64 bytes.
    public init(wide: [UInt8]) {
        precondition(wide.count == 64, "a wide number has 64 bytes")
        self.init { crypto_core_ristretto255_scalar_reduce($0, wide) }
    }

    /// 32 bytes, little-endian.
    public var bytes: [UInt8] { value.bytes }
    public var isZero: Bool { value.isZero }

    public static func + (left: Scalar, right: Scalar) -> Scalar {
        Scalar { crypto_core_ristretto255_scalar_add($0, left.bytes, right.bytes) }
    }

    public static func - (left: Scalar, right: Scalar) -> Scalar {
        Scalar { crypto_core_ristretto255_scalar_sub($0, left.bytes, right.bytes) }
    }

    public static func * (left: Scalar, right: Scalar) -> Scalar {
        Scalar { crypto_core_ristretto255_scalar_mul($0, left.bytes, right.bytes) }
    }

    /// The number whose product with this one is 1; nil for 0.
    public var inverse: Scalar? {
        guard !isZero else { return nil }
        return Scalar { _ = crypto_core_ristretto255_scalar_invert($0, bytes) }
    }

    public var description: String { "Scalar" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension ByteWriter {
    public mutating func write(_ scalar: Scalar) { append(scalar.bytes) }
}

extension ByteReader {
    /// - Throws: `truncated`; `outOfRange` for a number that is not below the order.
    public mutating func readScalar() throws(DecodingFailure) -> Scalar {
        let start = offset
        guard let scalar = Scalar(bytes: try read(count: Scalar.width)) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        return scalar
    }
}
