// The last 32 bytes of hashed rows: a digest of their parents, many of one length side by side.
import Cryptography
import Primitives

/// Fills in the parents of rows in a block.
struct ParentDigests {
    private let packed: PackedRows
    private let body: UnsafeRawPointer
    /// Digests of the rows of lower levels are there already.
    private let digests: UnsafeMutablePointer<Digest>

    init(
        _ packed: PackedRows, body: UnsafeRawPointer, digests: UnsafeMutablePointer<Digest>
    ) {
        self.packed = packed
        self.body = body
        self.digests = digests
    }

    /// Writes the digest of the parents of each row to its row in `block`, zero for none. Rows with
    /// one parent and rows with two, which most rows are, are hashed together.
    func write(_ rows: UnsafeBufferPointer<UInt32>, to block: UnsafeMutableRawPointer) {
        guard !packed.parents.starts.isEmpty else { return }
        let most = RowWriter.rowsPerBlock
        withUnsafeTemporaryAllocation(byteCount: 2 * most * 64, alignment: 64) { messages in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * most) { places in
                var single = List(
                    messages: messages.baseAddress!, places: places.baseAddress!,
                    length: Digest.width)
                var double = List(
                    messages: messages.baseAddress! + most * 64,
                    places: places.baseAddress! + most, length: 2 * Digest.width)
                collect(rows, block, &single, &double)
                single.finish(in: block)
                double.finish(in: block)
            }
        }
    }

    private func collect(
        _ rows: UnsafeBufferPointer<UInt32>, _ block: UnsafeMutableRawPointer,
        _ single: inout List, _ double: inout List
    ) {
        for (index, row) in rows.enumerated() {
            let first = Int(packed.parents.starts[Int(row)])
            let count = Int(packed.parents.starts[Int(row) + 1]) - first
            switch count {
            case 0: Digest().store(to: block + (index * RecordRow.width + Self.offset))
            case 1: store(first, count, to: single.next(for: index))
            case 2: store(first, count, to: double.next(for: index))
            default:
                let length = count * Digest.width
                withUnsafeTemporaryAllocation(byteCount: length, alignment: 8) { message in
                    store(first, count, to: message.baseAddress!)
                    Domains.parents.hash(UnsafeRawBufferPointer(message))
                        .store(to: block + (index * RecordRow.width + Self.offset))
                }
            }
        }
    }

    /// Writes the digests of `count` parents from the number `first` on.
    private func store(_ first: Int, _ count: Int, to message: UnsafeMutableRawPointer) {
        let externals = UnsafeRawBufferPointer(
            start: body + packed.parents.externals,
            count: packed.body.count - packed.parents.externals)
        for place in 0..<count {
            let number = packed.parents.number(first + place, in: body)
            let target = message + place * Digest.width
            if number & RecordColumns.externalFlag == 0 {
                digests[Int(number)].store(to: target)
            } else {
                let start = Int(number & ~RecordColumns.externalFlag) * Digest.width
                Digest(loading: UnsafeRawBufferPointer(rebasing: externals[start...]))
                    .store(to: target)
            }
        }
    }

    /// Bytes from the start of a row to the digest of its parents.
    private static let offset = 224

    /// Messages of one length, each at the start of 64 bytes, with the rows they belong to.
    private struct List {
        let messages: UnsafeMutableRawPointer
        let places: UnsafeMutablePointer<Int>
        let length: Int
        var count = 0

        init(
            messages: UnsafeMutableRawPointer, places: UnsafeMutablePointer<Int>, length: Int
        ) {
            self.messages = messages
            self.places = places
            self.length = length
        }

        /// Room for the message of the row at `index` of the block, zero behind its first half.
        mutating func next(for index: Int) -> UnsafeMutableRawPointer {
            places[count] = index
            defer { count += 1 }
            Digest().store(to: messages + (count * 64 + Digest.width))
            return messages + count * 64
        }

        /// Hashes the messages over themselves and writes the digests to their rows.
        func finish(in block: UnsafeMutableRawPointer) {
            guard count > 0 else { return }
            let results = messages.assumingMemoryBound(to: Digest.self)
            Domains.parents.hashMany(messages, length: length, count: count, into: results)
            for index in 0..<count {
                results[index].store(to: block + (places[index] * RecordRow.width + offset))
            }
        }
    }
}
