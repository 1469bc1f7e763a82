// A multilinear polynomial under a sumcheck: half as long after each challenge.
import BinaryFields

/// Two pieces of memory that take turns, so that threads can fold without overlapping.
final class FoldingVector {
    private let memory: [FieldVector]
    private let first: UnsafeMutablePointer<GF128>
    private(set) var current: UnsafeMutablePointer<GF128>
    /// Values that are left; the rest up to the next power of two is zero.
    private(set) var count: Int
    private var turn = 0

    /// Over `2^n` elements of another owner, which are used up. They stay valid until the last use.
    init(using elements: UnsafeMutablePointer<GF128>, count: Int, owner: FieldVector) {
        // One more, for the zero partner of an odd one.
        memory = [owner, FieldVector(count: (count + 1) / 2 + 1)]
        first = elements
        current = elements
        self.count = count
    }

    /// `count` zeros, to be filled in through `current`.
    convenience init(count: Int) {
        let own = FieldVector(count: count + count & 1)
        self.init(using: own.base, count: count, owner: own)
    }

    /// Half of the number of values, rounded up: the values after the next fold.
    var half: Int { (count + 1) / 2 }

    /// Where the next fold writes.
    var target: UnsafeMutablePointer<GF128> { turn == 0 ? memory[1].base : first }

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
