// All services that can be found: their words in a graph, the rest beside it.
import Primitives

/// Services by id, found by words and filter.
public struct Catalogue: Sendable {
    public struct Settings: Hashable, Sendable {
        /// Up to so many rows every search looks at all of them: exact, and fast enough.
        public var exactRows = 4_096
        /// Rows looked among at one time in a search of the graph.
        public var breadth = 128
        /// Similarity in millionths below which nothing is returned.
        public var leastSimilarity: Int32 = 100_000
        public var graph = NearestGraph.Settings()

        public init() {}
    }

    public let settings: Settings
    private var graph: NearestGraph
    /// By row; nil where its service went or changed its words.
    private var services: [Listing?] = []
    /// The same, as filters see it.
    private var columns = ListingColumns()
    /// Looked up only.
    private var rows: [ListingID: UInt32] = [:]
    private var search = NearestSearch()

    public init(_ settings: Settings = Settings()) {
        self.settings = settings
        graph = NearestGraph(settings.graph)
    }

    /// Services that can be found.
    public var count: Int { rows.count }

    public subscript(id: ListingID) -> Listing? { rows[id].flatMap { services[Int($0)] } }

    /// Makes room for so many services at once.
    public mutating func reserve(_ count: Int) {
        graph.reserve(count)
        services.reserveCapacity(count)
        columns.reserve(count)
        rows.reserveCapacity(count)
    }

    /// Takes a service in, or what is new of it: only other words cost a place in the graph.
    ///
    /// - Returns: false where there is no room for it.
    @discardableResult
    public mutating func put(_ service: Listing) -> Bool {
        if let row = rows[service.id] {
            if services[Int(row)]?.text == service.text {
                services[Int(row)] = service
                columns.set(row, to: service)
                return true
            }
            remove(service.id)
        }
        guard let row = graph.insert(Embedding(service.text), with: &search) else { return false }
        append(service, row)
        return true
    }

    public mutating func remove(_ id: ListingID) {
        guard let row = rows.removeValue(forKey: id) else { return }
        services[Int(row)] = nil
        columns.clear(row)
        sweep()
    }

    private mutating func append(_ service: Listing, _ row: UInt32) {
        rows[service.id] = row
        services.append(service)
        columns.append(service)
    }

    /// Builds the graph anew where most of its rows are of nobody.
    private mutating func sweep() {
        guard services.count > settings.exactRows, rows.count < services.count / 2 else { return }
        let kept = services.enumerated().compactMap { row, service in
            service.map { (service: $0, embedding: graph.embedding(UInt32(row))) }
        }
        graph = NearestGraph(settings.graph)
        services.removeAll()
        columns = ListingColumns()
        rows.removeAll()
        for (service, embedding) in kept {
            guard let row = graph.insert(embedding, with: &search) else { return }
            append(service, row)
        }
    }

    /// The services whose words are nearest to those wanted and that pass the filter: by
    /// similarity, then the cheaper, then by id.
    ///
    /// - Parameters:
    ///   - words: nothing but a filter where they say nothing: then the cheapest are returned.
    ///   - most: services returned, at most.
    public mutating func find(
        _ words: String, _ filter: ListingFilter = ListingFilter(), most: Int
    ) -> [ListingMatch] {
        let query = Embedding(words)
        guard most > 0, !services.isEmpty else { return [] }
        if query.isZero { return cheapest(filter, most) }
        return matches(nearest(query, filter, most), most)
    }

    /// What `find` returns where it looks at every service, whatever their number.
    public mutating func findExactly(
        _ words: String, _ filter: ListingFilter = ListingFilter(), most: Int
    ) -> [ListingMatch] {
        let query = Embedding(words)
        if query.isZero { return cheapest(filter, most) }
        return matches(exactlyNearest(query, filter, most), most)
    }

    private func matches(_ found: [NearestGraph.Found], _ most: Int) -> [ListingMatch] {
        let matches = found.compactMap { found in
            found.similarity < settings.leastSimilarity
                ? nil
                : services[Int(found.slot)].map {
                    ListingMatch(service: $0, similarity: found.similarity)
                }
        }
        return Array(matches.sorted(by: Self.isBetter).prefix(most))
    }

    /// Services that pass, the cheaper first, then by id.
    private func cheapest(_ filter: ListingFilter, _ most: Int) -> [ListingMatch] {
        var best: [ListingMatch] = []
        for slot in passing(filter) {
            guard let service = services[Int(slot)] else { continue }
            let match = ListingMatch(service: service, similarity: 0)
            if best.count == most {
                guard let last = best.last, Self.isBetter(match, last) else { continue }
                best.removeLast()
            }
            let place = best.firstIndex { Self.isBetter(match, $0) } ?? best.count
            best.insert(match, at: place)
        }
        return best
    }

    // MARK: Nearest of those that pass

    /// Rows looked at to guess how many pass a filter.
    private static let sample = 512
    /// Rows among which a search of the graph looks at one time, at most: beyond it, looking at
    /// every row that passes is faster.
    private static let mostBreadth = 1_024

    /// The nearest of the graph, of which so many more are asked for as the filter is likely to
    /// drop, twice over; every row where the filter lets few pass.
    private mutating func nearest(
        _ query: Embedding, _ filter: ListingFilter, _ most: Int
    ) -> [NearestGraph.Found] {
        guard graph.count > settings.exactRows else { return exactlyNearest(query, filter, most) }
        let sieve = columns.sieve(filter)
        let isSieved = !filter.isEmpty || count < graph.count
        let passing = isSieved ? columns.passing(sieve, ofSample: Self.sample) : Self.sample
        let wanted = passing == 0 ? Int.max : 2 * min(most, graph.count) * Self.sample / passing
        guard wanted <= Self.mostBreadth else { return exactlyNearest(query, filter, most) }
        let breadth = max(settings.breadth, wanted)
        let found = graph.nearest(to: query, breadth: breadth, with: &search)
            .filter { columns.passes($0.slot, sieve) && passes($0.slot, filter) }
        // The filter may let fewer pass near these words than elsewhere.
        guard found.count >= min(most, count) || !isSieved else {
            return exactlyNearest(query, filter, most)
        }
        return Array(found.prefix(most))
    }

    private mutating func exactlyNearest(
        _ query: Embedding, _ filter: ListingFilter, _ most: Int
    ) -> [NearestGraph.Found] {
        graph.exactlyNearest(to: query, among: passing(filter), count: most, with: &search)
    }

    private func passing(_ filter: ListingFilter) -> [UInt32] {
        let slots = columns.passing(columns.sieve(filter))
        // Only prices beyond the columns' range need a second look.
        guard let most = filter.mostPrice, most >= UInt128(UInt64.max) else { return slots }
        return slots.filter { passes($0, filter) }
    }

    private func passes(_ slot: UInt32, _ filter: ListingFilter) -> Bool {
        services[Int(slot)].map(filter.passes) ?? false
    }

    private static func isBetter(_ left: ListingMatch, _ right: ListingMatch) -> Bool {
        if left.similarity != right.similarity { return left.similarity > right.similarity }
        if left.service.price != right.service.price {
            return left.service.price < right.service.price
        }
        return left.service.id < right.service.id
    }
}
