// Compressed segments: everything reads as before, every flipped bit is found, a crash leaves one
// file or the other.
import Compression
import Environment
import Primitives
import TestSupport
import Testing

@testable import Storage

@Suite struct CompressedSegmentTests {
    /// Payloads of one kind in sections of all strides; the others are not known.
    private static func split(
        _ kind: UInt8, _ payload: UnsafeRawBufferPointer
    ) -> [FrameSection]? {
        guard kind % 2 == 0 else { return nil }
        let eighth = payload.count / 8
        var sections = (0..<7 as Range<UInt16>).map {
            FrameSection(stream: 8 + $0 * 8, stride: UInt8($0 + 1), length: UInt32(eighth))
        }
        sections.append(
            FrameSection(stream: 64, stride: 8, length: UInt32(payload.count - 7 * eighth)))
        return sections
    }

    private func written(
        _ groups: [Int], _ segmentBytes: UInt64 = 64 << 10
    ) throws -> (fixture: JournalFixture, positions: [FramePosition]) {
        let fixture = JournalFixture()
        fixture.settings = smallSettings(segmentBytes)
        let journal = try fixture.open()
        defer { journal.close() }
        return (fixture, try fixture.write(groups: groups, to: journal))
    }

    /// Compresses every sealed segment; how many got smaller.
    @discardableResult
    private func compress(_ fixture: JournalFixture) throws -> Int {
        let journal = try fixture.open()
        defer { journal.close() }
        return try journal.sealedSegments.count {
            try journal.compress(segment: $0, Self.split) != nil
        }
    }

    @Test func everythingReadsAsBefore() throws {
        let (fixture, positions) = try written(Array(repeating: 5, count: 40))
        let before = try fixture.open()
        let bytes = before.storedBytes
        let frames = try positions.map { try before.read($0) }
        before.close()
        let count = try compress(fixture)
        #expect(count >= 4)
        #expect(try compress(fixture) == 0, "what is compressed stays so")
        let journal = try fixture.open()
        #expect(journal.storedBytes < bytes / 2, "\(journal.storedBytes) of \(bytes)")
        for (position, frame) in zip(positions, frames) {
            #expect(try journal.read(position) == frame)
        }
        for start in [0, 1, 57, 199] {
            #expect(
                try fixture.numbers(in: journal, from: UInt64(start)) == Array(start..<200))
        }
        #expect(try journal.check().faults == [])
        let more = try fixture.write(groups: [2], from: 200, to: journal)
        #expect(number(ofPayload: try journal.read(more[1]).payload) == 201)
        journal.close()
        #expect(try fixture.check().frames == 202)
    }

    private func number(ofPayload bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { Int($0.loadUnaligned(as: UInt64.self)) }
    }

    /// Pruning rewrites what is compressed, and what it wrote can be compressed again.
    @Test func aCompressedSegmentIsRewritten() throws {
        let (fixture, _) = try written(Array(repeating: 5, count: 20))
        try compress(fixture)
        let journal = try fixture.open()
        let first = try #require(journal.sealedSegments.first)
        let bytes = try journal.bytes(ofSegment: first)
        try journal.rewrite(segment: first) { frame in
            frame.kind == 3 ? FrameReplacement(kind: 9, payload: [1]) : nil
        }
        try journal.exchange(segment: first)
        var kinds: Set<UInt8> = []
        try journal.walk(segment: first) { frame in kinds.insert(frame.kind) }
        #expect(kinds.contains(9) && !kinds.contains(3))
        #expect(try journal.compress(segment: first, Self.split) != nil)
        #expect(try journal.bytes(ofSegment: first) < bytes)
        #expect(try journal.check().faults == [])
        let sum = try journal.sealedSegments.reduce(0) { try $0 + journal.bytes(ofSegment: $1) }
        #expect(journal.storedBytes - sum < 64 << 10)
        journal.close()
    }

    @Test func everyFlippedBitIsFound() throws {
        let (fixture, positions) = try written([3, 3, 3, 3], 16 << 10)
        try compress(fixture)
        let image = try #require(fixture.disk.contents(fixture.path(0)))
        for byte in image.indices where byte < 64 || byte >= 4096 || byte % 61 == 0 {
            var spoiled = image
            spoiled[byte] ^= 1 << UInt8(byte % 8)
            fixture.disk.plant(fixture.path(0), spoiled)
            let faults = try fixture.check().faults
            #expect(faults.first?.segment == 0, "byte \(byte)")
            guard byte >= 4096, let journal = try? fixture.open() else { continue }
            defer { journal.close() }
            #expect(throws: StorageFailure.self, "byte \(byte)") {
                for position in positions where position.segment == 0 {
                    _ = try journal.read(position)
                }
                _ = try fixture.numbers(in: journal)
            }
        }
    }

    @Test func aCutOrGrownFileIsFound() throws {
        let (fixture, _) = try written([3, 3, 3, 3], 16 << 10)
        try compress(fixture)
        let image = try #require(fixture.disk.contents(fixture.path(0)))
        let cuts = stride(from: 4096, to: image.count, by: 37).map { Array(image[..<$0]) }
        for spoiled in cuts + [image + [0], image + [UInt8](repeating: 0, count: 4096)] {
            fixture.disk.plant(fixture.path(0), spoiled)
            #expect(
                try fixture.check().faults.first?.kind == .piece, "\(spoiled.count) bytes")
        }
    }

    /// A segment of another place with a right table is refused.
    @Test func aTableIsOfItsSegment() throws {
        let (fixture, _) = try written(Array(repeating: 3, count: 12), 16 << 10)
        try compress(fixture)
        let journal = try fixture.open()
        let sealed = journal.sealedSegments
        journal.close()
        let (left, right) = (fixture.path(sealed[0]), fixture.path(sealed[1]))
        let head = try #require(fixture.disk.contents(left))[..<4096]
        let rest = try #require(fixture.disk.contents(right))[4096...]
        fixture.disk.plant(left, Array(head + rest))
        #expect(try fixture.check().faults.first?.kind == .piece)
    }

    @Test(arguments: propertySeeds.prefix(8)) func aCrashLeavesOneOrTheOther(seed: UInt64) throws {
        let (measured, _) = try written([3, 3, 3, 3], 16 << 10)
        let start = measured.disk.operationCount
        try compress(measured)
        for step in 0..<measured.disk.operationCount - start {
            let disk = MemoryDisk(seed: seed)
            let fixture = JournalFixture(disk: disk)
            fixture.settings = smallSettings(16 << 10)
            let journal = try fixture.open()
            _ = try fixture.write(groups: [3, 3, 3, 3], to: journal)
            journal.close()
            disk.faults[disk.operationCount + step] = .crash
            _ = try? compress(fixture)
            disk.restart()
            let comment: Comment = "seed \(seed), step \(step)"
            #expect(try fixture.check().faults == [], comment)
            let again = try fixture.open()
            #expect(try fixture.numbers(in: again) == Array(0..<12), comment)
            again.close()
            try compress(fixture)
            #expect(try fixture.check().faults == [], comment)
        }
    }

    /// Whatever a piece is spoiled to, decoding refuses it or gives bytes, and traps at nothing.
    @Test(arguments: propertySeeds.prefix(8)) func spoiledPiecesAreRefused(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        var codec = try ZstdCodec(level: 3)
        let raw = [UInt8](repeating: 7, count: 900) + chance.bytes(100)
        let sections = [
            FrameSection(stream: 8, stride: 3, length: 301), .rest(99),
            FrameSection(stream: 16, stride: 8, length: 600),
        ]
        let stored = raw.withUnsafeBytes { SegmentPiece.encode($0, sections, &codec) }
        #expect(try SegmentPiece.decode(stored, &codec) == raw)
        for _ in 0..<2_000 {
            var spoiled = stored
            for _ in 0...chance.next() % 3 {
                let place = Int(chance.next() % UInt64(spoiled.count))
                spoiled[place] = UInt8(truncatingIfNeeded: chance.next())
            }
            if chance.next() % 4 == 0 {
                spoiled.removeLast(Int(chance.next() % UInt64(spoiled.count)))
            }
            let found = try? SegmentPiece.decode(spoiled, &codec)
            #expect((found?.count ?? 0) <= 1 << 27, "seed \(seed)")
        }
    }

    /// Nothing is done to what would not get smaller.
    @Test func noiseIsLeftAlone() throws {
        let fixture = JournalFixture()
        fixture.settings = smallSettings(512 << 10)
        let journal = try fixture.open()
        var chance = SeededGenerator(seed: 4)
        for _ in 0..<4 {
            _ = try journal.append(kind: 1, chance.bytes(300_000))
            try journal.commit()
        }
        let first = try #require(journal.sealedSegments.first)
        #expect(try journal.compress(segment: first, { _, _ in nil }) == nil)
        #expect(try fixture.disk.list(JournalFixture.directory).allSatisfy {
            !$0.hasSuffix(".compressed")
        })
        #expect(try journal.compress(segment: journal.currentSegment, { _, _ in nil }) == nil)
        journal.close()
    }
}
