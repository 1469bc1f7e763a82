// Random columns survive encoding, and their digests are those of the records taken one by one.
import Primitives
import Records
import TestSupport
import Testing

@Suite struct ColumnPropertyTests {
    private func rows(_ generator: inout SeededGenerator) -> Int {
        Int.random(in: 1...40, using: &generator)
    }

    @Test(arguments: propertySeeds)
    func decodedColumnsEqualTheEncodedOnes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let random = RandomColumns(rows: rows(&generator), using: &generator)
        let body = random.columns.encoded()
        let decoded = try RecordColumns(decoding: body)
        #expect(decoded.unpacked().encoded() == body, "seed \(seed)")
        #expect(decoded.count == random.records.count, "seed \(seed)")
        let digests = random.digestsOneByOne()
        for (row, record) in random.records.enumerated() {
            var found = decoded.record(at: row, digests: digests)
            #expect(Array(decoded.parents(at: row)) == random.parents[row], "seed \(seed)")
            found.parents = []
            #expect(found == record, "seed \(seed), row \(row)")
        }
    }

    @Test(arguments: propertySeeds)
    func digestsOfABatchAreThoseOfItsRecords(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let random = RandomColumns(rows: rows(&generator), using: &generator)
        let digests = random.columns.recordDigests()
        #expect(digests == random.digestsOneByOne(), "seed \(seed)")
        for (row, digest) in digests.enumerated() {
            let record = random.columns.record(at: row, digests: digests)
            #expect(record.digest == digest, "seed \(seed), row \(row)")
        }
    }

    /// More rows than one block of the hash kernel, all children of row 0; then one long line.
    @Test(arguments: [1, 255, 256, 257, 1025]) func blocksAndLevels(rows: Int) throws {
        var generator = SeededGenerator(seed: UInt64(rows))
        var star = RecordColumns()
        var line = RecordColumns()
        for row in 0..<rows {
            let record = generator.record()
            star.append(record, parents: row == 0 ? [] : [.row(0)])
            line.append(record, parents: row == 0 ? [] : [.row(UInt32(row - 1))])
        }
        for columns in [star, line] {
            let digests = columns.recordDigests()
            for row in 0..<rows {
                let record = columns.record(at: row, digests: digests)
                #expect(record.digest == digests[row], "row \(row) of \(rows)")
            }
        }
    }

    /// Parents in the same window of rows, in earlier ones, and outside the batch.
    @Test func windowsOfRows() throws {
        var generator = SeededGenerator(seed: 4096)
        var columns = RecordColumns()
        for row in 0..<8209 {
            columns.append(generator.record(), parents: generator.parents(row: row))
        }
        let decoded = try RecordColumns(decoding: columns.encoded())
        let digests = decoded.recordDigests()
        #expect(digests == columns.recordDigests())
        for row in stride(from: 0, to: 8209, by: 61) {
            let record = columns.record(at: row, digests: digests)
            #expect(record.digest == digests[row], "row \(row)")
        }
    }

    /// A column of differences up to the largest of each width; the width is part of the encoding.
    @Test(arguments: 0...8) func everyWidth(bytes: Int) throws {
        let most: UInt64 = bytes == 0 ? 0 : .max >> (64 - 8 * UInt64(bytes))
        for base in [0, UInt64.max - most] {
            var columns = RecordColumns()
            for value in [base + most / 3, base, base + most] {
                var record = Record()
                record.duration = value
                columns.append(record, parents: [])
            }
            let body = columns.encoded()
            let decoded = try RecordColumns(decoding: body)
            #expect((0..<3).map { decoded.value(.duration, $0) }
                == [base + most / 3, base, base + most])
            let narrow = columnsOfZeros().encoded()
            #expect(body.count == narrow.count + 3 * bytes)
        }
    }

    private func columnsOfZeros() -> RecordColumns {
        var columns = RecordColumns()
        for _ in 0..<3 { columns.append(Record(), parents: []) }
        return columns
    }
}
