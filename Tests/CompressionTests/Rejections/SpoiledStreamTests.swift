// Streams with one fault each, named for it.
import Compression
import Primitives
import TestSupport
import Testing

@Suite struct SpoiledStreamTests {
    static let message: [UInt8] = (0..<3000).map { UInt8($0 * $0 % 251) }

    @Test(arguments: Format.all) func truncatedAnywhere(format: Format) throws {
        let packed = try format.compress(Self.message)
        for count in 0..<packed.count {
            #expect(throws: CompressionFailure.truncated, "first \(count) bytes") {
                try format.decompress(Array(packed.prefix(count)), 1 << 20)
            }
        }
    }

    @Test(arguments: Format.all, [[0], [0x1F], Array("garbage".utf8)] as [[UInt8]])
    func trailingBytes(format: Format, tail: [UInt8]) throws {
        let packed = try format.compress(Self.message) + tail
        // One byte of a gzip header may yet become a member.
        let isStartOfMember = format.testDescription == "gzip" && tail == [0x1F]
        #expect(throws: isStartOfMember ? CompressionFailure.truncated : .trailingBytes) {
            try format.decompress(packed, 1 << 20)
        }
    }

    @Test func twoStreamsWhereOneIsWanted() throws {
        let zlib = try Zlib.compress(Self.message), zstd = try Zstd.compress(Self.message, level: 1)
        #expect(throws: CompressionFailure.trailingBytes) {
            try Zlib.decompress(zlib + zlib, limit: 1 << 20)
        }
        #expect(throws: CompressionFailure.trailingBytes) {
            try Zstd.decompress(zstd + zstd, limit: 1 << 20)
        }
    }

    @Test(arguments: ["gzip", "zlib"])
    func anySpoiledByteOfTheCheckOrTheLength(name: String) throws {
        let format = try #require(Format.all.first { $0.testDescription == name })
        let packed = try format.compress(Self.message)
        for index in packed.count - (name == "gzip" ? 8 : 4)..<packed.count {
            var spoiled = packed
            spoiled[index] ^= 0x10
            #expect(throws: CompressionFailure.corrupt, "byte \(index)") {
                try format.decompress(spoiled, 1 << 20)
            }
        }
    }

    @Test(arguments: Format.all, propertySeeds)
    func aSpoiledByteNeverPassesTheLimit(format: Format, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let packed = try format.compress(Format.message(2000, from: &generator))
        for _ in 0..<50 {
            var spoiled = packed
            spoiled[Int.random(in: spoiled.indices, using: &generator)] ^= UInt8.random(
                in: 1...255, using: &generator)
            let output = try? format.decompress(spoiled, 2000)
            #expect(output.map { $0.count <= 2000 } ?? true, "seed \(seed)")
        }
    }

    @Test func aBombStopsAtTheLimit() throws {
        let bomb = try Gzip.compress([UInt8](repeating: 0, count: 16 << 20))
        #expect(bomb.count < 20_000)
        #expect(throws: CompressionFailure.overLimit) {
            try Gzip.decompress(bomb, limit: 1 << 20)
        }
        #expect(throws: CompressionFailure.overLimit, "spread over members") {
            try Gzip.decompress(bomb + bomb, limit: 16 << 20)
        }
        let zstd = try Zstd.compress([UInt8](repeating: 0, count: 16 << 20), level: 1)
        #expect(throws: CompressionFailure.overLimit) {
            try Zstd.decompress(zstd, limit: 1 << 20)
        }
    }

    @Test func aWindowOver8MiB() throws {
        let frame = try ForeignStreamTests.bytes(
            "28b52ffd0070800000666f7274792d74776f206c616e65732c3d000008200100d44d21")
        #expect(throws: CompressionFailure.overLimit) { try Zstd.decompress(frame, limit: 1 << 20) }
    }

    @Test(arguments: [
        ("another magic", "1f8c0800"), ("a gzip method other than deflate", "1f8b0700"),
        ("reserved gzip flags", "1f8b08e0000000000003"),
    ])
    func gzipHeader(fault: String, hex: String) throws {
        let bytes = try ForeignStreamTests.bytes(hex)
        #expect(throws: CompressionFailure.corrupt, "\(fault)") {
            try Gzip.decompress(bytes, limit: 100)
        }
    }

    @Test func bareDeflateIsNotZlib() throws {
        let bytes = try ForeignStreamTests.bytes(ForeignStreamTests.deflated)
        #expect(throws: CompressionFailure.corrupt) { try Zlib.decompress(bytes, limit: 100) }
    }

    @Test(arguments: [
        ("another magic", "28b52ffe00"), ("a skippable frame", "502a4d180000000000"),
        ("reserved bit of the header", "28b52ffd080000"),
    ])
    func zstdHeader(fault: String, hex: String) throws {
        let bytes = try ForeignStreamTests.bytes(hex)
        #expect(throws: CompressionFailure.corrupt, "\(fault)") {
            try Zstd.decompress(bytes, limit: 100)
        }
    }
}
