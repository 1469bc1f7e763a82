// The loops that write and read many rows at once, against one record at a time.
import Primitives
import Records
import TestSupport
import Testing

@Suite struct RowLoopTests {
    /// Rows that fill blocks and leave a rest, in two levels, with differences of `width` bytes.
    private func columns(width: Int) throws -> RecordColumns {
        var generator = SeededGenerator(seed: UInt64(width))
        let most = width == 0 ? 0 : UInt64.max >> UInt64(64 - 8 * width)
        var columns = RecordColumns()
        for row in 0..<203 {
            var record = generator.record()
            // The first rows are the ends of the range, so that the width is this one.
            let value = row == 0 ? 0 : row == 1 ? most : generator.next() & most
            record.duration = value
            record.payloadSize = most - value
            record.compute = value
            columns.append(record, parents: row % 3 == 2 ? [.row(UInt32(row - 1))] : [])
        }
        return try RecordColumns(decoding: columns.encoded())
    }

    @Test(arguments: 0...8) func rowsOfEveryWidthHashAsTheirRecords(width: Int) throws {
        let columns = try columns(width: width)
        let digests = columns.recordDigests()
        for row in 0..<columns.count {
            let record = columns.record(at: row, digests: digests)
            #expect(record.digest == digests[row], "row \(row), width \(width)")
        }
    }

    @Test(arguments: 0...8) func openedRowsAreTheRows(width: Int) throws {
        let columns = try columns(width: width)
        var seen = 0
        columns.withRows { rows in
            for row in 0..<rows.count {
                for column in NumericColumn.allCases {
                    #expect(rows.value(column, row) == columns.value(column, row))
                }
                #expect(rows.operation(at: row) == columns.operation(at: row))
                #expect(rows.caller(at: row) == columns.caller(at: row))
                #expect(rows.outcome(at: row) == columns.outcome(at: row))
                #expect(rows.cost(at: row) == columns.cost(at: row))
                #expect(rows.payloadDigest(at: row) == columns.payloadDigest(at: row))
                seen += 1
            }
        }
        #expect(seen == columns.count)
    }

    @Test func noRowsAreNotOpened() {
        RecordColumns().withRows { _ in Issue.record("there is no row") }
    }
}
