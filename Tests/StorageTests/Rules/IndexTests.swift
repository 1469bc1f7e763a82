// The index: key spaces, batches, scans both ways, reopening, and what it refuses to open.
import Primitives
import Storage
import TestSupport
import Testing

extension KeySpace {
    fileprivate static let fruits = KeySpace(20)
    fileprivate static let others = KeySpace(21)
}

@Suite struct IndexTests {
    let store: TemporaryStore

    init() throws { store = try TemporaryStore() }

    private func fill(_ index: Index, _ keys: [[UInt8]]) throws {
        let batch = WriteBatch()
        for key in keys { batch.put(key, key + [0xFF], in: .fruits) }
        batch.put([1], [9], in: .others)
        try index.commit(batch)
    }

    @Test func valuesComeBackFromTheirOwnSpace() throws {
        let index = try store.index()
        try fill(index, [[1], [2, 0], []])
        #expect(try index.get([1], in: .fruits) == [1, 0xFF])
        #expect(try index.get([], in: .fruits) == [0xFF])
        #expect(try index.get([1], in: .others) == [9])
        #expect(try index.get([2], in: .fruits) == nil)
    }

    @Test func aBatchIsSeenWholeAndInOrder() throws {
        let index = try store.index()
        let batch = WriteBatch()
        batch.put([1], [1], in: .fruits)
        batch.delete([1], in: .fruits)
        batch.put([2], [2], in: .fruits)
        batch.put([2], [3], in: .fruits)
        #expect(batch.count == 4)
        #expect(try index.get([2], in: .fruits) == nil)
        try index.commit(batch)
        #expect(try index.get([1], in: .fruits) == nil)
        #expect(try index.get([2], in: .fruits) == [3])
        batch.clear()
        #expect(batch.count == 0)
    }

    private static let keys: [[UInt8]] = [[], [1], [1, 0], [1, 255], [2], [255], [255, 255]]

    @Test(arguments: [
        (IndexScan.Start.edge, false, [UInt8](), 0..<7),
        (.edge, false, [1], 1..<4),
        (.edge, true, [1], 1..<4),
        (.edge, true, [255], 5..<7),
        (.edge, true, [], 0..<7),
        (.at([1, 0]), false, [], 2..<7),
        (.after([1, 0]), false, [], 3..<7),
        (.after([1, 0]), false, [1], 3..<4),
        (.at([1, 7]), false, [], 3..<7),
        (.at([1, 0]), true, [], 0..<3),
        (.after([1, 0]), true, [], 0..<2),
        (.at([1, 7]), true, [1], 1..<3),
        (.edge, false, [3], 0..<0),
        (.edge, true, [3], 0..<0),
    ])
    func scansGoFromAnyKeyBothWays(
        start: IndexScan.Start, isDescending: Bool, prefix: [UInt8], expected: Range<Int>
    ) throws {
        let index = try store.index()
        try fill(index, Self.keys)
        var scan = IndexScan(.fruits)
        scan.start = start
        scan.isDescending = isDescending
        scan.prefix = prefix
        let wanted = Array(Self.keys[expected])
        #expect(try index.entries(scan).map(\.key) == (isDescending ? wanted.reversed() : wanted))
        scan.limit = 1
        #expect(try index.entries(scan).count == min(1, wanted.count))
    }

    @Test func pagesJoinWithoutGapOrOverlap() throws {
        let index = try store.index()
        try fill(index, Self.keys)
        var scan = IndexScan(.fruits)
        scan.limit = 2
        var seen: [[UInt8]] = []
        while case let page = try index.entries(scan), let last = page.last {
            seen += page.map(\.key)
            scan.start = .after(last.key)
        }
        #expect(seen == Self.keys)
    }

    @Test(arguments: propertySeeds.prefix(8)) func itBehavesLikeADictionary(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        var model: [[UInt8]: [UInt8]] = [:]
        for _ in 0..<3 {
            let index = try store.index()
            let batch = WriteBatch()
            for _ in 0..<200 {
                let key = chance.bytes(Int(chance.next() % 3))
                if chance.next() % 3 == 0 {
                    batch.delete(key, in: .fruits)
                    model[key] = nil
                } else {
                    let value = chance.bytes(Int(chance.next() % 5))
                    batch.put(key, value, in: .fruits)
                    model[key] = value
                }
            }
            try index.commit(batch)
            let expected = model.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            let found = try index.entries(IndexScan(.fruits))
            #expect(found.map(\.key) == expected.map(\.key), "seed \(seed)")
            #expect(found.map(\.value) == expected.map(\.value), "seed \(seed)")
        }
    }

    @Test func closingKeepsEverything() throws {
        try fill(store.index(), [[7]])
        #expect(try store.index().get([7], in: .fruits) == [7, 0xFF])
        try store.index().flush()
    }

    @Test func destroyedIndexesAreEmpty() throws {
        try fill(store.index(), [[7]])
        try Index.destroy(path: store.path + "/index")
        #expect(try store.index().get([7], in: .fruits) == nil)
    }

    @Test func anIndexOfAnotherStoreIsUnusable() throws {
        _ = try store.index(storeA)
        #expect(throws: StorageFailure.indexUnusable) { try store.index(storeB) }
    }

    @Test func twoHoldersAreRefused() throws {
        let index = try store.index()
        let failure = #expect(throws: StorageFailure.self) { try store.index() }
        guard case .index(.open, _) = failure else {
            Issue.record("not refused when opening: \(String(describing: failure))")
            return
        }
        #expect(try index.get([1], in: .fruits) == nil)
    }
}
