// Memory for many field elements, aligned to cache lines so that vector loads do not cross them.

/// `count` elements, zero at first. A class, because provers keep the memory between proofs.
public final class FieldVector {
    public let count: Int
    /// Valid as long as the vector is.
    public let base: UnsafeMutablePointer<GF128>

    /// Zeros; `count` is at least 1.
    public convenience init(count: Int) {
        self.init(uninitialized: count)
        base.initialize(repeating: .zero, count: count)
    }

    /// Memory that nobody has written to yet, and that takes no pages until somebody does.
    public init(uninitialized count: Int) {
        precondition(count > 0, "a vector has elements")
        self.count = count
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<GF128>.stride, alignment: 64)
        base = memory.bindMemory(to: GF128.self, capacity: count)
    }

    public convenience init(_ elements: [GF128]) {
        self.init(count: elements.count)
        for (index, element) in elements.enumerated() { base[index] = element }
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }

    @inlinable public subscript(_ index: Int) -> GF128 {
        get {
            precondition(index >= 0 && index < count, "inside the vector")
            return base[index]
        }
        set {
            precondition(index >= 0 && index < count, "inside the vector")
            base[index] = newValue
        }
    }

    public var elements: [GF128] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
