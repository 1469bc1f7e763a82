// The body of a batch, writing side: tables, then columns with a base and a width
// (docs/spec/record.md §7).
import Primitives

extension RecordColumns {
    /// The version of the body's encoding.
    static let encodingVersion: UInt16 = 1
    /// Set in a parent's number where it names a digest and not a row.
    static let externalFlag: UInt32 = 1 << 31

    /// The smallest number of bytes that holds `difference`; 0 for zero.
    static func width(of difference: UInt64) -> Int {
        (64 - difference.leadingZeroBitCount + 7) / 8
    }

    /// The canonical body: equal rows give equal bytes. At least one row.
    public func encoded() -> [UInt8] { Array(packedRows().body) }

    /// The same rows as those of their body.
    func encodedRows() -> RecordColumns {
        var columns = self
        columns.packed = packedRows()
        columns.open = OpenRows()
        return columns
    }

    /// The rows of the body, which is made where there is none yet.
    func packedRows() -> PackedRows {
        if let packed { return packed }
        var encoding = ColumnEncoding(rows: open, count: count)
        encoding.write(agents.entries)
        encoding.write(runs.entries)
        encoding.write(tasks.entries)
        for column in [NumericColumn.agent, .run, .task] { encoding.write(column) }
        let operations = encoding.append(open.operations)
        for column in NumericColumn.allCases[NumericColumn.caller.rawValue...]
        where column != .parentCount {
            encoding.write(column)
        }
        let payloadDigests = encoding.append(open.payloadDigests)
        encoding.write(.parentCount)
        let parents = encoding.writeParents()
        var packed = PackedRows(body: encoding.writer.bytes[...], count: count)
        packed.columns = encoding.columns
        packed.operations = operations
        packed.payloadDigests = payloadDigests
        packed.parents = parents
        return packed
    }
}

/// A body under way.
private struct ColumnEncoding {
    let rows: OpenRows
    let count: Int
    var writer: ByteWriter
    /// Those written so far, each in its place.
    var columns = Array(repeating: PackedColumn(), count: NumericColumn.allCases.count)

    init(rows: OpenRows, count: Int) {
        self.rows = rows
        self.count = count
        writer = ByteWriter(capacity: 1024 + count * 128)
        writer.write(RecordColumns.encodingVersion)
        writer.write(UInt32(count))
    }

    mutating func write<Entry: FixedBytes>(_ table: [Entry]) {
        writer.write(UInt32(table.count))
        append(table)
    }

    /// Fixed byte strings lie in memory as they are encoded. Returns where they begin.
    @discardableResult
    mutating func append<Entry: FixedBytes>(_ list: [Entry]) -> Int {
        let start = writer.bytes.count
        list.withUnsafeBytes { writer.append($0) }
        return start
    }

    mutating func write(_ column: NumericColumn) {
        let (low, high) = extremes(column)
        let width = RecordColumns.width(of: high - low)
        writer.write(UInt8(width))
        writer.write(low)
        columns[column.rawValue] = PackedColumn(
            start: writer.bytes.count, width: width, base: low, highest: high)
        guard width > 0 else { return }
        let packed = [UInt8](unsafeUninitializedCapacity: count * width + 8) { bytes, size in
            var place = column.rawValue
            var target = UnsafeMutableRawPointer(bytes.baseAddress!)
            rows.words.withUnsafeBufferPointer { words in
                for _ in 0..<count {
                    // Eight bytes are stored and the next value overwrites what is too much.
                    target.storeBytes(of: (words[place] - low).littleEndian, as: UInt64.self)
                    target += width
                    place += OpenRows.stride
                }
            }
            size = count * width
        }
        writer.append(packed)
    }

    private func extremes(_ column: NumericColumn) -> (low: UInt64, high: UInt64) {
        guard count > 0 else { return (0, 0) }
        var low = UInt64.max
        var high = UInt64.min
        rows.words.withUnsafeBufferPointer { words in
            for place in stride(from: column.rawValue, to: words.count, by: OpenRows.stride) {
                low = min(low, words[place])
                high = max(high, words[place])
            }
        }
        return (low, high)
    }

    mutating func writeParents() -> PackedParents {
        var parents = PackedParents()
        var external: [Digest] = []
        writer.write(UInt32(rows.parents.count))
        parents.numbers = writer.bytes.count
        for reference in rows.parents {
            switch reference {
            case .row(let row):
                writer.write(row)
                parents.hasRows = true
            case .digest(let digest):
                writer.write(RecordColumns.externalFlag | UInt32(external.count))
                external.append(digest)
            }
        }
        writer.write(UInt32(external.count))
        parents.externals = append(external)
        if !rows.parents.isEmpty { parents.starts = rows.parentStarts.map { UInt32($0) } }
        return parents
    }
}
