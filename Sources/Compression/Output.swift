// The output of a decompression: it grows as bytes come, and never past its limit.

struct Output {
    private(set) var bytes: [UInt8] = []
    let limit: Int

    /// - Parameter limit: bytes, 0 or more.
    init(limit: Int) {
        precondition(limit >= 0, "a limit is not negative")
        self.limit = limit
    }

    /// Adds `piece`; false where that would pass the limit.
    mutating func append(_ piece: UnsafeRawBufferPointer) -> Bool {
        guard piece.count <= limit - bytes.count else { return false }
        let needed = bytes.count + piece.count
        if needed > bytes.capacity {
            // Doubles by hand: the array by itself would round up past the limit.
            bytes.reserveCapacity(min(limit, max(needed, 2 * bytes.capacity)))
        }
        bytes.append(contentsOf: piece)
        return true
    }
}
