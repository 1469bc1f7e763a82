// The body of a batch, reading side: refuses everything that is not the canonical encoding of its
// rows.
import Primitives

extension RecordColumns {
    /// Decodes a body of at most `Limits.batchBytes`.
    ///
    /// - Throws: `DecodingFailure` with the offset of the first fault; what it accepts encodes to
    /// the
    ///   same bytes again.
    public init(decoding body: [UInt8]) throws(DecodingFailure) {
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
        setDecodedCount(rows)
        words = [UInt64](repeating: 0, count: rows * Self.stride)
        agents = try Self.readTable(&reader, rows: rows)
        runs = try Self.readTable(&reader, rows: rows)
        tasks = try Self.readTable(&reader, rows: rows)
        try readIndex(.agent, table: agents.entries.count, &reader)
        try readIndex(.run, table: runs.entries.count, &reader)
        try readIndex(.task, table: tasks.entries.count, &reader)
        operations = try reader.readList(count: rows)
        for column in NumericColumn.allCases[NumericColumn.caller.rawValue...]
        where column != .parentCount {
            try readNumbers(column, limit: Self.limit(of: column), &reader)
        }
        payloadDigests = try reader.readList(count: rows)
        try readNumbers(.parentCount, limit: 0...UInt64(Limits.parentsPerRecord), &reader)
        try readParents(&reader)
        try reader.finish()
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

    /// An index column: its values first appear in the order 0, 1, 2, … and use the whole table.
    private mutating func readIndex(
        _ column: NumericColumn, table: Int, _ reader: inout ByteReader
    ) throws(DecodingFailure) {
        let start = reader.offset
        try readNumbers(column, limit: 0...UInt64(table - 1), &reader)
        var next: UInt64 = 0
        for row in 0..<count {
            let index = value(column, row)
            guard index <= next else { throw DecodingFailure(.notCanonical, at: start) }
            if index == next { next += 1 }
        }
        guard next == UInt64(table) else { throw DecodingFailure(.notCanonical, at: start) }
    }

    private mutating func readNumbers(
        _ column: NumericColumn, limit: ClosedRange<UInt64>, _ reader: inout ByteReader
    ) throws(DecodingFailure) {
        let start = reader.offset
        let width = Int(try reader.read(UInt8.self))
        guard width <= 8 else { throw DecodingFailure(.outOfRange, at: start) }
        let base = try reader.read(UInt64.self)
        let packed = try reader.read(count: width * count)
        let mask = width == 8 ? UInt64.max : (1 << UInt64(8 * width)) - 1
        var low = UInt64.max
        var high = UInt64.min
        let count = count
        words.withUnsafeMutableBufferPointer { words in
            packed.withUnsafeBytes { packed in
                for row in 0..<count {
                    let difference = Self.load(packed, row * width, width) & mask
                    low = min(low, difference)
                    high = max(high, difference)
                    words[row * Self.stride + column.rawValue] = base &+ difference
                }
            }
        }
        let (highest, overflow) = base.addingReportingOverflow(high)
        guard !overflow, limit.contains(base), limit.contains(highest) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        guard low == 0, width == Self.width(of: high) else {
            throw DecodingFailure(.notCanonical, at: start)
        }
    }

    /// Up to eight bytes at `offset`; bytes past the end of `packed` read as zero.
    private static func load(
        _ packed: UnsafeRawBufferPointer, _ offset: Int, _ width: Int
    ) -> UInt64 {
        if offset + 8 <= packed.count {
            return UInt64(
                littleEndian: packed.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        var value: UInt64 = 0
        for index in 0..<width { value |= UInt64(packed[offset + index]) << UInt64(8 * index) }
        return value
    }

    private mutating func readParents(_ reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        let total = Int(try reader.read(UInt32.self))
        var expected = 0
        for row in 0..<count { expected += Int(value(.parentCount, row)) }
        guard total == expected else { throw DecodingFailure(.outOfRange, at: start) }
        var numbers: [UInt32] = []
        numbers.reserveCapacity(min(total, reader.remaining / 4))
        for _ in 0..<total { numbers.append(try reader.read()) }
        let external = try readExternalParents(&reader, most: total)
        try assignParents(numbers, external: external, at: start)
    }

    private func readExternalParents(
        _ reader: inout ByteReader, most: Int
    ) throws(DecodingFailure) -> [Digest] {
        let start = reader.offset
        let count = Int(try reader.read(UInt32.self))
        guard count <= most else { throw DecodingFailure(.outOfRange, at: start) }
        return try reader.readList(count: count)
    }

    private mutating func assignParents(
        _ numbers: [UInt32], external: [Digest], at start: Int
    ) throws(DecodingFailure) {
        var usedExternal = 0
        var place = 0
        for row in 0..<count {
            for _ in 0..<value(.parentCount, row) {
                let number = numbers[place]
                place += 1
                if number & Self.externalFlag != 0 {
                    guard number & ~Self.externalFlag == UInt32(usedExternal),
                        usedExternal < external.count
                    else { throw DecodingFailure(.notCanonical, at: start) }
                    parents.append(.digest(external[usedExternal]))
                    usedExternal += 1
                } else {
                    guard number < UInt32(row) else {
                        throw DecodingFailure(.outOfRange, at: start)
                    }
                    parents.append(.row(number))
                }
            }
            parentStarts.append(parents.count)
        }
        guard usedExternal == external.count else {
            throw DecodingFailure(.notCanonical, at: start)
        }
    }
}
