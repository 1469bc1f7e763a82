// Batches that are refused in themselves: every field spoiled, every bit turned.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Records

@Suite struct BatchRefusalTests {
    private func batch(rows: Int = 3) throws -> CheckedBatch {
        var generator = SeededGenerator(seed: 77)
        let columns = RandomColumns(rows: rows, using: &generator).columns
        return try #require(ChainFixture()).seal(columns)
    }

    private func failure(_ batch: Batch) -> BatchFailure? {
        do throws(BatchFailure) {
            _ = try CheckedBatch(checking: batch)
            return nil
        } catch {
            return error
        }
    }

    @Test func sealedBatchIsAccepted() throws {
        let sealed = try batch()
        let decoded = try Batch(decoding: sealed.batch.encoded)
        #expect(decoded == sealed.batch)
        let checked = try CheckedBatch(checking: decoded)
        #expect(checked.digest == sealed.digest)
        #expect(checked.recordDigests == sealed.recordDigests)
    }

    /// Each row also spoils what is looked for later.
    @Test func faultsInTheirOrder() throws {
        var batch = try batch().batch
        batch.signature = Signature(repeating: 0)
        #expect(failure(batch) == .signature)
        batch.header.root = Digest(repeating: 1)
        #expect(failure(batch) == .root)
        batch.header.count += 1
        #expect(failure(batch) == .count)
        batch.body.append(0)
        batch.header.columns = BLAKE3.hash(batch.body)
        let end = batch.body.count - 1
        #expect(failure(batch) == .columns(DecodingFailure(.trailingBytes, at: end)))
        batch.body.append(0)
        #expect(failure(batch) == .columnsDigest)
    }

    @Test func everyHeaderFieldIsSigned() throws {
        let batch = try batch().batch
        let changes: [(inout BatchHeader) -> Void] = [
            { $0.chain = Digest() }, { $0.submitter = SubmitterID() }, { $0.sequence += 1 },
            { $0.previous = Digest() }, { $0.closed.nanoseconds += 1 },
            { $0.key = PublicKey(repeating: 1) },
        ]
        for (index, change) in changes.enumerated() {
            var spoiled = batch
            change(&spoiled.header)
            #expect(failure(spoiled) == .signature, "change \(index)")
        }
    }

    @Test func everyTurnedBitIsRefused() throws {
        let bytes = try batch(rows: 2).batch.encoded
        for bit in 0..<bytes.count * 8 {
            let spoiled = bytes.flipping(bit: bit)
            guard let batch = try? Batch(decoding: spoiled) else { continue }
            #expect(failure(batch) != nil, "bit \(bit % 8) of byte \(bit / 8)")
        }
    }

    @Test func truncatedBatches() throws {
        let bytes = try batch(rows: 1).batch.encoded
        for length in 0..<bytes.count {
            #expect(throws: DecodingFailure.self) { try Batch(decoding: Array(bytes[..<length])) }
        }
        let end = bytes.count
        #expect(throws: DecodingFailure(.trailingBytes, at: end)) {
            try Batch(decoding: bytes + [0])
        }
    }

    @Test func headersByThemselves() throws {
        let header = try batch(rows: 1).batch.header
        let bytes = header.encoded
        #expect(try BatchHeader(decoding: bytes) == header)
        for length in 0..<bytes.count {
            let found = #expect(throws: DecodingFailure.self, "\(length) bytes") {
                try BatchHeader(decoding: Array(bytes[..<length]))
            }
            #expect(found?.reason == .truncated, "\(length) bytes")
        }
        #expect(throws: DecodingFailure(.trailingBytes, at: BatchHeader.width)) {
            try BatchHeader(decoding: bytes + [0])
        }
    }

    @Test func frameOfABatch() throws {
        let bytes = try batch(rows: 1).batch.encoded
        let zeros = BatchHeader.width - 8
        let table: [(Int, UInt8, DecodingFailure)] = [
            (0, 2, DecodingFailure(.unknownVersion, at: 0)),
            (1, 1, DecodingFailure(.unknownVersion, at: 0)),
            (zeros, 1, DecodingFailure(.notCanonical, at: zeros)),
            (zeros + 7, 1, DecodingFailure(.notCanonical, at: zeros)),
            (289, 0xFF, DecodingFailure(.overLimit, at: 286)),
        ]
        for (place, value, expected) in table {
            var spoiled = bytes
            spoiled[place] = value
            #expect(throws: expected, "byte \(place)") { try Batch(decoding: spoiled) }
        }
    }
}
