// Rows of an encoded body as the 256 bytes that are hashed, many at once: column by column.
import CRecordRows
import Primitives

/// Writes rows into a block of `rowsPerBlock` of them. Pointers are valid while the body and the
/// tables are held by the caller. `RecordRow.write` writes the same bytes for one record.
struct RowWriter {
    /// Rows in one block: 16 KiB, half of the nearest cache.
    static let rowsPerBlock = 64

    private let packed: PackedRows
    private let body: UnsafePointer<UInt8>
    private let tables: [Table]
    /// Numeric columns that differ from row to row, each with its offset in the row.
    private let varying: [(column: crows_column, offset: Int)]
    /// Where each part of the body begins that rows are made of, and its bytes for a row.
    private let parts: [(start: Int, width: Int)]

    /// Entries that an index column names.
    private struct Table {
        var entries: UnsafePointer<UInt8>
        /// Bytes of an entry.
        var width: Int
        var index: crows_column
        var offset: Int
    }

    /// Columns of eight bytes in a row, with their offsets (docs/spec/record.md §1).
    private static let fields: [(NumericColumn, Int)] = [
        (.caller, 80), (.start, 96), (.duration, 104), (.tokensInput, 112), (.tokensOutput, 120),
        (.tokensCached, 128), (.tokensReasoning, 136), (.compute, 144), (.memory, 152),
        (.costLow, 160), (.costHigh, 168), (.gas, 176), (.payloadSize, 184),
    ]

    init(_ packed: PackedRows, body: UnsafeRawPointer, tables: Tables) {
        self.packed = packed
        let body = body.assumingMemoryBound(to: UInt8.self)
        self.body = body
        func table(
            _ entries: UnsafeRawPointer, _ width: Int, _ column: NumericColumn, _ offset: Int
        ) -> Table {
            Table(
                entries: entries.assumingMemoryBound(to: UInt8.self), width: width,
                index: packed[column].kernel(in: body), offset: offset)
        }
        self.tables = [
            table(tables.agents, 32, .agent, 8), table(tables.runs, 16, .run, 40),
            table(tables.tasks, 16, .task, 56),
        ]
        varying = Self.fields.compactMap { field, offset in
            packed[field].isConstant ? nil : (packed[field].kernel(in: body), offset)
        }
        parts = packed.columns.filter { !$0.isConstant }.map { ($0.start, $0.width) }
            + [(packed.operations, OperationID.width), (packed.payloadDigests, Digest.width)]
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
        precondition(rows.count <= Self.rowsPerBlock, "a block has room for these rows")
        let first = block.assumingMemoryBound(to: UInt8.self)
        func part(_ offset: Int) -> crows_block {
            crows_block(rows: rows.baseAddress, count: rows.count, target: first + offset)
        }
        for table in tables {
            crows_copy_named(
                table.entries, UInt32(table.width), table.index, part(table.offset))
        }
        crows_copy_own(body + packed.operations, UInt32(OperationID.width), part(72))
        crows_write_small(
            packed[.kind].kernel(in: body), packed[.outcome].kernel(in: body),
            packed[.parentCount].kernel(in: body), part(88))
        for (column, offset) in varying { crows_write_numbers(column, part(offset)) }
        crows_copy_own(body + packed.payloadDigests, UInt32(Digest.width), part(192))
    }

    /// Asks for the bytes of rows that are written soon, `rows` being in ascending order: while
    /// others are hashed, they come from far memory.
    func ask(for rows: UnsafeBufferPointer<UInt32>) {
        guard let first = rows.first, let last = rows.last, first <= last else { return }
        let count = Int(last - first) + 1
        // Rows that lie far apart would ask for more than they need.
        guard count <= 4 * rows.count else { return }
        for part in parts {
            crows_ask_for(body + part.start + Int(first) * part.width, count * part.width)
        }
    }
}

extension PackedColumn {
    /// The column as the loops take it.
    fileprivate func kernel(in body: UnsafePointer<UInt8>) -> crows_column {
        crows_column(differences: body + start, base: base, width: UInt32(width))
    }
}
