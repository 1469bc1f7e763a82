// Streams that other programs wrote: shapes our own compressors never make.
//
// Provenance: gzip and zlib by Python 3 (gzip, zlib), zstd by libzstd 1.5.4's streaming interface.
import Compression
import Primitives
import Testing

@Suite struct ForeignStreamTests {
    static let plain = Array("forty-two lanes, forty-two lanes".utf8)
    static let deflated = "4bcb2f2aa9d42d29cf57c849cc4b2dd6514843150000"

    static func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.decode(hex)) }

    @Test func gzipWithANameAndATime() throws {
        let member = try Self.bytes(
            "1f8b08080100000002ff6e616d652e74787400" + Self.deflated + "66d4f36820000000")
        #expect(try Gzip.decompress(member, limit: 32) == Self.plain)
    }

    @Test func gzipOfSeveralMembers() throws {
        let members = try Gzip.compress([1, 2]) + Gzip.compress([]) + Gzip.compress([3])
        #expect(try Gzip.decompress(members, limit: 3) == [1, 2, 3])
    }

    @Test func zlib() throws {
        let stream = try Self.bytes("789c" + Self.deflated + "c9c80c29")
        #expect(try Zlib.decompress(stream, limit: 32) == Self.plain)
    }

    @Test func zstdOfUnknownSizeWithAChecksum() throws {
        let frame = try Self.bytes(
            "28b52ffd0458800000666f7274792d74776f206c616e65732c3d000008200100d44d2126be6223")
        #expect(try Zstd.decompress(frame, limit: 32) == Self.plain)
        #expect(throws: CompressionFailure.overLimit) { try Zstd.decompress(frame, limit: 31) }
    }

    @Test func zstdOfUnknownSizeOverSeveralPieces() throws {
        let frame = try Self.bytes(
            "28b52ffd00585400001000000100fbff39c0020200100002001000020010000200100002001000020010"
                + "0003001000")
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        #expect(try Zstd.decompress(frame, limit: 1 << 20) == zeros)
        #expect(throws: CompressionFailure.overLimit) {
            try Zstd.decompress(frame, limit: 1 << 20 - 1)
        }
    }
}
