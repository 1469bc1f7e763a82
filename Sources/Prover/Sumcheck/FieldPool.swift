// Memory of proofs, used again: fresh pages cost more than what is computed on them.
import BinaryFields

/// Vectors that nobody uses at the moment, by size. For one thread.
final class FieldPool {
    private var free: [Int: [FieldVector]] = [:]

    /// At least `count` elements, at least 1, with any contents.
    func take(_ count: Int) -> FieldVector {
        let size = Self.size(of: count)
        return free[size]?.popLast() ?? FieldVector(uninitialized: size)
    }

    /// Takes back what was taken; nobody may use it any more.
    func give(_ vector: FieldVector) {
        free[vector.count, default: []].append(vector)
    }

    /// Eighths of a power of two, so that sizes repeat and little is wasted.
    private static func size(of count: Int) -> Int {
        var step = 64
        while step * 16 <= count { step *= 2 }
        return (count + step - 1) / step * step
    }
}
