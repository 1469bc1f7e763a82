// The rows of a body opened once, for loops that read many fields of every row.
import Primitives

/// Rows where they lie; valid in the call of `withRows` that gave them.
public struct RowsInPlace {
    public let count: Int
    private let body: UnsafeRawPointer
    /// One for each `NumericColumn`, in that order.
    private let values: UnsafePointer<ColumnValues>
    private let operations: Int
    private let payloadDigests: Int

    fileprivate init(
        _ packed: PackedRows, _ body: UnsafeRawPointer, _ values: UnsafePointer<ColumnValues>
    ) {
        count = packed.count
        self.body = body
        self.values = values
        operations = packed.operations
        payloadDigests = packed.payloadDigests
    }

    /// One value of a numeric column.
    public func value(_ column: NumericColumn, _ row: Int) -> UInt64 {
        precondition(row >= 0 && row < count, "the row is there")
        return values[column.rawValue][row]
    }

    public func operation(at row: Int) -> OperationID { entry(operations, row) }

    public func payloadDigest(at row: Int) -> Digest { entry(payloadDigests, row) }

    public func caller(at row: Int) -> OperationID {
        OperationID(word: value(.caller, row).littleEndian)
    }

    public func outcome(at row: Int) -> Outcome {
        Outcome(rawValue: UInt8(truncatingIfNeeded: value(.outcome, row))) ?? .partial
    }

    public func cost(at row: Int) -> Amount {
        Amount(nanoCredits: UInt128(value(.costHigh, row)) << 64 | UInt128(value(.costLow, row)))
    }

    private func entry<Entry: FixedBytes>(_ start: Int, _ row: Int) -> Entry {
        precondition(row >= 0 && row < count, "the row is there")
        return Entry(
            loading: UnsafeRawBufferPointer(
                start: body + start + row * Entry.width, count: Entry.width))
    }
}

extension RecordColumns {
    /// Calls `read` with the rows opened, where there are any. To ask these columns for one value
    /// after the other costs more than the values.
    public func withRows<Failure: Error>(
        _ read: (RowsInPlace) throws(Failure) -> Void
    ) throws(Failure) {
        guard count > 0 else { return }
        let packed = packedRows()
        try packed.body.withUnsafeBufferPointer { bytes throws(Failure) in
            guard let start = bytes.baseAddress else { return }
            let body = UnsafeRawPointer(start)
            let values = packed.columns.map { $0.values(in: body) }
            try values.withUnsafeBufferPointer { values throws(Failure) in
                guard let first = values.baseAddress else { return }
                try read(RowsInPlace(packed, body, first))
            }
        }
    }
}
