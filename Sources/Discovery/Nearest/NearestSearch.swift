// What a search in a graph remembers while it goes on; kept between searches for its memory.

/// One search at a time.
public struct NearestSearch: Sendable {
    /// The number of the search that last saw each row.
    private var seen: [UInt32] = []
    private var number: UInt32 = 0
    private var pool: [Int64] = []
    private var slots = [UInt32](repeating: 0, count: stretch)
    private var products = [Int32](repeating: 0, count: stretch)

    /// Rows of one look; not fewer than a row has neighbours.
    private static let stretch = 256

    public init() {}

    /// Goes to the nearest neighbour for as long as one is nearer.
    mutating func climb(
        from start: NearestKey, on layer: Int, to query: UnsafePointer<Int8>, in view: NearestView
    ) -> NearestKey {
        var nearest = start
        while true {
            let list = view.neighbours(of: nearest.slot, on: layer)
            guard let first = list.baseAddress, !list.isEmpty else { return nearest }
            view.products(query, first, list.count, into: &products)
            var better = nearest
            for (place, slot) in list.enumerated() {
                better = max(better, NearestKey(product: products[place], slot: slot))
            }
            guard better > nearest else { return nearest }
            nearest = better
        }
    }

    /// The nearest rows of a layer, the nearest first (paper: algorithm 2).
    mutating func layer(
        _ query: UnsafePointer<Int8>, from starts: [NearestKey], breadth: Int, on layer: Int,
        in view: NearestView, rows: Int
    ) -> [NearestKey] {
        begin(rows: rows, breadth: breadth)
        let number = self.number
        return pool.withUnsafeMutableBufferPointer { room in
            seen.withUnsafeMutableBufferPointer { seen in
                slots.withUnsafeMutableBufferPointer { slots in
                    products.withUnsafeMutableBufferPointer { products in
                        guard let room = room.baseAddress, let seen = seen.baseAddress,
                            let slots = slots.baseAddress, let products = products.baseAddress
                        else { return [] }
                        var pool = NearestPool(room, breadth: breadth)
                        for key in starts {
                            seen[Int(key.slot)] = number
                            pool.offer(key)
                        }
                        while let slot = pool.open() {
                            if layer == 0, let later = pool.following { view.prefetch(later) }
                            var count = 0
                            for other in view.neighbours(of: slot, on: layer) {
                                slots[count] = other
                                count += seen[Int(other)] == number ? 0 : 1
                                seen[Int(other)] = number
                            }
                            view.products(query, slots, count, into: products)
                            for place in 0..<count {
                                pool.offer(
                                    NearestKey(product: products[place], slot: slots[place]))
                            }
                        }
                        return pool.keys
                    }
                }
            }
        }
    }

    private mutating func begin(rows: Int, breadth: Int) {
        if seen.count < rows {
            seen += [UInt32](repeating: 0, count: max(rows - seen.count, seen.count))
        }
        if pool.count <= breadth {
            pool += [Int64](repeating: 0, count: breadth + 1 - pool.count)
        }
        number &+= 1
        if number == 0 {
            for place in seen.indices { seen[place] = 0 }
            number = 1
        }
    }

    /// Rows with their nearness to a point, the nearest first.
    mutating func sorted(
        _ list: [UInt32], to query: UnsafePointer<Int8>, in view: NearestView
    ) -> [NearestKey] {
        view.products(query, list, list.count, into: &products)
        return list.enumerated()
            .map { NearestKey(product: products[$0.offset], slot: $0.element) }.sorted(by: >)
    }

    /// Of rows in order of nearness to one point, those that are nearer to it than to any chosen
    /// before (paper: algorithm 4); filled up with the nearest of the others.
    mutating func diverse(_ keys: [NearestKey], most: Int, in view: NearestView) -> [NearestKey] {
        guard keys.count > most else { return keys }
        var (chosen, others): ([NearestKey], [NearestKey]) = ([], [])
        chosen.reserveCapacity(most)
        for key in keys where chosen.count < most {
            view.products(view.row(key.slot), slots, chosen.count, into: &products)
            if products.prefix(chosen.count).allSatisfy({ $0 < key.product }) {
                slots[chosen.count] = key.slot
                chosen.append(key)
            } else {
                others.append(key)
            }
        }
        return chosen + others.prefix(most - chosen.count)
    }

    /// The nearest of the rows in `list`, the nearest first.
    mutating func all(
        _ query: UnsafePointer<Int8>, among list: [UInt32], count: Int, in view: NearestView
    ) -> [NearestKey] {
        let breadth = min(count, list.count)
        guard breadth > 0 else { return [] }
        begin(rows: 0, breadth: breadth)
        return pool.withUnsafeMutableBufferPointer { room in
            list.withUnsafeBufferPointer { list in
                guard let room = room.baseAddress, let first = list.baseAddress else { return [] }
                var pool = NearestPool(room, breadth: breadth)
                for start in stride(from: 0, to: list.count, by: Self.stretch) {
                    let count = min(Self.stretch, list.count - start)
                    view.products(query, first + start, count, into: &products)
                    for place in 0..<count {
                        pool.offer(
                            NearestKey(product: products[place], slot: list[start + place]))
                    }
                }
                return pool.keys
            }
        }
    }
}
