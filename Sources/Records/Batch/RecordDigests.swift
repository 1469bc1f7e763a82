// The record digests of a whole batch: rows are written in blocks and hashed side by side.
import Cryptography
import Primitives

extension RecordColumns {
    /// The digest of every row (docs/spec/record.md §2), in row order.
    ///
    /// A row whose parents lie in the batch needs their digests first, so rows are hashed level by
    /// level.
    public func recordDigests() -> [Digest] {
        guard count > 0 else { return [] }
        let packed = packedRows()
        let order = RowOrder(of: packed)
        return [Digest](unsafeUninitializedCapacity: count) { digests, initialized in
            agents.entries.withUnsafeBytes { agents in
                runs.entries.withUnsafeBytes { runs in
                    tasks.entries.withUnsafeBytes { tasks in
                        let tables = RowWriter.Tables(
                            agents: agents.baseAddress!, runs: runs.baseAddress!,
                            tasks: tasks.baseAddress!)
                        packed.hash(order, tables, into: digests.baseAddress!)
                    }
                }
            }
            initialized = count
        }
    }
}

extension PackedRows {
    /// Hashes the rows in their order; the digest of row i goes to place i of `digests`.
    fileprivate func hash(
        _ order: RowOrder, _ tables: RowWriter.Tables, into digests: UnsafeMutablePointer<Digest>
    ) {
        let size = RowWriter.rowsPerBlock * RecordRow.width
        withUnsafeTemporaryAllocation(byteCount: size, alignment: 64) { block in
            let block = block.baseAddress!
            body.withUnsafeBytes { body in
                let writer = RowWriter(self, body: body.baseAddress!, tables: tables)
                let parents = ParentDigests(self, body: body.baseAddress!, digests: digests)
                writer.prepare(block)
                order.forEachBlock { rows, next in
                    writer.ask(for: next)
                    writer.write(rows, to: block)
                    parents.write(rows, to: block)
                    Self.hash(block, rows, into: digests)
                }
            }
        }
    }

    private static func hash(
        _ block: UnsafeRawPointer, _ rows: UnsafeBufferPointer<UInt32>,
        into digests: UnsafeMutablePointer<Digest>
    ) {
        withUnsafeTemporaryAllocation(of: Digest.self, capacity: rows.count) { results in
            Domains.record.hashMany(
                block, length: RecordRow.width, count: rows.count, into: results.baseAddress!)
            for (index, row) in rows.enumerated() {
                (digests + Int(row)).initialize(to: results[index])
            }
        }
    }
}

extension RowOrder {
    /// Calls `body` with the rows of each level, a block at a time, and with those of the block
    /// after it.
    fileprivate func forEachBlock(
        _ body: (UnsafeBufferPointer<UInt32>, _ next: UnsafeBufferPointer<UInt32>) -> Void
    ) {
        let most = RowWriter.rowsPerBlock
        rows.withUnsafeBufferPointer { rows in
            var start = 0
            for (index, end) in ends.enumerated() {
                while start < end {
                    let next = min(start + most, end)
                    let level = next < end || index + 1 == ends.count ? end : ends[index + 1]
                    let after = min(next + most, level)
                    body(
                        UnsafeBufferPointer(rebasing: rows[start..<next]),
                        UnsafeBufferPointer(rebasing: rows[next..<after]))
                    start = next
                }
            }
        }
    }
}
