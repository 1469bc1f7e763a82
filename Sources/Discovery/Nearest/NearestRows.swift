// The rows of a graph, one after the other in memory, and their inner products.
import CDotProduct

struct NearestRows {
    private(set) var bytes: [Int8] = []
    private(set) var count = 0

    mutating func append(_ embedding: Embedding) {
        bytes.append(contentsOf: embedding.row)
        count += 1
    }

    mutating func reserve(_ rows: Int) { bytes.reserveCapacity(rows * Embedding.width) }

    func embedding(_ slot: UInt32) -> Embedding {
        let start = Int(slot) * Embedding.width
        return Embedding(row: Array(bytes[start..<start + Embedding.width]))
    }

    /// The inner products of `query` with the rows `picks`, which are all below `count`.
    func products(_ query: [Int8], _ picks: [UInt32], into products: inout [Int32]) {
        if products.count < picks.count {
            products += [Int32](repeating: 0, count: picks.count - products.count)
        }
        products.withUnsafeMutableBufferPointer { out in
            bytes.withUnsafeBufferPointer { rows in
                query.withUnsafeBufferPointer { query in
                    picks.withUnsafeBufferPointer { picks in
                        guard let rows = rows.baseAddress, let query = query.baseAddress,
                            let first = picks.baseAddress, let out = out.baseAddress
                        else { return }
                        cdot_picked(rows, query, first, picks.count, out)
                    }
                }
            }
        }
    }
}
