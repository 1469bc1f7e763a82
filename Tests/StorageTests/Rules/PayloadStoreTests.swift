// The payload store: the exact bytes come back, repeated content is stored once, damage is found.
import Cryptography
import Primitives
import Storage
import TestSupport
import Testing

@Suite struct PayloadStoreTests {
    let store: TemporaryStore

    init() throws { store = try TemporaryStore() }

    /// Text of this length, repeatable and compressible.
    private func text(_ seed: UInt64, _ count: Int) -> [UInt8] {
        var chance = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt8(0x61 + chance.next() % 16) }
    }

    @discardableResult
    private func keep(_ payloads: [[UInt8]], in payloadStore: PayloadStore) throws -> [Digest] {
        let batch = WriteBatch()
        let digests = try payloads.map { try payloadStore.stage($0) }
        try payloadStore.commit(into: batch)
        try payloadStore.index.commit(batch)
        return digests
    }

    private static let sizes = [0, 1, 511, 512, 2048, 2049, 8192, 8193, 70_000, 300_000, 4 << 20]

    @Test func theExactBytesComeBack() throws {
        let payloads = Self.sizes.map { text(UInt64($0), $0) }
        let opened = try store.payloads()
        let digests = try keep(payloads, in: opened)
        #expect(digests == payloads.map { BLAKE3.hash($0) })
        for (digest, payload) in zip(digests, payloads) {
            #expect(try opened.payload(digest) == payload)
            #expect(try opened.contains(digest))
        }
        #expect(try opened.payload(BLAKE3.hash(text(999, 5))) == nil)
        let report = try opened.check()
        #expect(report.damaged.isEmpty)
        #expect(report.journal.faults.isEmpty)
        #expect(report.manifests == 6)
    }

    @Test func repeatedPayloadsAreStoredOnce() throws {
        let opened = try store.payloads()
        try keep([text(1, 1000), text(2, 50_000), text(1, 1000)], in: opened)
        let before = opened.statistics
        try keep([text(1, 1000), text(2, 50_000)], in: opened)
        #expect(opened.statistics.storedBytes == before.storedBytes)
        #expect(opened.statistics.chunks == before.chunks)
        #expect(opened.statistics.payloads == 5)
        #expect(opened.statistics.payloadBytes == 103_000)
    }

    @Test func aGrowingConversationCostsItsGrowth() throws {
        let opened = try store.payloads()
        var conversation = text(1, 10_000)
        var given = 0
        for turn in 0..<40 {
            conversation += text(UInt64(100 + turn), 700)
            given += conversation.count
            let digest = try keep([conversation], in: opened)[0]
            #expect(try opened.payload(digest) == conversation)
        }
        let figures = opened.statistics
        #expect(figures.payloadBytes == UInt64(given))
        #expect(figures.chunkBytes < figures.payloadBytes / 5)
        #expect(figures.storedBytes < figures.chunkBytes)
    }

    @Test func reopeningFindsEverything() throws {
        let payloads = [text(1, 100), text(2, 30_000)]
        let digests = try keep(payloads, in: store.payloads())
        let opened = try store.payloads()
        #expect(try digests.map { try opened.payload($0) } == payloads)
        let stored = opened.statistics.storedBytes
        try keep(payloads, in: opened)
        #expect(opened.statistics.storedBytes == stored)
        #expect(opened.statistics.payloads == 4)
    }

    @Test func aDestroyedIndexIsCompletedFromTheJournal() throws {
        let payloads = Self.sizes.map { text(UInt64($0), $0) }
        let digests = try keep(payloads, in: store.payloads())
        try Index.destroy(path: store.path + "/index")
        let opened = try store.payloads()
        #expect(try digests.map { try opened.payload($0) } == payloads)
        #expect(try opened.check().damaged.isEmpty)
    }

    @Test func payloadsWhoseKeysWereLostAreFoundAgain() throws {
        let payload = text(3, 20_000)
        var opened: PayloadStore? = try store.payloads()
        let digest = try #require(try opened?.stage(payload))
        try opened?.commit(into: WriteBatch())
        #expect(try opened?.contains(digest) == false)
        opened?.close()
        opened = nil
        #expect(try store.payloads().payload(digest) == payload)
    }

    @Test func discardedPayloadsAreGone() throws {
        let opened = try store.payloads()
        let digest = try opened.stage(text(4, 20_000))
        opened.discard()
        try keep([text(5, 100)], in: opened)
        #expect(try opened.payload(digest) == nil)
        #expect(opened.statistics.payloads == 1)
        try keep([text(4, 20_000)], in: opened)
        #expect(try opened.payload(digest) == text(4, 20_000))
    }

    @Test func anIndexFromTheFutureIsRefused() throws {
        try keep([text(1, 100)], in: store.payloads())
        try keep([text(2, 100)], in: store.payloads())
        for name in try store.disk.list(store.path + "/journal2") {
            try store.disk.remove(store.path + "/journal2/" + name)
        }
        #expect(throws: StorageFailure.indexAheadOfJournal(indexed: 2, journal: 0)) {
            try store.payloads()
        }
    }

    @Test func payloadsOverTheLimitAreRefused() throws {
        let opened = try store.payloads()
        let large = [UInt8](repeating: 1, count: Limits.payloadBytes + 1)
        #expect(throws: StorageFailure.tooLarge(bytes: large.count, limit: large.count - 1)) {
            try opened.stage(large)
        }
    }

    @Test(arguments: propertySeeds.prefix(8)) func anyMixtureComesBack(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        var kept: [(Digest, [UInt8])] = []
        for _ in 0..<3 {
            let opened = try store.payloads()
            for _ in 0..<4 {
                let payloads = (0..<chance.next() % 20).map { _ -> [UInt8] in
                    let start = text(chance.next() % 5, Int(chance.next() % 30_000))
                    return start + text(chance.next() % 50, Int(chance.next() % 3000))
                }
                kept += zip(try keep(payloads, in: opened), payloads)
            }
            for (digest, payload) in kept {
                #expect(try opened.payload(digest) == payload, "seed \(seed)")
            }
            #expect(try opened.check().damaged.isEmpty, "seed \(seed)")
            opened.close()
        }
    }
}
