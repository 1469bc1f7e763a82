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
                return true
            }
            services[Int(row)] = nil
            rows[service.id] = nil
            sweep()
        }
        guard let row = graph.insert(Embedding(service.text), with: &search) else { return false }
        rows[service.id] = row
        services.append(service)
        return true
    }

    public mutating func remove(_ id: ListingID) {
        guard let row = rows.removeValue(forKey: id) else { return }
        services[Int(row)] = nil
        sweep()
    }

    /// Builds the graph anew where most of its rows are of nobody.
    private mutating func sweep() {
        guard services.count > settings.exactRows, rows.count < services.count / 2 else { return }
        let kept = services.enumerated().compactMap { row, service in
            service.map { (service: $0, embedding: graph.embedding(UInt32(row))) }
        }
        graph = NearestGraph(settings.graph)
        services.removeAll()
        rows.removeAll()
        for (service, embedding) in kept {
            guard let row = graph.insert(embedding, with: &search) else { return }
            rows[service.id] = row
            services.append(service)
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
        guard most > 0 else { return [] }
        let services = self.services
        let found: [NearestGraph.Found]
        if query.isZero {
            found = graph.exactlyNearest(to: query, count: services.count, with: &search) {
                services[Int($0)].map(filter.passes) ?? false
            }
        } else {
            found = nearest(query, filter, most)
        }
        return matches(found, least: query.isZero ? .min : settings.leastSimilarity, most)
    }

    /// What `find` returns where it looks at every service, whatever their number.
    public mutating func findExactly(
        _ words: String, _ filter: ListingFilter = ListingFilter(), most: Int
    ) -> [ListingMatch] {
        let query = Embedding(words)
        let services = self.services
        let found = graph.exactlyNearest(to: query, count: most, with: &search) {
            services[Int($0)].map(filter.passes) ?? false
        }
        return matches(found, least: query.isZero ? .min : settings.leastSimilarity, most)
    }

    private func matches(
        _ found: [NearestGraph.Found], least: Int32, _ most: Int
    ) -> [ListingMatch] {
        let matches = found.filter { $0.similarity >= least }.compactMap { found in
            services[Int(found.slot)].map {
                ListingMatch(service: $0, similarity: found.similarity)
            }
        }
        return Array(matches.sorted(by: Self.isBetter).prefix(most))
    }

    private mutating func nearest(
        _ query: Embedding, _ filter: ListingFilter, _ most: Int
    ) -> [NearestGraph.Found] {
        let services = self.services
        let isWanted: (UInt32) -> Bool = { services[Int($0)].map(filter.passes) ?? false }
        if graph.count > settings.exactRows {
            let breadth = max(settings.breadth, most)
            let found = graph.nearest(
                to: query, count: most, breadth: breadth, budget: 16 * breadth, with: &search,
                where: isWanted)
            // A filter that lets few pass may have used the budget up.
            if found.count >= most || filter.isEmpty { return found }
        }
        return graph.exactlyNearest(to: query, count: most, with: &search, where: isWanted)
    }

    private static func isBetter(_ left: ListingMatch, _ right: ListingMatch) -> Bool {
        if left.similarity != right.similarity { return left.similarity > right.similarity }
        if left.service.price != right.service.price {
            return left.service.price < right.service.price
        }
        return left.service.id < right.service.id
    }
}
