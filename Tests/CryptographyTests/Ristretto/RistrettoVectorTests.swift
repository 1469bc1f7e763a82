// ristretto255 against RFC 9496, and scalars at the edges of their range.
import Cryptography
import Primitives
import TestSupport
import Testing

@Suite struct RistrettoVectorTests {
    @Test func multiplesOfTheGenerator() throws {
        var sum = Point.identity
        for (index, hex) in RistrettoVector.multiples.enumerated() {
            let bytes = try #require(Hex.decode(hex))
            let scalar = Scalar(UInt64(index))
            #expect(sum.description == hex, "sum \(index)")
            #expect(Point(baseTimes: scalar).bytes == bytes, "base \(index)")
            #expect((scalar * Point.base).bytes == bytes, "product \(index)")
            #expect(Point(bytes: bytes) == sum, "decoded \(index)")
            #expect(sum.isIdentity == (index == 0))
            sum = sum + .base
        }
    }

    @Test(arguments: RistrettoVector.refused)
    func refusesTheEncoding(fault: String, encoding: String) throws {
        let bytes = try #require(Hex.decode(encoding))
        #expect(Point(bytes: bytes) == nil, "\(fault)")
        var reader = ByteReader(bytes)
        #expect(throws: DecodingFailure(.outOfRange, at: 0), "\(fault)") {
            try reader.readPoint()
        }
    }

    @Test(arguments: RistrettoVector.hashed)
    func mapsBytes(low: String, high: String, element: String) throws {
        let wide = try #require(Hex.decode(low + high))
        #expect(Point(hashed: wide).description == element)
    }

    /// l - 1, l, l + 1, 2^256 - 1 and the wrong widths.
    @Test func scalarsAreBelowTheOrder() throws {
        let tail = "d3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"
        let last = try #require(Hex.decode("ec" + tail))
        #expect(Scalar(bytes: last) == .zero - .one)
        for first in ["ed", "ee"] {
            #expect(Scalar(bytes: try #require(Hex.decode(first + tail))) == nil, "\(first)")
        }
        #expect(Scalar(bytes: [UInt8](repeating: 0xFF, count: 32)) == nil)
        #expect(Scalar(bytes: Array(last.dropLast())) == nil)
        #expect(Scalar(bytes: last + [0]) == nil)
        let order = try #require(Hex.decode("ed" + tail))
        #expect(Scalar(wide: order + [UInt8](repeating: 0, count: 32)).isZero)
        #expect(((Scalar.zero - .one) * Point.base) + .base == .identity)
    }

    @Test func theIdentityIsNoPointOfAProtocol() throws {
        #expect(Point(bytes: Point.identity.bytes) == .identity)
        var reader = ByteReader(Point.identity.bytes)
        #expect(throws: DecodingFailure(.outOfRange, at: 0)) { try reader.readPoint() }
        #expect(Scalar.zero.inverse == nil)
        #expect(Scalar.zero * Point.base == .identity)
        #expect(Scalar(7) * Point.identity == .identity)
        #expect(Point.base - .base == .identity)
    }
}
