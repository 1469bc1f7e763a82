// Frames with a body: the checksum covers its digest, and stores of before know none.
import Cryptography
import Environment
import Primitives
@testable import Storage
import TestSupport
import Testing

@Suite struct FrameBodyTests {
    let fixture = JournalFixture()
    private static let head: [UInt8] = [9, 8, 7]
    private static let body = [UInt8](repeating: 0x42, count: 5000)

    private func append(_ digest: Digest, to journal: Journal) throws -> FramePosition {
        try journal.append(kind: 2, Self.head, FrameBody(Self.body[...], digest: digest))
    }

    @Test func bodiesAreReadBackBehindTheirHeads() throws {
        let journal = try fixture.open()
        let position = try append(BLAKE3.hash(Self.body), to: journal)
        let empty = try journal.append(
            kind: 2, Self.head, FrameBody([], digest: BLAKE3.hash([])))
        try journal.commit()
        #expect(try journal.read(position).payload == Self.head + Self.body)
        #expect(try journal.read(empty).payload == Self.head)
        #expect(try journal.check().faults.isEmpty)
    }

    @Test func aDigestThatIsNotTheBodysIsFound() throws {
        let journal = try fixture.open()
        let position = try append(BLAKE3.hash([1]), to: journal)
        try journal.commit()
        #expect(throws: StorageFailure.self) { try journal.read(position) }
        #expect(try journal.check().faults.map(\.kind) == [.frameChecksum])
    }

    @Test func everyFlippedByteIsFound() throws {
        fixture.settings = smallSettings(1 << 20)
        let journal = try fixture.open()
        _ = try append(BLAKE3.hash(Self.body), to: journal)
        try journal.commit()
        journal.close()
        let image = try #require(fixture.disk.contents(fixture.path(0)))
        for byte in 4096..<image.count where byte < 4300 || byte % 61 == 0 {
            var spoiled = image
            spoiled[byte] ^= 0x10
            fixture.disk.plant(fixture.path(0), spoiled)
            #expect(throws: StorageFailure.self, "byte \(byte)") { try fixture.open() }
        }
    }

    /// A segment as version 1 began one.
    private func plantEarlierSegment() {
        var header = SegmentHeader(purpose: .records, storeID: storeA, first: 0)
        header.version = 1
        var image = [UInt8](repeating: 0, count: 4096)
        image.withUnsafeMutableBytes { header.store(to: $0) }
        fixture.disk.plant(fixture.path(0), image)
    }

    @Test func segmentsOfVersionOneAreWrittenOnWithoutBodies() throws {
        fixture.settings = smallSettings(8 << 10)
        try fixture.open().close()
        plantEarlierSegment()
        let journal = try fixture.open()
        var positions: [FramePosition] = []
        for _ in 0..<3 {
            positions.append(try append(BLAKE3.hash(Self.body), to: journal))
            try journal.commit()
        }
        for position in positions {
            #expect(try journal.read(position).payload == Self.head + Self.body)
        }
        #expect(Set(positions.map(\.segment)).count > 1)
        #expect(try journal.check().faults.isEmpty)
        journal.close()
        // Of the first segment an earlier program reads every frame; the next says what it is.
        let earlier = try #require(fixture.disk.contents(fixture.path(0)))
        #expect(earlier[8] == 1)
        let word = 4096 + JournalFormat.headerBytes + 36
        #expect(earlier[word..<word + 4].allSatisfy { $0 == 0 })
        let later = try #require(positions.last?.segment)
        #expect(fixture.disk.contents(fixture.path(later))?[8] == 2)
    }
}
