// Nearest rows by a layered graph of neighbours: HNSW (Malkov, Yashunin, arXiv:1603.09320).

/// Rows in slots 0, 1, 2…, never taken out, and for each its neighbours on the layers it is on.
///
/// Departures from the paper: nearness is the inner product of rows of one length; the layer of a
/// row follows from its slot, not from chance, so that the same rows in the same order make the
/// same graph; equally near rows are ordered by slot.
public struct NearestGraph: Sendable {
    public struct Settings: Hashable, Sendable {
        /// Neighbours of a row on each layer but the lowest, which has twice as many (paper: M).
        public var neighbours = 16
        /// Rows looked among when a row is put in (paper: efConstruction).
        public var buildBreadth = 100

        public static let neighboursRange = 2...64
        public static let buildBreadthRange = 8...1_024

        public init() {}
    }

    /// Rows at most.
    public static let mostRows = 1 << 24
    /// Layers above the lowest, at most.
    private static let mostLayers = 8

    public let settings: Settings
    var rows = NearestRows()
    /// For each row: room for its neighbours on the lowest layer.
    private var lowest: [UInt32] = []
    private var lowestCounts: [UInt8] = []
    /// For each row: where its room for the layers above begins in `upper`.
    private var upperStarts: [UInt32] = []
    private var layers: [UInt8] = []
    /// Room for each row and layer: a count and as many slots as `neighbours`.
    private var upper: [UInt32] = []
    /// Where every search begins; a row of the highest layer.
    private var entry: UInt32 = 0

    /// Settings out of their ranges are taken to the nearer end.
    public init(_ settings: Settings = Settings()) {
        var taken = settings
        let (neighbours, breadth) = (Settings.neighboursRange, Settings.buildBreadthRange)
        taken.neighbours = min(max(taken.neighbours, neighbours.lowerBound), neighbours.upperBound)
        taken.buildBreadth = min(max(taken.buildBreadth, breadth.lowerBound), breadth.upperBound)
        self.settings = taken
    }

    public var count: Int { rows.count }

    /// Makes room for so many rows at once.
    public mutating func reserve(_ count: Int) {
        rows.reserve(count)
        lowest.reserveCapacity(count * lowestRoom)
        lowestCounts.reserveCapacity(count)
        upperStarts.reserveCapacity(count)
        layers.reserveCapacity(count)
    }

    private var lowestRoom: Int { 2 * settings.neighbours }
    private var upperRoom: Int { settings.neighbours + 1 }

    public func embedding(_ slot: UInt32) -> Embedding { rows.embedding(slot) }

    /// The layer of a slot: each layer has one row in 16 of the one below.
    private static func layer(of slot: UInt32) -> Int {
        var word = UInt64(slot) &+ 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return min((word ^ (word >> 31)).trailingZeroBitCount / 4, mostLayers)
    }

    // MARK: Neighbours

    private func withView<Result>(_ body: (NearestView) -> Result) -> Result? {
        rows.bytes.withUnsafeBufferPointer { rows in
            lowest.withUnsafeBufferPointer { lowest in
                lowestCounts.withUnsafeBufferPointer { lowestCounts in
                    upper.withUnsafeBufferPointer { upper in
                        upperStarts.withUnsafeBufferPointer { upperStarts in
                            layers.withUnsafeBufferPointer { layers in
                                guard let rows = rows.baseAddress,
                                    let lowest = lowest.baseAddress,
                                    let lowestCounts = lowestCounts.baseAddress,
                                    let upper = upper.baseAddress,
                                    let upperStarts = upperStarts.baseAddress,
                                    let layers = layers.baseAddress
                                else { return nil }
                                return body(
                                    NearestView(
                                        rows: rows, lowest: lowest, lowestCounts: lowestCounts,
                                        upper: upper, upperStarts: upperStarts, layers: layers,
                                        lowestRoom: lowestRoom, upperRoom: upperRoom))
                            }
                        }
                    }
                }
            }
        }
    }

    private mutating func setNeighbours(of slot: UInt32, on layer: Int, to list: [UInt32]) {
        let place = Int(slot)
        if layer == 0 {
            let start = place * lowestRoom
            for (index, other) in list.enumerated() { lowest[start + index] = other }
            lowestCounts[place] = UInt8(list.count)
        } else {
            let start = Int(upperStarts[place]) + (layer - 1) * upperRoom
            upper[start] = UInt32(list.count)
            for (index, other) in list.enumerated() { upper[start + 1 + index] = other }
        }
    }

    // MARK: Putting in (paper: algorithm 1)

    /// Puts a row into the next slot.
    ///
    /// - Returns: its slot; nil where the graph is full.
    @discardableResult
    public mutating func insert(
        _ embedding: Embedding, with search: inout NearestSearch
    ) -> UInt32? {
        guard rows.count < Self.mostRows else { return nil }
        let slot = UInt32(rows.count)
        let layer = Self.layer(of: slot)
        let top = rows.count == 0 ? -1 : Int(layers[Int(entry)])
        makeRoom(embedding, layer)
        guard top >= 0 else {
            entry = slot
            return slot
        }
        let found = withView { view in
            self.found(near: slot, to: min(layer, top), from: top, in: view, &search)
        }
        for (layer, keys) in (found ?? []).enumerated() {
            connect(slot, to: keys, on: layer, &search)
        }
        if layer > top { entry = slot }
        return slot
    }

    /// The rows nearest to a new one, by layer from 0 to `layer`.
    private func found(
        near slot: UInt32, to layer: Int, from top: Int, in view: NearestView,
        _ search: inout NearestSearch
    ) -> [[NearestKey]] {
        let query = view.row(slot)
        var starts = [view.key(query, entry)]
        for upper in stride(from: top, to: layer, by: -1) {
            starts = [search.climb(from: starts[0], on: upper, to: query, in: view)]
        }
        var found: [[NearestKey]] = []
        for layer in stride(from: layer, through: 0, by: -1) {
            starts = search.layer(
                query, from: starts, breadth: settings.buildBreadth, on: layer, in: view,
                rows: count)
            found.append(starts)
        }
        return found.reversed()
    }

    private mutating func makeRoom(_ embedding: Embedding, _ layer: Int) {
        rows.append(embedding)
        for _ in 0..<lowestRoom { lowest.append(0) }
        lowestCounts.append(0)
        upperStarts.append(UInt32(upper.count))
        layers.append(UInt8(layer))
        for _ in 0..<(layer * upperRoom) { upper.append(0) }
    }

    private mutating func connect(
        _ slot: UInt32, to found: [NearestKey], on layer: Int, _ search: inout NearestSearch
    ) {
        let chosen = withView { search.diverse(found, most: settings.neighbours, in: $0) } ?? []
        setNeighbours(of: slot, on: layer, to: chosen.map(\.slot))
        for key in chosen { link(key.slot, to: slot, on: layer, &search) }
    }

    /// Adds a neighbour; one that has no room for it keeps the more diverse ones.
    private mutating func link(
        _ slot: UInt32, to other: UInt32, on layer: Int, _ search: inout NearestSearch
    ) {
        let room = layer == 0 ? lowestRoom : settings.neighbours
        let list = withView { view in
            let list = Array(view.neighbours(of: slot, on: layer)) + [other]
            guard list.count > room else { return list }
            let keys = search.sorted(list, to: view.row(slot), in: view)
            return search.diverse(keys, most: room, in: view).map(\.slot)
        }
        setNeighbours(of: slot, on: layer, to: list ?? [])
    }

    // MARK: Searching (paper: algorithm 5)

    /// A row that was found.
    public struct Found: Hashable, Sendable {
        public var slot: UInt32
        /// Cosine in millionths.
        public var similarity: Int32
    }

    /// The nearest rows, the nearest first; nearly all of them, not surely all.
    ///
    /// - Parameter breadth: rows looked among at one time (paper: ef), and returned, at most.
    public func nearest(
        to query: Embedding, breadth: Int, with search: inout NearestSearch
    ) -> [Found] {
        guard rows.count > 0, breadth > 0 else { return [] }
        let found = query.row.withUnsafeBufferPointer { row -> [NearestKey]? in
            guard let query = row.baseAddress else { return nil }
            return withView { view in
                var start = view.key(query, entry)
                for layer in stride(from: Int(layers[Int(entry)]), to: 0, by: -1) {
                    start = search.climb(from: start, on: layer, to: query, in: view)
                }
                return search.layer(
                    query, from: [start], breadth: breadth, on: 0, in: view, rows: count)
            }
        }
        return (found ?? []).map(Self.found)
    }

    /// The nearest of the rows in `list`, by looking at every one, the nearest first.
    public func exactlyNearest(
        to query: Embedding, among list: [UInt32], count: Int, with search: inout NearestSearch
    ) -> [Found] {
        let found = query.row.withUnsafeBufferPointer { row -> [NearestKey]? in
            guard let query = row.baseAddress else { return nil }
            return withView { search.all(query, among: list, count: count, in: $0) }
        }
        return (found ?? []).map(Self.found)
    }

    private static func found(_ key: NearestKey) -> Found {
        Found(slot: key.slot, similarity: Embedding.millionths(key.product))
    }
}
