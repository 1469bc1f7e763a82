// Encodings of checkpoints and the genesis: round trips, truncations, each fault by its name.
import Primitives
import TestSupport
import Testing

@testable import Records

@Suite struct CheckpointRefusalTests {
    private func checkpoint() throws -> Checkpoint {
        try #require(ChainFixture()).certify([Digest(repeating: 1)], signers: [0, 1, 3])
    }

    @Test func checkpointRoundTrip() throws {
        let checkpoint = try checkpoint()
        #expect(checkpoint.header.encoded.count == CheckpointHeader.width)
        #expect(try Checkpoint(decoding: checkpoint.encoded) == checkpoint)
        #expect(try CheckpointHeader(decoding: checkpoint.header.encoded) == checkpoint.header)
    }

    /// The last checkpoint of an epoch: version 2.
    private func last() throws -> Checkpoint {
        var checkpoint = try checkpoint()
        checkpoint.header.next = Digest(repeating: 0x4E)
        return checkpoint
    }

    @Test func lastOfAnEpochRoundTrip() throws {
        let (plain, last) = (try checkpoint(), try last())
        #expect(last.header.encoded.count == CheckpointHeader.lastWidth)
        #expect(try Checkpoint(decoding: last.encoded) == last)
        #expect(try CheckpointHeader(decoding: last.header.encoded) == last.header)
        let same = Array(last.header.encoded[2..<CheckpointHeader.width])
        #expect(same == Array(plain.header.encoded[2...]))
        #expect(last.header.encoded.prefix(2) == [2, 0])
    }

    @Test func spoiledLastOfAnEpoch() throws {
        let bytes = try last().encoded
        let named = CheckpointHeader.width..<CheckpointHeader.lastWidth
        var spoiled = bytes
        spoiled.replaceSubrange(named, with: [UInt8](repeating: 0, count: 32))
        #expect(throws: DecodingFailure(.outOfRange, at: 206)) { try Checkpoint(decoding: spoiled) }
        spoiled = bytes
        spoiled[0] = 3
        #expect(throws: DecodingFailure(.unknownVersion, at: 0)) {
            try Checkpoint(decoding: spoiled)
        }
        let header = try last().header
        for bit in 0..<header.encoded.count * 8 {
            let turned = header.encoded.flipping(bit: bit)
            guard let found = try? CheckpointHeader(decoding: turned) else { continue }
            #expect(found.digest != header.digest, "bit \(bit)")
        }
    }

    @Test func everyTruncation() throws {
        for bytes in [try checkpoint().encoded, try last().encoded] {
            for length in 0..<bytes.count {
                #expect(throws: DecodingFailure.self, "\(length) bytes") {
                    try Checkpoint(decoding: Array(bytes[..<length]))
                }
            }
        }
        let genesis = try #require(ChainFixture()).genesis.encoded
        for length in 0..<genesis.count {
            #expect(throws: DecodingFailure.self, "\(length) bytes") {
                try Genesis(decoding: Array(genesis[..<length]))
            }
        }
    }

    @Test func spoiledCheckpoints() throws {
        let bytes = try checkpoint().encoded
        let table: [(Int, UInt8, DecodingFailure)] = [
            (0, 0, DecodingFailure(.unknownVersion, at: 0)),
            (1, 1, DecodingFailure(.unknownVersion, at: 0)),
            (198, 1, DecodingFailure(.notCanonical, at: 198)),
            (205, 0x80, DecodingFailure(.notCanonical, at: 198)),
            (206, 129, DecodingFailure(.overLimit, at: 206)),
            (207, 1, DecodingFailure(.overLimit, at: 206)),
            (206, 2, DecodingFailure(.trailingBytes, at: 340)),
            (206, 4, DecodingFailure(.truncated, at: 406)),
        ]
        for (place, value, expected) in table {
            var spoiled = bytes
            spoiled[place] = value
            #expect(throws: expected, "byte \(place)") { try Checkpoint(decoding: spoiled) }
        }
    }

    /// Every bit of a header is covered by its digest or refused.
    @Test func everyTurnedBitChangesTheDigest() throws {
        let header = try checkpoint().header
        let bytes = header.encoded
        for bit in 0..<bytes.count * 8 {
            let spoiled = bytes.flipping(bit: bit)
            guard let found = try? CheckpointHeader(decoding: spoiled) else { continue }
            #expect(found.digest != header.digest, "bit \(bit)")
        }
    }

    @Test func spoiledGenesis() throws {
        let bytes = try #require(ChainFixture(validators: 2)).genesis.encoded
        func failure(_ change: (inout [UInt8]) -> Void) -> DecodingFailure? {
            var spoiled = bytes
            change(&spoiled)
            do throws(DecodingFailure) {
                _ = try Genesis(decoding: spoiled)
                return nil
            } catch { return error }
        }
        #expect(failure { _ in } == nil)
        #expect(failure { $0[0] = 4 } == DecodingFailure(.unknownVersion, at: 0))
        for version in [2, 3] as [UInt8] {
            #expect(failure { $0[0] = version }?.reason == .truncated)
        }
        #expect(failure { $0[2] = 65 } == DecodingFailure(.overLimit, at: 2))
        #expect(failure { $0[6] = 0xFF } == DecodingFailure(.invalidText, at: 2))
        #expect(failure { $0[8] = 0x1F } == DecodingFailure(.outOfRange, at: 2))
        #expect(failure { $0.append(0) }?.reason == .trailingBytes)
        #expect(failure { $0[19] = 0; $0.removeLast(64) } == DecodingFailure(.outOfRange, at: 2))
        #expect(failure { $0[19] = 0xFF; $0[20] = 0xFF }?.reason == .truncated)
        let twice = Array(bytes.dropLast(32) + bytes.suffix(64).prefix(32))
        #expect(failure { $0 = twice } == DecodingFailure(.outOfRange, at: 2))
    }
}
