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
            let exact = graph.exactlyNearest(to: query, count: 10, with: &search) { _ in true }
            let near = graph.nearest(to: query, count: 10, breadth: 64, with: &search) { _ in
                true
            }
            // Rows that are as near as the tenth are as good as it.
            let least = exact.last?.similarity ?? 0
            found += near.filter { $0.similarity >= least }.count
            wanted += exact.count
            #expect(near.count == 10 && near.map(\.similarity) == near.map(\.similarity).sorted(by: >))
        }
        #expect(found * 100 >= wanted * 95, "\(found) of \(wanted) with seed \(seed)")
    }

    @Test(arguments: propertySeeds.prefix(3)) func onlyWantedRowsAreReturned(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        var search = NearestSearch()
        let graph = Self.graph(400, &chance, &search)
        let query = Embedding(Self.phrase(&chance))
        for divisor: UInt32 in [2, 7, 500] {
            let isWanted: (UInt32) -> Bool = { $0 % divisor == 1 }
            let near = graph.nearest(to: query, count: 5, breadth: 64, with: &search, where: isWanted)
            let exact = graph.exactlyNearest(to: query, count: 5, with: &search, where: isWanted)
            #expect(near.allSatisfy { isWanted($0.slot) })
            #expect(exact.allSatisfy { isWanted($0.slot) })
            #expect(exact.count == min(5, (0..<UInt32(400)).filter(isWanted).count))
        }
    }

    @Test func theSameRowsMakeTheSameGraph() {
        var results: [[NearestGraph.Found]] = []
        for _ in 0..<2 {
            var chance = SeededGenerator(seed: 5)
            var search = NearestSearch()
            let graph = Self.graph(300, &chance, &search)
            let query = Embedding(Self.phrase(&chance))
            results.append(
                graph.nearest(to: query, count: 20, breadth: 30, with: &search) { _ in true })
        }
        #expect(results[0] == results[1] && results[0].count == 20)
    }

    @Test func anEmptyGraphHasNothing() {
        var search = NearestSearch()
        let graph = NearestGraph()
        let query = Embedding("anything")
        #expect(graph.nearest(to: query, count: 3, breadth: 8, with: &search) { _ in true } == [])
        #expect(graph.exactlyNearest(to: query, count: 3, with: &search) { _ in true } == [])
    }

    @Test func settingsOutOfRangeAreTakenToTheNearerEnd() {
        var settings = NearestGraph.Settings()
        (settings.neighbours, settings.buildBreadth) = (0, 1 << 20)
        let graph = NearestGraph(settings)
        #expect(graph.settings.neighbours == 2 && graph.settings.buildBreadth == 1_024)
    }
}
