// Damaged journals: flipped bits are found and named, cuts give the committed prefix.
import Environment
import Primitives
import Storage
import TestSupport
import Testing

@Suite struct JournalDamageTests {
    let fixture = JournalFixture()

    /// What opening says, and a complete check beside it.
    private func verdict() -> (opening: StorageFailure?, faults: [JournalFault]) {
        var opening: StorageFailure?
        do throws(StorageFailure) {
            try fixture.open().close()
        } catch {
            opening = error
        }
        let report = try? fixture.check()
        return (opening, report?.faults ?? [])
    }

    private func openingFault() -> JournalFault.Kind? {
        guard case .damaged(let fault) = verdict().opening else { return nil }
        return fault.kind
    }

    /// Flips one bit, looks, and repairs.
    private func expectFlipFound(_ segment: UInt64, byte: Int, bit: UInt8, of image: [UInt8]) {
        var spoiled = image
        spoiled[byte] ^= 1 << bit
        fixture.disk.plant(fixture.path(segment), spoiled)
        defer { fixture.disk.plant(fixture.path(segment), image) }
        let (opening, faults) = verdict()
        let place: Comment = "segment \(segment), byte \(byte), bit \(bit)"
        guard case .damaged(let fault) = opening, let first = faults.first else {
            Issue.record("accepted: \(place): \(String(describing: opening)), \(faults)")
            return
        }
        #expect(fault == first, place)
        #expect(fault.segment == segment, place)
        #expect(fault.offset <= UInt64(byte) && UInt64(byte) < fault.offset + 4096, place)
        #expect(fixture.disk.contents(fixture.path(segment)) == spoiled, place)
    }

    @Test func everyFlippedBitIsFoundAndNamed() throws {
        fixture.settings = smallSettings(1 << 20)
        let journal = try fixture.open()
        for number in [1, 2, 6, 0] {
            _ = try journal.append(kind: 1, numberedPayload(number))
            if number != 1 { try journal.commit() }
        }
        journal.close()
        let image = try #require(fixture.disk.contents(fixture.path(0)))
        for byte in image.indices {
            let isText = image[byte] != 0 || byte % 4096 < 128
            for bit in UInt8(0)..<8 where isText || byte % 197 == 0 && bit == byte % 8 {
                expectFlipFound(0, byte: byte, bit: bit, of: image)
            }
        }
        #expect(verdict() == (nil, []))
    }

    @Test func everyFlippedBitOfASealIsFoundWhenOpening() throws {
        let journal = try fixture.open()
        _ = try fixture.write(groups: [1, 1], to: journal)
        journal.close()
        let image = try #require(fixture.disk.contents(fixture.path(0)))
        for byte in 8192..<image.count where byte < 8300 || byte % 97 == 0 {
            for bit in UInt8(0)..<8 { expectFlipFound(0, byte: byte, bit: bit, of: image) }
        }
    }

    @Test(arguments: propertySeeds) func flipsInSealedSegmentsAreFoundByTheCheck(
        seed: UInt64
    ) throws {
        let journal = try fixture.open()
        _ = try fixture.write(groups: [3, 3, 3, 3], to: journal)
        journal.close()
        var chance = SeededGenerator(seed: seed)
        var image = try #require(fixture.disk.contents(fixture.path(0)))
        let byte = Int(chance.next() % UInt64(image.count))
        image[byte] ^= 1 << UInt8(chance.next() % 8)
        fixture.disk.plant(fixture.path(0), image)
        let report = try fixture.check()
        #expect(report.faults.count == 1, "seed \(seed), byte \(byte): \(report.faults)")
        #expect(report.faults.first?.segment == 0, "seed \(seed), byte \(byte)")
    }

    @Test func aCutAtAnyByteLeavesTheCommittedPrefix() throws {
        fixture.settings = smallSettings(1 << 20)
        let journal = try fixture.open()
        var ends: [(bytes: Int, frames: Int)] = [(4096, 0)]
        for group in 0..<3 {
            _ = try fixture.write(groups: [2], from: group * 2, to: journal)
            let size = try #require(fixture.disk.contents(fixture.path(0))).count
            ends.append((size, group * 2 + 2))
        }
        journal.close()
        let image = try #require(fixture.disk.contents(fixture.path(0)))
        for cut in 4096...image.count where cut % 13 == 0 || cut % 4096 < 140 {
            fixture.disk.plant(fixture.path(0), Array(image[..<cut]))
            let (bytes, frames) = try #require(ends.last { $0.bytes <= cut })
            #expect(try fixture.check().tornBytes == UInt64(cut - bytes), "cut \(cut)")
            let reopened = try fixture.open()
            #expect(reopened.recovery.tornBytes == UInt64(cut - bytes), "cut \(cut)")
            #expect(try fixture.numbers(in: reopened) == Array(0..<frames), "cut \(cut)")
            reopened.close()
        }
    }

    @Test func aCutSegmentHeaderIsDamage() throws {
        try fixture.open().close()
        fixture.disk.plant(fixture.path(0), [UInt8](repeating: 0, count: 100))
        #expect(openingFault() == .segmentHeader)
    }

    @Test func aZeroedGroupThatHasASuccessorIsDamage() throws {
        fixture.settings = smallSettings(1 << 20)
        let journal = try fixture.open()
        _ = try fixture.write(groups: [1, 1, 1], to: journal)
        journal.close()
        var image = try #require(fixture.disk.contents(fixture.path(0)))
        image.replaceSubrange(8192..<12288, with: [UInt8](repeating: 0, count: 4096))
        fixture.disk.plant(fixture.path(0), image)
        #expect(openingFault() == .groupHeader)
        #expect(try fixture.check().frames == 2)
    }

    @Test(arguments: [(0, 0), (512, 9999), (9998, 9999)])
    func whatFollowsTheEndIsTornUnlessItIsZeros(spoiled: Int, torn: UInt64) throws {
        let journal = try fixture.open()
        _ = try fixture.write(groups: [1], to: journal)
        journal.close()
        let image = try #require(fixture.disk.contents(fixture.path(0)))
        var tail = [UInt8](repeating: 0, count: 9999)
        if spoiled > 0 { tail[spoiled] = 1 }
        fixture.disk.plant(fixture.path(0), image + tail)
        let reopened = try fixture.open()
        #expect(reopened.recovery.tornBytes == torn)
        #expect(fixture.disk.contents(fixture.path(0)) == image)
    }

    @Test(arguments: [0, 1, 2, 3]) func aMissingSegmentIsNamed(missing: Int) throws {
        let journal = try fixture.open()
        _ = try fixture.write(groups: [2, 2, 2, 2], to: journal)
        journal.close()
        let firsts: [UInt64] = [0, 2, 4, 6]
        fixture.disk.uproot(fixture.path(firsts[missing]))
        let expected = JournalFault(segment: firsts[missing], offset: 0, kind: .segmentMissing)
        let (opening, faults) = verdict()
        #expect(opening == .damaged(expected))
        #expect(faults == [expected])
    }

    @Test func aSegmentCutOffBeforeItsSealIsNamed() throws {
        let journal = try fixture.open()
        _ = try fixture.write(groups: [2, 2], to: journal)
        journal.close()
        let image = try #require(fixture.disk.contents(fixture.path(0)))
        fixture.disk.plant(fixture.path(0), Array(image.dropLast(4096)))
        #expect(openingFault() == .segmentCutOff)
        #expect(try fixture.check().faults.map(\.kind) == [.segmentCutOff])
    }

    @Test func bytesAfterASealAreNamed() throws {
        let journal = try fixture.open()
        _ = try fixture.write(groups: [2, 2], to: journal)
        journal.close()
        let image = try #require(fixture.disk.contents(fixture.path(0)))
        fixture.disk.plant(fixture.path(0), image + [UInt8](repeating: 0, count: 4096))
        #expect(openingFault() == .bytesAfterSeal)
        #expect(try fixture.check().faults.map(\.kind) == [.bytesAfterSeal])
    }

    @Test func anotherStoreOrJournalIsRefused() throws {
        try fixture.open().close()
        let id = JournalSettings(storeID: storeB, purpose: .records)
        let purpose = JournalSettings(storeID: storeA, purpose: .payloads)
        for (settings, kind) in [
            (id, JournalFault.Kind.wrongStore(storeA)), (purpose, .wrongPurpose(1)),
        ] {
            let fault = JournalFault(segment: 0, offset: 0, kind: kind)
            #expect(throws: StorageFailure.damaged(fault)) {
                try Journal(
                    disk: fixture.disk, directory: JournalFixture.directory, settings: settings)
            }
        }
    }

    @Test func allSegmentsLostButAnUnbornOneIsDamage() throws {
        fixture.disk.plant(fixture.path(6) + ".new", [])
        #expect(openingFault() == .segmentMissing)
        fixture.disk.uproot(fixture.path(6) + ".new")
        fixture.disk.plant(fixture.path(0) + ".new", [])
        #expect(verdict() == (nil, []))
    }

    @Test func aGroupFromElsewhereIsRefused() throws {
        fixture.settings = smallSettings(1 << 20)
        let journal = try fixture.open()
        _ = try fixture.write(groups: [1, 1], to: journal)
        journal.close()
        var image = try #require(fixture.disk.contents(fixture.path(0)))
        image.replaceSubrange(4096..<8192, with: image[8192..<12288])
        fixture.disk.plant(fixture.path(0), image)
        #expect(openingFault() == .groupHeader)
    }

    @Test func filesThatNoJournalMakesAreNamed() throws {
        try fixture.open().close()
        fixture.disk.plant(JournalFixture.directory + "/copy.segment", [])
        #expect(openingFault() == .unexpectedFile("copy.segment"))
    }
}
