// Stores of later versions and index entries that lead astray are refused by name.
import Cryptography
import Environment
import Primitives
@testable import Storage
import TestSupport
import Testing

@Suite struct VersionTests {
    @Test(arguments: [4, 5, UInt32.max]) func aLaterJournalIsRefused(version: UInt32) throws {
        let fixture = JournalFixture()
        try fixture.open().close()
        var header = SegmentHeader(purpose: .records, storeID: storeA, first: 0)
        header.version = version
        var image = [UInt8](repeating: 0, count: 4096)
        image.withUnsafeMutableBytes { header.store(to: $0) }
        image[200] = 7  // a later version may use what is zero today
        fixture.disk.plant(fixture.path(0), image)
        let failure = StorageFailure.storeIsNewer(found: version, supported: 3)
        #expect(throws: failure) { try fixture.open() }
        #expect(throws: failure) { try fixture.check() }
    }

    @Test(arguments: [0, 1]) func anEarlierOrZeroVersionIsNoneOfOurs(version: UInt32) throws {
        let fixture = JournalFixture()
        var header = SegmentHeader(purpose: .records, storeID: storeA, first: version == 0 ? 0 : 9)
        header.version = version
        var image = [UInt8](repeating: 0, count: 4096)
        image.withUnsafeMutableBytes { header.store(to: $0) }
        fixture.disk.plant(fixture.path(0), image)
        let fault = JournalFault(segment: 0, offset: 0, kind: .segmentHeader)
        #expect(throws: StorageFailure.damaged(fault)) { try fixture.open() }
    }

    @Test func aLaterIndexIsRefused() throws {
        let store = try TemporaryStore()
        var writer = ByteWriter()
        writer.write(UInt32(2))
        writer.write(storeA)
        let batch = WriteBatch()
        batch.put(Array("format".utf8), writer.bytes, in: .meta)
        try store.index().commit(batch)
        #expect(throws: StorageFailure.storeIsNewer(found: 2, supported: 1)) {
            try store.index()
        }
    }

    @Test func aPayloadThatIsNotItsDigestIsNotReturned() throws {
        let payloads = try TemporaryStore().payloads()
        let batch = WriteBatch()
        let (left, right) = (try payloads.stage([1, 2, 3]), try payloads.stage([4, 5, 6]))
        try payloads.commit(into: batch)
        batch.put(left, ChunkPlace(block: 0, index: 1).bytes, in: .chunks)
        try payloads.index.commit(batch)
        #expect(throws: StorageFailure.payloadDamaged(left)) { try payloads.payload(left) }
        #expect(try payloads.payload(right) == [4, 5, 6])
        for place in [ChunkPlace(block: 0, index: 2), ChunkPlace(block: 9, index: 0)] {
            batch.put(left, place.bytes, in: .chunks)
            try payloads.index.commit(batch)
            #expect(throws: StorageFailure.payloadDamaged(left)) { try payloads.payload(left) }
        }
        batch.put(left, [1], in: .chunks)
        try payloads.index.commit(batch)
        #expect(throws: StorageFailure.indexUnusable) { try payloads.payload(left) }
    }

    private static let block: [UInt8] = {
        var open = OpenBlock()
        let chunk: [UInt8] = [1, 2, 3, 4]
        chunk.withUnsafeBytes { open.append(BLAKE3.hash($0), $0) }
        let parts = open.parts(compressed: chunk)
        return parts.header + parts.table + parts.body
    }()

    /// Codec, number of chunks, length of all, length of one; cut short; with a byte too many.
    @Test(arguments: [(0, 2), (1, 2), (3, 9), (5, 5), (8, 9), (41, 5), (44, 1)])
    func spoiledBlocksAreRefused(offset: Int, value: UInt8) {
        var frame = Self.block
        frame[offset] = value
        #expect(throws: DecodingFailure.self) { try BlockTable(frame) }
    }

    @Test(arguments: 0..<45) func cutBlocksAreRefused(count: Int) {
        #expect(throws: DecodingFailure.self) { try BlockTable(Array(Self.block[..<count])) }
    }

    @Test(arguments: 1..<40) func cutManifestsAreRefused(count: Int) {
        var manifest = Manifest()
        manifest.append(ChunkPlace(block: 1, index: 2))
        var writer = ByteWriter()
        writer.write(BLAKE3.hash([1]))
        manifest.write(to: &writer)
        let bytes = Array(writer.bytes[..<count])
        #expect(throws: DecodingFailure.self) { try ManifestFrame.decode(bytes) }
    }
}
