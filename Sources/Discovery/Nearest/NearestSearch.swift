// What a search in a graph remembers while it goes on; kept between searches for its memory.

/// One search at a time.
public struct NearestSearch: Sendable {
    /// The number of the search that last saw each row.
    private var seen: [UInt32] = []
    private var number: UInt32 = 0
    private var open = NearestHeap.nearestFirst
    private var best = NearestHeap.farthestFirst
    private var list: [UInt32] = []
    private var fresh: [UInt32] = []
    private var products: [Int32] = []
    /// Rows whose neighbours may still be looked at.
    var budget = Int.max

    /// Rows of one look in a search of all.
    private static let stretch = 256

    public init() {}

    func key(of slot: UInt32, to query: [Int8], in graph: borrowing NearestGraph) -> NearestKey {
        var product: [Int32] = []
        graph.rows.products(query, [slot], into: &product)
        return NearestKey(product: product[0], slot: slot)
    }

    mutating func keys(
        of slots: [UInt32], to query: [Int8], in graph: borrowing NearestGraph
    ) -> [NearestKey] {
        graph.rows.products(query, slots, into: &products)
        return zip(slots, products).map { NearestKey(product: $1, slot: $0) }
    }

    /// Goes to the nearest neighbour for as long as one is nearer.
    mutating func climb(
        from start: NearestKey, on layer: Int, to query: [Int8], in graph: borrowing NearestGraph
    ) -> NearestKey {
        var nearest = start
        while true {
            graph.neighbours(of: nearest.slot, on: layer, into: &list)
            graph.rows.products(query, list, into: &products)
            var next = nearest
            for (place, slot) in list.enumerated() {
                next = max(next, NearestKey(product: products[place], slot: slot))
            }
            guard next > nearest else { return nearest }
            nearest = next
        }
    }

    /// The nearest rows of a layer, the nearest first (paper: algorithm 2). Rows that are not
    /// wanted are walked through and not returned.
    mutating func layer(
        _ query: [Int8], from starts: [NearestKey], breadth: Int, on layer: Int,
        in graph: borrowing NearestGraph, where isWanted: (UInt32) -> Bool = { _ in true }
    ) -> [NearestKey] {
        begin(rows: graph.count)
        for key in starts {
            seen[Int(key.slot)] = number
            open.push(key)
            if isWanted(key.slot) { best.push(key) }
        }
        while let next = open.pop(), budget > 0 {
            if best.count >= breadth, let farthest = best.top, next < farthest { break }
            budget -= 1
            graph.neighbours(of: next.slot, on: layer, into: &list)
            fresh.removeAll(keepingCapacity: true)
            for slot in list where seen[Int(slot)] != number {
                seen[Int(slot)] = number
                fresh.append(slot)
            }
            graph.rows.products(query, fresh, into: &products)
            for (place, slot) in fresh.enumerated() {
                let key = NearestKey(product: products[place], slot: slot)
                if best.count >= breadth, let farthest = best.top, key < farthest { continue }
                open.push(key)
                guard isWanted(slot) else { continue }
                best.push(key)
                if best.count > breadth { _ = best.pop() }
            }
        }
        return best.nearestFirst
    }

    private mutating func begin(rows: Int) {
        if seen.count < rows {
            seen += [UInt32](repeating: 0, count: max(rows - seen.count, seen.count))
        }
        number &+= 1
        if number == 0 {
            for place in seen.indices { seen[place] = 0 }
            number = 1
        }
        open.clear()
        best.clear()
    }

    /// Of rows in order of nearness to one point, those that are nearer to it than to any chosen
    /// before (paper: algorithm 4); filled up with the nearest of the others.
    mutating func diverse(
        _ keys: [NearestKey], most: Int, in graph: borrowing NearestGraph
    ) -> [NearestKey] {
        guard keys.count > most else { return keys }
        var chosen: [NearestKey] = []
        var slots: [UInt32] = []
        var others: [NearestKey] = []
        for key in keys where chosen.count < most {
            let row = graph.rows.embedding(key.slot).row
            graph.rows.products(row, slots, into: &products)
            if products.prefix(slots.count).allSatisfy({ $0 < key.product }) {
                chosen.append(key)
                slots.append(key.slot)
            } else {
                others.append(key)
            }
        }
        return chosen + others.prefix(most - chosen.count)
    }

    /// The nearest of all wanted rows, the nearest first.
    mutating func all(
        _ query: [Int8], count: Int, in graph: borrowing NearestGraph,
        where isWanted: (UInt32) -> Bool
    ) -> [NearestKey] {
        best.clear()
        fresh.removeAll(keepingCapacity: true)
        for slot in 0..<UInt32(graph.count) {
            if isWanted(slot) { fresh.append(slot) }
            guard fresh.count == Self.stretch || Int(slot) == graph.count - 1 else { continue }
            graph.rows.products(query, fresh, into: &products)
            for (place, slot) in fresh.enumerated() {
                let key = NearestKey(product: products[place], slot: slot)
                if best.count == count, let farthest = best.top, key < farthest { continue }
                best.push(key)
                if best.count > count { _ = best.pop() }
            }
            fresh.removeAll(keepingCapacity: true)
        }
        return best.nearestFirst
    }
}
