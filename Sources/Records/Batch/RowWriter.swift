// Rows of an encoded body as the 256 bytes that are hashed, many at once: column by column.
import Primitives

/// Writes rows into a block of `rowsPerBlock` of them. Pointers are valid while the body and the
/// tables are held by the caller.
struct RowWriter {
    /// Rows in one block: 16 KiB, half of the nearest cache.
    static let rowsPerBlock = 64

    private let packed: PackedRows
    private let body: UnsafeRawPointer
    private let agents: UnsafeRawPointer
    private let runs: UnsafeRawPointer
    private let tasks: UnsafeRawPointer
    /// Numeric columns that differ from row to row, each with its offset in the row.
    private let varying: [(column: PackedColumn, offset: Int)]

    /// Columns of eight bytes in a row, with their offsets (docs/spec/record.md §1).
    private static let fields: [(NumericColumn, Int)] = [
        (.caller, 80), (.start, 96), (.duration, 104), (.tokensInput, 112), (.tokensOutput, 120),
        (.tokensCached, 128), (.tokensReasoning, 136), (.compute, 144), (.memory, 152),
        (.costLow, 160), (.costHigh, 168), (.gas, 176), (.payloadSize, 184),
    ]

    init(_ packed: PackedRows, body: UnsafeRawPointer, tables: Tables) {
        self.packed = packed
        self.body = body
        agents = tables.agents
        runs = tables.runs
        tasks = tables.tasks
        varying = Self.fields.compactMap { field, offset in
            packed[field].isConstant ? nil : (packed[field], offset)
        }
    }

    /// The entries of the three tables.
    struct Tables {
        var agents: UnsafeRawPointer
        var runs: UnsafeRawPointer
        var tasks: UnsafeRawPointer
    }

    /// Writes what is the same in every row; the parents are zero, which means none.
    func prepare(_ block: UnsafeMutableRawPointer) {
        block.initializeMemory(
            as: UInt8.self, repeating: 0, count: Self.rowsPerBlock * RecordRow.width)
        for index in 0..<Self.rowsPerBlock {
            let row = block + index * RecordRow.width
            row.storeBytes(of: RecordRow.tag.littleEndian, as: UInt64.self)
            for (field, offset) in Self.fields where packed[field].isConstant {
                let value = packed[field].base.littleEndian
                row.storeBytes(of: value, toByteOffset: offset, as: UInt64.self)
            }
        }
    }

    /// Writes everything but the parents of at most `rowsPerBlock` rows into a prepared block.
    func write(_ rows: UnsafeBufferPointer<UInt32>, to block: UnsafeMutableRawPointer) {
        copy(agents, of: .agent, width: 32, rows, to: block + 8)
        copy(runs, of: .run, width: 16, rows, to: block + 40)
        copy(tasks, of: .task, width: 16, rows, to: block + 56)
        writeOperations(rows, to: block + 72)
        writeSmall(rows, to: block + 88)
        for (column, offset) in varying { write(column, rows, to: block + offset) }
        writePayloadDigests(rows, to: block + 192)
    }

    private func write(
        _ column: PackedColumn, _ rows: UnsafeBufferPointer<UInt32>,
        to first: UnsafeMutableRawPointer
    ) {
        let values = column.values(in: body)
        var target = first
        for row in rows {
            target.storeBytes(of: values[Int(row)].littleEndian, as: UInt64.self)
            target += RecordRow.width
        }
    }

    /// Kind, outcome and number of parents, which share eight bytes.
    private func writeSmall(
        _ rows: UnsafeBufferPointer<UInt32>, to first: UnsafeMutableRawPointer
    ) {
        let kinds = packed[.kind].values(in: body)
        let outcomes = packed[.outcome].values(in: body)
        let parents = packed[.parentCount].values(in: body)
        var target = first
        for row in rows {
            let row = Int(row)
            let word = kinds[row] | outcomes[row] << 8 | parents[row] << 16
            target.storeBytes(of: word.littleEndian, as: UInt64.self)
            target += RecordRow.width
        }
    }

    /// The entries that an index column names.
    @inline(__always)
    private func copy(
        _ table: UnsafeRawPointer, of column: NumericColumn, width: Int,
        _ rows: UnsafeBufferPointer<UInt32>, to first: UnsafeMutableRawPointer
    ) {
        let indices = packed[column].values(in: body)
        var target = first
        for row in rows {
            let entry = table + Int(truncatingIfNeeded: indices[Int(row)]) &* width
            for offset in stride(from: 0, to: width, by: 16) {
                target.storeBytes(
                    of: entry.loadUnaligned(fromByteOffset: offset, as: SIMD2<UInt64>.self),
                    toByteOffset: offset, as: SIMD2<UInt64>.self)
            }
            target += RecordRow.width
        }
    }

    private func writeOperations(
        _ rows: UnsafeBufferPointer<UInt32>, to first: UnsafeMutableRawPointer
    ) {
        let source = body + packed.operations
        var target = first
        for row in rows {
            target.storeBytes(
                of: source.loadUnaligned(fromByteOffset: Int(row) &* 8, as: UInt64.self),
                as: UInt64.self)
            target += RecordRow.width
        }
    }

    private func writePayloadDigests(
        _ rows: UnsafeBufferPointer<UInt32>, to first: UnsafeMutableRawPointer
    ) {
        let source = body + packed.payloadDigests
        var target = first
        for row in rows {
            let digest = source + Int(row) &* 32
            for offset in [0, 16] {
                target.storeBytes(
                    of: digest.loadUnaligned(fromByteOffset: offset, as: SIMD2<UInt64>.self),
                    toByteOffset: offset, as: SIMD2<UInt64>.self)
            }
            target += RecordRow.width
        }
    }
}
