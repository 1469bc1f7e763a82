// The record digests of a whole batch: rows are written in blocks and hashed side by side.
import Cryptography
import Primitives

extension RecordColumns {
    /// Rows hashed in one call: 64 KiB of rows stay in the nearest caches.
    private static let rowsPerBlock = 256

    /// The digest of every row (docs/spec/record.md §2), in row order.
    ///
    /// A row whose parents lie in the batch needs their digests first, so rows are hashed level by
    /// level: level 0 has no parent in the batch, level k + 1 has one of level k.
    public func recordDigests() -> [Digest] {
        var digests = [Digest](repeating: Digest(), count: count)
        guard count > 0 else { return digests }
        for rows in rowsByLevel() {
            hash(rows: rows, into: &digests)
        }
        return digests
    }

    /// The rows of each level, in ascending order within a level.
    private func rowsByLevel() -> [[Int32]] {
        var levels: [[Int32]] = [[]]
        var levelOfRow = [Int32](repeating: 0, count: count)
        for row in 0..<count {
            var level: Int32 = 0
            for case .row(let parent) in parents(at: row) {
                level = max(level, levelOfRow[Int(parent)] + 1)
            }
            levelOfRow[row] = level
            if Int(level) == levels.count { levels.append([]) }
            levels[Int(level)].append(Int32(row))
        }
        return levels
    }

    private func hash(rows: [Int32], into digests: inout [Digest]) {
        let size = Self.rowsPerBlock * RecordRow.width
        withUnsafeTemporaryAllocation(byteCount: size, alignment: 64) { block in
            withUnsafeTemporaryAllocation(of: Digest.self, capacity: Self.rowsPerBlock) { results in
                var start = 0
                while start < rows.count {
                    let part = rows[start..<min(start + Self.rowsPerBlock, rows.count)]
                    write(rows: part, digests: digests, to: block.baseAddress!)
                    Domains.record.hashMany(
                        block.baseAddress!, length: RecordRow.width, count: part.count,
                        into: results.baseAddress!)
                    for (index, row) in part.enumerated() { digests[Int(row)] = results[index] }
                    start += part.count
                }
            }
        }
    }

    private func write(
        rows: ArraySlice<Int32>, digests: [Digest], to block: UnsafeMutableRawPointer
    ) {
        words.withUnsafeBufferPointer { words in
            var target = block
            for row in rows {
                let row = Int(row)
                let numbers = UnsafeBufferPointer(
                    rebasing: words[row * Self.stride..<(row + 1) * Self.stride])
                write(numbers, row: row, to: target)
                writeParents(row: row, digests: digests, to: target + 224)
                target += RecordRow.width
            }
        }
    }

    private func write(
        _ numbers: UnsafeBufferPointer<UInt64>, row: Int, to target: UnsafeMutableRawPointer
    ) {
        func number(_ column: NumericColumn) -> UInt64 { numbers[column.rawValue] }
        func store(_ column: NumericColumn, _ offset: Int) {
            target.storeBytes(
                of: number(column).littleEndian, toByteOffset: offset, as: UInt64.self)
        }
        target.storeBytes(of: RecordRow.tag.littleEndian, as: UInt64.self)
        agents.entries[Int(number(.agent))].store(to: target + 8)
        runs.entries[Int(number(.run))].store(to: target + 40)
        tasks.entries[Int(number(.task))].store(to: target + 56)
        operations[row].store(to: target + 72)
        store(.caller, 80)
        let small = number(.kind) | number(.outcome) << 8 | number(.parentCount) << 16
        target.storeBytes(of: small.littleEndian, toByteOffset: 88, as: UInt64.self)
        store(.start, 96)
        store(.duration, 104)
        store(.tokensInput, 112)
        store(.tokensOutput, 120)
        store(.tokensCached, 128)
        store(.tokensReasoning, 136)
        store(.compute, 144)
        store(.memory, 152)
        store(.costLow, 160)
        store(.costHigh, 168)
        store(.gas, 176)
        store(.payloadSize, 184)
        payloadDigests[row].store(to: target + 192)
    }

    private func writeParents(
        row: Int, digests: [Digest], to target: UnsafeMutableRawPointer
    ) {
        let references = parents(at: row)
        guard !references.isEmpty else {
            Digest().store(to: target)
            return
        }
        withUnsafeTemporaryAllocation(of: Digest.self, capacity: references.count) { list in
            for (index, reference) in references.enumerated() {
                switch reference {
                case .row(let other): list[index] = digests[Int(other)]
                case .digest(let digest): list[index] = digest
                }
            }
            Domains.parents.hash(UnsafeRawBufferPointer(list)).store(to: target)
        }
    }
}
