// The memory of a graph while nothing is put in: what a search reads, without a copy.
import CDotProduct

/// Pointers into the arrays of a `NearestGraph`.
struct NearestView {
    var rows: UnsafePointer<Int8>
    var lowest: UnsafePointer<UInt32>
    var lowestCounts: UnsafePointer<UInt8>
    var upper: UnsafePointer<UInt32>
    var upperStarts: UnsafePointer<UInt32>
    var layers: UnsafePointer<UInt8>
    var lowestRoom: Int
    var upperRoom: Int

    func row(_ slot: UInt32) -> UnsafePointer<Int8> { rows + Int(slot) * Embedding.width }

    /// The neighbours of a row; none on a layer that it is not on.
    func neighbours(of slot: UInt32, on layer: Int) -> UnsafeBufferPointer<UInt32> {
        let place = Int(slot)
        if layer == 0 {
            return UnsafeBufferPointer(
                start: lowest + place * lowestRoom, count: Int(lowestCounts[place]))
        }
        guard layer <= Int(layers[place]) else { return UnsafeBufferPointer(start: nil, count: 0) }
        let start = upper + Int(upperStarts[place]) + (layer - 1) * upperRoom
        return UnsafeBufferPointer(start: start + 1, count: Int(start[0]))
    }

    /// Asks for the neighbours of a row before they are needed.
    func prefetch(_ slot: UInt32) {
        cdot_prefetch(lowest + Int(slot) * lowestRoom, 4 * lowestRoom)
        cdot_prefetch(lowestCounts + Int(slot), 1)
    }

    /// The inner products of `query` with rows.
    func products(
        _ query: UnsafePointer<Int8>, _ slots: UnsafePointer<UInt32>, _ count: Int,
        into products: UnsafeMutablePointer<Int32>
    ) {
        cdot_picked(rows, query, slots, count, products)
    }

    func key(_ query: UnsafePointer<Int8>, _ slot: UInt32) -> NearestKey {
        var (slots, product) = (slot, Int32(0))
        products(query, &slots, 1, into: &product)
        return NearestKey(product: product, slot: slot)
    }
}
