// Elements of the group ristretto255, of prime order, each with one encoding.
import CSodium
import Primitives

/// An element of ristretto255 (RFC 9496 §4), the neutral one included. Multiplication takes a time
/// that does not depend on the scalar, but in simulations.
///
/// libsodium answers -1 to a product that is the neutral element, and writes it; the other cause,
/// a bad encoding, cannot be, since every `Point` holds a valid one.
public struct Point: Hashable, Sendable, CustomStringConvertible {
    private enum Kind {}

    private let encoding: Bytes32<Kind>

    /// Bytes of an encoding.
    public static let width = 32
    /// The neutral element; 32 zero bytes.
    public static let identity = Point { $0.initialize(repeating: 0, count: width) }
    /// The generator G.
    public static let base = Point(baseTimes: .one)

    private init(_ fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        encoding = Bytes32(withDigest(fill))
    }

    /// Nil unless `bytes` are the encoding of an element (RFC 9496 §4.3.1). libsodium 1.0.18 does
    /// not look at the highest bit, which would give every element a second encoding: it is
    /// refused here.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.width, bytes[31] < 0x80,
            crypto_core_ristretto255_is_valid_point(bytes) == 1,
            let encoding = Bytes32<Kind>(bytes)
        else { return nil }
        self.encoding = encoding
    }

    /// `scalar` · G.
    public init(baseTimes scalar: Scalar) {
        self = Self.product(scalar, nil) {
            Point { _ = crypto_scalarmult_ristretto255_base($0, scalar.bytes) }
        }
    }

    /// The element that 64 uniform bytes map to (RFC 9496 §4.3.4); nobody knows its logarithm.
    /// - Parameter wide: 64 bytes.
    public init(hashed wide: [UInt8]) {
        precondition(wide.count == 64, "the map takes 64 bytes")
        self.init { _ = crypto_core_ristretto255_from_hash($0, wide) }
    }

    public var bytes: [UInt8] { encoding.bytes }
    public var isIdentity: Bool { encoding.isZero }

    public static func * (scalar: Scalar, point: Point) -> Point {
        product(scalar, point) {
            let (factor, bytes) = (scalar.bytes, point.bytes)
            return Point { _ = crypto_scalarmult_ristretto255($0, factor, bytes) }
        }
    }

    private static func product(
        _ scalar: Scalar, _ point: Point?, _ multiply: () -> Point
    ) -> Point {
        guard let simulated = SimulatedCryptography.current else { return multiply() }
        return simulated.product(scalar, point, multiply)
    }

    public static func + (left: Point, right: Point) -> Point {
        Point { _ = crypto_core_ristretto255_add($0, left.bytes, right.bytes) }
    }

    public static func - (left: Point, right: Point) -> Point {
        Point { _ = crypto_core_ristretto255_sub($0, left.bytes, right.bytes) }
    }

    public var description: String { encoding.hex }
}

extension ByteWriter {
    public mutating func write(_ point: Point) { append(point.bytes) }
}

extension ByteReader {
    /// An element that is not the neutral one: no protocol here has a use for that.
    /// - Throws: `truncated`; `outOfRange` for bytes that encode no element, or the neutral one.
    public mutating func readPoint() throws(DecodingFailure) -> Point {
        let start = offset
        guard let point = Point(bytes: try read(count: Point.width)), !point.isIdentity else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        return point
    }
}
