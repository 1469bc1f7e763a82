// The rows of an encoded body, read where they lie: nothing is copied out of it.
import Primitives

/// Where the parts of a body are. Made by the decoder, which has checked them, or by the encoder.
struct PackedRows: Sendable {
    let body: ArraySlice<UInt8>
    /// Rows.
    let count: Int
    /// One for each `NumericColumn`, in that order.
    var columns: [PackedColumn]
    /// Bytes from the start of the body to the operations and to the payload digests.
    var operations = 0
    var payloadDigests = 0
    var parents = PackedParents()

    init(body: ArraySlice<UInt8>, count: Int) {
        self.body = body
        self.count = count
        columns = Array(repeating: PackedColumn(), count: NumericColumn.allCases.count)
    }

    subscript(column: NumericColumn) -> PackedColumn {
        get { columns[column.rawValue] }
        set { columns[column.rawValue] = newValue }
    }

    func value(_ column: NumericColumn, _ row: Int) -> UInt64 {
        precondition(row >= 0 && row < count, "the row is there")
        return body.withUnsafeBytes { self[column].values(in: $0.baseAddress!)[row] }
    }

    func operation(at row: Int) -> OperationID { entry(operations, row) }

    func payloadDigest(at row: Int) -> Digest { entry(payloadDigests, row) }

    func parents(at row: Int) -> [ParentReference] {
        precondition(row >= 0 && row < count, "the row is there")
        guard !parents.starts.isEmpty else { return [] }
        return (parents.starts[row]..<parents.starts[row + 1]).map { place in
            let number = body.withUnsafeBytes { parents.number(Int(place), in: $0.baseAddress!) }
            guard number & RecordColumns.externalFlag != 0 else { return .row(number) }
            return .digest(entry(parents.externals, Int(number & ~RecordColumns.externalFlag)))
        }
    }

    private func entry<Entry: FixedBytes>(_ start: Int, _ index: Int) -> Entry {
        let place = start + index * Entry.width
        return body.withUnsafeBytes {
            Entry(loading: UnsafeRawBufferPointer(rebasing: $0[place..<place + Entry.width]))
        }
    }
}

/// The parents of all rows, one row after the other.
struct PackedParents: Sendable {
    /// Bytes from the start of the body to the numbers, and to the digests of records outside.
    var numbers = 0
    var externals = 0
    /// One more than rows: row i has the numbers `starts[i]..<starts[i + 1]`. Empty where no row
    /// has a parent.
    var starts: [UInt32] = []
    /// Whether a parent is a row of the same body.
    var hasRows = false

    @inline(__always)
    func number(_ place: Int, in body: UnsafeRawPointer) -> UInt32 {
        let at = body + (numbers &+ place &* 4)
        return UInt32(littleEndian: at.loadUnaligned(as: UInt32.self))
    }
}
