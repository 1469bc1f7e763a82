// What a graph finds against what looking at every row finds.
import Primitives
import TestSupport
import Testing

@testable import Discovery

@Suite struct NearestGraphTests {
    /// A capability in words of a few kinds, as people describe theirs.
    static func phrase(_ chance: inout SeededGenerator) -> String {
        let verbs = ["translate", "summarize", "classify", "extract", "draw", "book", "audit"]
        let things = ["contracts", "invoices", "flights", "images", "tweets", "genomes", "maps"]
        let ways = ["legal", "medical", "fast", "cheap", "nordic", "hourly", "signed", "bulk"]
        func pick(_ words: [String]) -> String {
            words[Int.random(in: 0..<words.count, using: &chance)]
        }
        let number = UInt16.random(in: 0...999, using: &chance)
        return "\(pick(verbs)) \(pick(ways)) \(pick(things)) \(pick(ways)) v\(number)"
    }

    private static func graph(
        _ count: Int, _ chance: inout SeededGenerator, _ search: inout NearestSearch
    ) -> NearestGraph {
        var graph = NearestGraph()
        for _ in 0..<count {
            graph.insert(Embedding(phrase(&chance)), with: &search)
        }
        return graph
    }

    @Test(arguments: propertySeeds.prefix(3)) func nineteenOfTwentyAreFound(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        var search = NearestSearch()
        let graph = Self.graph(1_000, &chance, &search)
        var (found, wanted) = (0, 0)
        for _ in 0..<20 {
            let query = Embedding(Self.phrase(&chance))
            let exact = graph.exactlyNearest(
                to: query, among: Array(0..<1_000), count: 10, with: &search)
            let near = graph.nearest(to: query, breadth: 64, with: &search).prefix(10)
            // Rows that are as near as the tenth are as good as it.
            let least = exact.last?.similarity ?? 0
            found += near.filter { $0.similarity >= least }.count
            wanted += exact.count
            #expect(near.count == 10 && near.map(\.similarity) == near.map(\.similarity).sorted(by: >))
        }
        #expect(found * 100 >= wanted * 95, "\(found) of \(wanted) with seed \(seed)")
    }

    @Test(arguments: propertySeeds.prefix(3)) func ofAListTheNearestAreReturned(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        var search = NearestSearch()
        let graph = Self.graph(700, &chance, &search)
        let query = Embedding(Self.phrase(&chance))
        for divisor in [1, 2, 7, 500, 701] {
            let list = stride(from: UInt32(divisor - 1), to: 700, by: divisor).map(\.self)
            let exact = graph.exactlyNearest(to: query, among: list, count: 5, with: &search)
            let expected = list.map { (-graph.embedding($0).similarity(to: query), $0) }
                .sorted { $0 < $1 }.prefix(5)
            #expect(exact.map(\.similarity) == expected.map { -$0.0 }, "seed \(seed)")
            #expect(Set(exact.map(\.slot)).isSubset(of: list))
        }
    }

    @Test func theSameRowsMakeTheSameGraph() {
        var results: [[NearestGraph.Found]] = []
        for _ in 0..<2 {
            var chance = SeededGenerator(seed: 5)
            var search = NearestSearch()
            let graph = Self.graph(300, &chance, &search)
            let query = Embedding(Self.phrase(&chance))
            results.append(graph.nearest(to: query, breadth: 30, with: &search))
        }
        #expect(results[0] == results[1] && results[0].count == 30)
    }

    @Test func anEmptyGraphHasNothing() {
        var search = NearestSearch()
        let graph = NearestGraph()
        let query = Embedding("anything")
        #expect(graph.nearest(to: query, breadth: 8, with: &search) == [])
        #expect(graph.exactlyNearest(to: query, among: [], count: 3, with: &search) == [])
    }

    @Test func settingsOutOfRangeAreTakenToTheNearerEnd() {
        var settings = NearestGraph.Settings()
        (settings.neighbours, settings.buildBreadth) = (0, 1 << 20)
        let graph = NearestGraph(settings)
        #expect(graph.settings.neighbours == 2 && graph.settings.buildBreadth == 1_024)
    }
}
