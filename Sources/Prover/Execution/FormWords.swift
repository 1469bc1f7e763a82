// Forms over all rows of a table, as words.
import ExecutionProof

/// The columns of one table as it is committed.
struct PartColumns {
    let words: UnsafePointer<UInt64>
    let logRows: Int
    let runs: RowRuns

    func column(_ index: Int) -> UnsafePointer<UInt64> { words + index << logRows }

    /// Writes the form's word of each row to `out`.
    func evaluate(_ form: LinearForm, into out: UnsafeMutablePointer<UInt64>) {
        let count = 1 << logRows
        out.update(repeating: form.constant, count: count)
        for term in form.terms {
            switch term.source {
            case .column(let index): term.map.add(column(index), to: out, count: count)
            // The row after the last is zero.
            case .next(let index): term.map.add(column(index) + 1, to: out, count: count - 1)
            case .row(let word):
                for row in 0..<count { out[row] ^= term.map(word.word(row: row, of: runs)) }
            }
        }
    }
}

extension WordMap {
    /// Adds the image of each word to a word of `out`: one loop for each kind.
    fileprivate func add(
        _ words: UnsafePointer<UInt64>, to out: UnsafeMutablePointer<UInt64>, count: Int
    ) {
        switch self {
        case .shifted(let by, let mask) where by >= 0:
            let by = UInt64(by)
            for row in 0..<count { out[row] ^= (words[row] &<< by) & mask }
        case .shifted(let by, let mask):
            let by = UInt64(-by)
            for row in 0..<count { out[row] ^= (words[row] &>> by) & mask }
        case .reversedBits(let by, let mask):
            for row in 0..<count {
                out[row] ^= Self.shift(Self.reverse(words[row]), by) & mask
            }
        case .reversedBytes:
            for row in 0..<count { out[row] ^= words[row].byteSwapped }
        case .broadcast(let bit, let mask):
            let bit = UInt64(bit)
            for row in 0..<count { out[row] ^= (0 &- (words[row] &>> bit & 1)) & mask }
        case .bytes, .parity:
            for row in 0..<count { out[row] ^= self(words[row]) }
        }
    }
}
