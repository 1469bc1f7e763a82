// The body of a batch, reading side: refuses everything that is not the canonical encoding of its
// rows.
import Primitives

extension RecordColumns {
    /// Decodes a body of at most `Limits.batchBytes`. The rows stay in it.
    ///
    /// - Throws: `DecodingFailure` with the offset of the first fault; what it accepts encodes to
    /// the
    ///   same bytes again.
    public init(decoding body: [UInt8]) throws(DecodingFailure) {
        try self.init(decoding: body[...])
    }

    public init(decoding body: ArraySlice<UInt8>) throws(DecodingFailure) {
        guard body.count <= Limits.batchBytes else { throw DecodingFailure(.overLimit, at: 0) }
        var reader = ByteReader(body)
        guard try reader.read(UInt16.self) == Self.encodingVersion else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        let rows = Int(try reader.read(UInt32.self))
        guard rows >= 1, rows <= Limits.recordsPerBatch else {
            throw DecodingFailure(.overLimit, at: 2)
        }
        // A few bytes must not ask for the memory of a full batch.
        guard reader.remaining / Self.leastRowBytes >= rows else {
            throw DecodingFailure(.truncated, at: reader.offset)
        }
        self.init()
        count = rows
        agents = try Self.readTable(&reader, rows: rows)
        runs = try Self.readTable(&reader, rows: rows)
        tasks = try Self.readTable(&reader, rows: rows)
        var found = PackedRows(body: body, count: rows)
        try found.readIndex(.agent, table: agents.entries.count, &reader)
        try found.readIndex(.run, table: runs.entries.count, &reader)
        try found.readIndex(.task, table: tasks.entries.count, &reader)
        found.operations = try reader.skip(rows * OperationID.width)
        for column in NumericColumn.allCases[NumericColumn.caller.rawValue...]
        where column != .parentCount {
            try found.readNumbers(column, limit: Self.limit(of: column), &reader)
        }
        found.payloadDigests = try reader.skip(rows * Digest.width)
        try found.readNumbers(.parentCount, limit: 0...UInt64(Limits.parentsPerRecord), &reader)
        try found.readParents(&reader)
        try reader.finish()
        packed = found
    }

    /// Bytes of a row in the columns that are not packed: its operation and its payload digest.
    private static let leastRowBytes = OperationID.width + Digest.width

    /// The values a column may hold.
    private static func limit(of column: NumericColumn) -> ClosedRange<UInt64> {
        switch column {
        case .kind: UInt64(RecordKind.run.rawValue)...UInt64(RecordKind.other.rawValue)
        case .outcome: UInt64(Outcome.success.rawValue)...UInt64(Outcome.partial.rawValue)
        default: 0...UInt64.max
        }
    }

    private static func readTable<Entry: FixedBytes>(
        _ reader: inout ByteReader, rows: Int
    ) throws(DecodingFailure) -> IdentifierTable<Entry> {
        let start = reader.offset
        let count = Int(try reader.read(UInt32.self))
        guard count >= 1, count <= rows else { throw DecodingFailure(.outOfRange, at: start) }
        let entries: [Entry] = try reader.readList(count: count)
        guard let table = IdentifierTable(entries) else {
            throw DecodingFailure(.notCanonical, at: start)
        }
        return table
    }
}

extension PackedRows {
    /// An index column: its values first appear in the order 0, 1, 2, … and use the whole table.
    fileprivate mutating func readIndex(
        _ column: NumericColumn, table: Int, _ reader: inout ByteReader
    ) throws(DecodingFailure) {
        let start = reader.offset
        try readNumbers(column, limit: 0...UInt64(table - 1), &reader)
        let packed = self[column]
        var next: UInt64 = 0
        var isInOrder = true
        body.withUnsafeBytes { body in
            let indices = packed.values(in: body.baseAddress!)
            for row in 0..<(packed.isConstant ? 1 : count) {
                let index = indices[row]
                guard index >= next else { continue }
                isInOrder = isInOrder && index == next
                next = index &+ 1
            }
        }
        guard isInOrder, next == UInt64(table) else {
            throw DecodingFailure(.notCanonical, at: start)
        }
    }

    fileprivate mutating func readNumbers(
        _ column: NumericColumn, limit: ClosedRange<UInt64>, _ reader: inout ByteReader
    ) throws(DecodingFailure) {
        let start = reader.offset
        let width = Int(try reader.read(UInt8.self))
        guard width <= 8 else { throw DecodingFailure(.outOfRange, at: start) }
        let base = try reader.read(UInt64.self)
        let place = try reader.skip(width * count)
        guard reader.remaining >= PackedColumn.slack else {
            throw DecodingFailure(.truncated, at: reader.offset)
        }
        let (low, high) = body.withUnsafeBytes {
            PackedColumn.extremes($0.baseAddress! + place, count: count, width: width)
        }
        let (highest, overflow) = base.addingReportingOverflow(high)
        guard !overflow, limit.contains(base), limit.contains(highest) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        guard low == 0, width == RecordColumns.width(of: high) else {
            throw DecodingFailure(.notCanonical, at: start)
        }
        self[column] = PackedColumn(start: place, width: width, base: base, highest: highest)
    }

    fileprivate mutating func readParents(_ reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        let total = Int(try reader.read(UInt32.self))
        parents.starts = parentStarts
        guard total == Int(parents.starts.last ?? 0) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        parents.numbers = try reader.skip(total * 4)
        let outside = reader.offset
        let external = Int(try reader.read(UInt32.self))
        guard external <= total else { throw DecodingFailure(.outOfRange, at: outside) }
        parents.externals = try reader.skip(external * Digest.width)
        switch lookAtParents(external: external) {
        case nil: break
        case let reason?: throw DecodingFailure(reason, at: start)
        }
    }

    /// Sums of the numbers of parents; empty where there are none. At most 2^24 parents.
    private var parentStarts: [UInt32] {
        let column = self[.parentCount]
        guard column.highest > 0 else { return [] }
        return [UInt32](unsafeUninitializedCapacity: count + 1) { starts, initialized in
            body.withUnsafeBytes { body in
                let counts = column.values(in: body.baseAddress!)
                var sum: UInt32 = 0
                for row in 0..<count {
                    starts[row] = sum
                    sum += UInt32(counts[row])
                }
                starts[count] = sum
            }
            initialized = count + 1
        }
    }

    /// What is wrong with the parents, of which `external` lie outside: rows come before the row,
    /// and digests are used in order, each once.
    private mutating func lookAtParents(external: Int) -> DecodingFailure.Reason? {
        var used: UInt32 = 0
        var hasRows = false
        var fault: DecodingFailure.Reason?
        body.withUnsafeBytes { body in
            for row in 0..<max(parents.starts.count - 1, 0) where fault == nil {
                for place in parents.starts[row]..<parents.starts[row + 1] {
                    let number = parents.number(Int(place), in: body.baseAddress!)
                    if number & RecordColumns.externalFlag == 0 {
                        hasRows = true
                        if number >= UInt32(row) { fault = fault ?? .outOfRange }
                    } else {
                        if number & ~RecordColumns.externalFlag != used || used >= external {
                            fault = fault ?? .notCanonical
                        }
                        used &+= 1
                    }
                }
            }
        }
        parents.hasRows = hasRows
        return fault ?? (used == external ? nil : .notCanonical)
    }
}
