// Memory of proofs, used again: fresh pages cost more than what is computed on them.
import BinaryFields

/// Vectors that nobody uses at the moment, by size. For one thread.
final class FieldPool {
    private var free: [Int: [FieldVector]] = [:]
    /// Elements of all vectors that were made.
    private(set) var elements = 0

    /// At least `count` elements, at least 1, with any contents.
    func take(_ count: Int) -> FieldVector {
        let size = Self.size(of: count)
        if let vector = free[size]?.popLast() { return vector }
        elements += size
        return FieldVector(uninitialized: size)
    }

    /// Takes back what was taken; nobody may use it any more.
    func give(_ vector: FieldVector) {
        free[vector.count, default: []].append(vector)
    }

    /// Lets go of all memory; nothing taken is out.
    func clear() {
        free = [:]
        elements = 0
    }

    /// Eighths of a power of two, so that sizes repeat and little is wasted.
    static func size(of count: Int) -> Int {
        var step = 64
        while step * 16 <= count { step *= 2 }
        return (count + step - 1) / step * step
    }
}
