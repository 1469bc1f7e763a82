// What is compressed comes back, whatever it is, and the limit is exact.
import Compression
import Primitives
import TestSupport
import Testing

/// The formats behind one shape, so that every law is tested on all of them.
struct Format: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var compress: @Sendable ([UInt8]) throws(CompressionFailure) -> [UInt8]
    var decompress: @Sendable ([UInt8], Int) throws(CompressionFailure) -> [UInt8]

    static let all: [Format] = [
        Format(
            testDescription: "gzip",
            compress: { (bytes) throws(CompressionFailure) in try Gzip.compress(bytes) },
            decompress: { (bytes, limit) throws(CompressionFailure) in
                try Gzip.decompress(bytes, limit: limit)
            }),
        Format(
            testDescription: "zlib",
            compress: { (bytes) throws(CompressionFailure) in try Zlib.compress(bytes) },
            decompress: { (bytes, limit) throws(CompressionFailure) in
                try Zlib.decompress(bytes, limit: limit)
            }),
        Format(
            testDescription: "zstd",
            compress: { (bytes) throws(CompressionFailure) in try Zstd.compress(bytes, level: 3) },
            decompress: { (bytes, limit) throws(CompressionFailure) in
                try Zstd.decompress(bytes, limit: limit)
            }),
    ]

    /// Bytes that compress somewhat: random ones from a small alphabet.
    static func message(_ count: Int, from generator: inout SeededGenerator) -> [UInt8] {
        generator.bytes(count).map { $0 % 7 }
    }
}

@Suite struct RoundTripTests {
    @Test(arguments: Format.all, propertySeeds.prefix(4))
    func comesBack(format: Format, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for bound in [0, 1, 100, 5000, 150_000] {
            let count = Int.random(in: 0...bound, using: &generator)
            let message = Format.message(count, from: &generator)
            let packed = try format.compress(message)
            #expect(try format.decompress(packed, count) == message, "seed \(seed)")
            #expect(try format.compress(message) == packed, "seed \(seed): deterministic")
            if count > 0 {
                #expect(throws: CompressionFailure.overLimit, "seed \(seed)") {
                    try format.decompress(packed, count - 1)
                }
            }
        }
    }

    @Test(arguments: Format.all) func randomBytesComeBack(format: Format) throws {
        var generator = SeededGenerator(seed: 8)
        let message = generator.bytes(100_000)
        #expect(try format.decompress(format.compress(message), message.count) == message)
    }

    @Test func aKeptCodecGivesWhatAFreshOneGives() throws {
        var generator = SeededGenerator(seed: 9)
        var codec = try ZstdCodec(level: 3)
        for count in [500, 0, 90_000, 3, 500] {
            let message = Format.message(count, from: &generator)
            let packed = codec.compress(message)
            #expect(try packed == Zstd.compress(message, level: 3))
            #expect(throws: CompressionFailure.truncated) {
                try codec.decompress(Array(packed.dropLast()), limit: 1 << 20)
            }
            #expect(try codec.decompress(packed, limit: 1 << 20) == message)
        }
    }
}
