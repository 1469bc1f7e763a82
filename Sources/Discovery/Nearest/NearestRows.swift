// The rows of a graph, one after the other in memory.

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
}
