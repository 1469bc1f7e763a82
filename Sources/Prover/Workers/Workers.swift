// One loop over several threads, which ends when all of them have.
import Dispatch

/// How many threads a prover uses.
public struct Workers: Hashable, Sendable {
    /// At least 1.
    public let count: Int

    /// `count` is in 1...256.
    public init(count: Int) {
        precondition((1...256).contains(count), "between one and 256 threads")
        self.count = count
    }

    /// Calls `body` once for each index in 0..<pieces, on up to `count` threads at a time.
    func each(_ pieces: Int, _ body: (Int) -> Void) {
        if count == 1 || pieces < 2 {
            for index in 0..<pieces { body(index) }
        } else {
            withoutActuallyEscaping(body) { body in
                // Bodies write to parts of memory that do not overlap; all end before this returns.
                nonisolated(unsafe) let work = body
                DispatchQueue.concurrentPerform(iterations: pieces) { work($0) }
            }
        }
    }

    /// Cuts 0..<total into one range for each thread, if each has at least `least` items, at
    /// multiples of 8; `body` also gets the number of its range, below `pieces(of:least:)`.
    func split(_ total: Int, least: Int, _ body: (Int, Range<Int>) -> Void) {
        let pieces = pieces(of: total, least: least)
        if pieces == 1 { return body(0, 0..<total) }
        let size = (total / pieces + 7) & ~7
        each(pieces) { index in
            let start = min(total, index * size)
            body(index, start..<(index == pieces - 1 ? total : min(total, start + size)))
        }
    }

    /// The number of ranges that `split` makes.
    func pieces(of total: Int, least: Int) -> Int { max(1, min(count, total / max(1, least))) }
}
