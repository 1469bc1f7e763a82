// A multilinear polynomial under a sumcheck: half as long after each challenge.
import BinaryFields

/// Two pieces of memory that take turns, so that threads can fold without overlapping.
final class FoldingVector {
    private let pool: FieldPool
    /// What goes back to the pool.
    private let taken: [FieldVector]
    private let first: UnsafeMutablePointer<GF128>
    private let second: UnsafeMutablePointer<GF128>
    private(set) var current: UnsafeMutablePointer<GF128>
    /// Values that are left; the rest up to the next power of two is zero.
    private(set) var count: Int
    private var turn = 0

    /// Over elements of another owner, who keeps them until the last use; they are used up. Their
    /// number is even, or one that is never folded.
    init(using elements: UnsafeMutablePointer<GF128>, count: Int, pool: FieldPool) {
        self.pool = pool
        // One more, for the zero partner of an odd one.
        let half = pool.take((count + 1) / 2 + 1)
        (taken, first, second) = ([half], elements, half.base)
        current = elements
        self.count = count
    }

    /// `count` values with any contents, to be written through `current`.
    init(count: Int, pool: FieldPool) {
        self.pool = pool
        let (whole, half) = (pool.take(count + 1), pool.take((count + 1) / 2 + 1))
        (taken, first, second) = ([whole, half], whole.base, half.base)
        current = first
        self.count = count
        current[count] = .zero
    }

    deinit {
        for vector in taken { pool.give(vector) }
    }

    /// Half of the number of values, rounded up: the values after the next fold.
    var half: Int { (count + 1) / 2 }

    /// Where the next fold writes.
    var target: UnsafeMutablePointer<GF128> { turn == 0 ? second : first }

    /// After all of `target` was written.
    func turnAround() {
        current = target
        turn = 1 - turn
        count = half
        // A vector of odd length is read in pairs: its last partner is zero.
        if count & 1 == 1 { current[count] = .zero }
    }
}

extension Workers {
    /// Values of one vector that are worth a thread.
    static let grain = 4096

    /// Sets the lowest variable of all vectors to `r`.
    func fold(_ vectors: [FoldingVector], at r: GF128) {
        for vector in vectors {
            let (source, target) = (vector.current, vector.target)
            split(vector.half, least: Self.grain) { _, range in
                FieldLoops.fold(
                    target + range.lowerBound, source + 2 * range.lowerBound, at: r,
                    count: range.count)
            }
            vector.turnAround()
        }
    }

    /// Two sums over 0..<count, added up over the threads.
    func sums(
        _ count: Int, _ body: (inout (GF128, GF128), Range<Int>) -> Void
    ) -> (GF128, GF128) {
        let pieces = pieces(of: count, least: Self.grain)
        var parts = [(GF128, GF128)](repeating: (.zero, .zero), count: pieces)
        parts.withUnsafeMutableBufferPointer { parts in
            guard let base = parts.baseAddress else { return }
            split(count, least: Self.grain) { piece, range in body(&base[piece], range) }
        }
        return parts.reduce((.zero, .zero)) { ($0.0 + $1.0, $0.1 + $1.1) }
    }
}
