// Receipts made from sealed batches: they verify, survive JSON, and stay small.
import Cryptography
import JSON
import Primitives
import Records
import TestSupport
import Testing

@Suite struct ReceiptTests {
    private func columns(_ rows: Int, seed: UInt64) -> RecordColumns {
        var generator = SeededGenerator(seed: seed)
        return RandomColumns(rows: rows, using: &generator).columns
    }

    @Test(arguments: [1, 2, 3, 4, 5, 8, 9, 33]) func everyRowOfABatch(rows: Int) throws {
        let chain = try #require(ChainFixture())
        let batch = chain.seal(columns(rows, seed: UInt64(rows)))
        for row in 0..<rows {
            let receipt = try #require(chain.receipt(of: row, in: batch))
            try receipt.verify(trusted: chain.genesis.digest)
            for layout in [JSONLayout.compact, .pretty] {
                let again = try Receipt(json: receipt.json(layout))
                #expect(again == receipt, "row \(row) of \(rows)")
                #expect(again.json(layout) == receipt.json(layout), "row \(row) of \(rows)")
            }
        }
    }

    @Test(arguments: [(0, 1), (0, 2), (1, 2), (4, 5), (6, 7), (0, 64)])
    func everyPlaceInACheckpoint(item: Int, items: Int) throws {
        for validators in [1, 4, 7] {
            let chain = try #require(ChainFixture(validators: validators))
            let batch = chain.seal(columns(3, seed: 9))
            let receipt = try #require(chain.receipt(of: 1, in: batch, item: item, of: items))
            try Receipt(json: receipt.json()).verify(trusted: chain.genesis.digest)
        }
    }

    @Test func payloadIsCheckedWhereItIsGiven() throws {
        let chain = try #require(ChainFixture())
        var record = Record()
        record.payloadSize = 5
        record.payloadDigest = BLAKE3.hash(Array("hello".utf8))
        var columns = RecordColumns()
        columns.append(record, parents: [])
        let receipt = try #require(chain.receipt(of: 0, in: chain.seal(columns)))
        try receipt.verify(payload: Array("hello".utf8))
        for wrong in ["", "hell", "hello!", "hellO"] {
            let refusal = #expect(throws: ReceiptRefusal.self) {
                try receipt.verify(payload: Array(wrong.utf8))
            }
            #expect(refusal?.part == .payload, "\(wrong)")
        }
    }

    /// The largest batch and a quorum of four: the bytes are a snapshot, the aim is under 4,096.
    @Test func sizeInTheLargestBatch() throws {
        let chain = try #require(ChainFixture())
        var columns = RecordColumns()
        for row in 0..<Limits.recordsPerBatch {
            var record = Record()
            record.operation = OperationID(word: UInt64(row + 1))
            record.start = Instant(nanoseconds: 1_700_000_000_000_000_000 + UInt64(row))
            record.tokens.input = UInt64(row)
            columns.append(record, parents: [])
        }
        let batch = chain.seal(columns)
        let receipt = try #require(chain.receipt(of: 65_535, in: batch, item: 3, of: 8))
        let text = receipt.json()
        #expect(receipt.batch.path.count == 16)
        #expect(text.count == 3880)
        try Receipt(json: text).verify(trusted: chain.genesis.digest)
    }
}
