// The journal in good weather: order, positions, segments, limits, the lock.
import Environment
import Primitives
import Storage
import TestSupport
import Testing

@Suite struct JournalTests {
    let fixture = JournalFixture()

    @Test func whatIsCommittedIsReadBackInOrder() throws {
        let journal = try fixture.open()
        let positions = try fixture.write(groups: [1, 4, 7, 2, 6], to: journal)
        #expect(journal.committedSequence == 20)
        #expect(try fixture.numbers(in: journal) == Array(0..<20))
        for (number, position) in positions.enumerated() {
            let frame = try journal.read(position)
            #expect(frame.sequence == UInt64(number))
            #expect(frame.kind == UInt8(number % 7))
            #expect(frame.payload == numberedPayload(number))
        }
    }

    @Test func reopeningGoesOnWhereItEnded() throws {
        for start in stride(from: 0, to: 12, by: 3) {
            let journal = try fixture.open()
            #expect(journal.recovery == JournalRecovery())
            #expect(journal.nextSequence == UInt64(start))
            _ = try fixture.write(groups: [1, 2], from: start, to: journal)
            journal.close()
        }
        #expect(try fixture.numbers(in: fixture.open()) == Array(0..<12))
    }

    @Test func segmentsAreSealedAtTheirLimit() throws {
        let journal = try fixture.open()
        _ = try fixture.write(groups: [2, 2, 2, 2], to: journal)
        let report = try journal.check()
        #expect(report.faults.isEmpty)
        #expect(report.frames == 8)
        #expect(report.segments > 1)
    }

    @Test(arguments: 0...20) func replayBeginsAtAnySequence(sequence: UInt64) throws {
        let journal = try fixture.open()
        _ = try fixture.write(groups: [1, 4, 7, 2, 6], to: journal)
        #expect(try fixture.numbers(in: journal, from: sequence) == Array(Int(sequence)..<20))
    }

    @Test func replayStopsWhenTheVisitorHasEnough() throws {
        let journal = try fixture.open()
        _ = try fixture.write(groups: [3, 3], to: journal)
        var seen: [UInt64] = []
        try journal.replay { frame in
            seen.append(frame.sequence)
            return frame.sequence < 3
        }
        #expect(seen == [0, 1, 2, 3])
    }

    @Test func framesAreNotReadableBeforeTheirCommit() throws {
        let journal = try fixture.open()
        let position = try journal.append(kind: 1, [1, 2, 3])
        #expect(throws: StorageFailure.noFrame(position)) { try journal.read(position) }
        #expect(try fixture.numbers(in: journal).isEmpty)
        try journal.commit()
        #expect(try journal.read(position).payload == [1, 2, 3])
    }

    @Test func discardedFramesLeaveNoTrace() throws {
        let journal = try fixture.open()
        _ = try journal.append(kind: 1, numberedPayload(99))
        journal.discard()
        try journal.commit()
        _ = try fixture.write(groups: [2], to: journal)
        #expect(try fixture.numbers(in: journal) == [0, 1])
    }

    @Test func partsAreJoined() throws {
        let journal = try fixture.open()
        let (left, right): ([UInt8], [UInt8]) = ([1, 2], [3])
        let position = try left.withUnsafeBytes { first in
            try right.withUnsafeBytes { second in
                let none = UnsafeRawBufferPointer(start: nil, count: 0)
                return try journal.append(kind: 9, parts: [first, none, second])
            }
        }
        try journal.commit()
        #expect(try journal.read(position).payload == [1, 2, 3])
    }

    @Test func oneHolderAtATime() throws {
        let journal = try fixture.open()
        #expect(throws: StorageFailure.storeIsInUse(path: JournalFixture.directory)) {
            try fixture.open()
        }
        #expect(throws: StorageFailure.storeIsInUse(path: JournalFixture.directory)) {
            try fixture.check()
        }
        journal.close()
        #expect(try fixture.open().nextSequence == 0)
    }

    @Test func closedJournalsRefuse() throws {
        let journal = try fixture.open()
        journal.close()
        #expect(throws: StorageFailure.suspended) { try journal.append(kind: 1, [1]) }
        #expect(throws: StorageFailure.suspended) { try journal.commit() }
    }

    @Test func framesOverTheLimitAreRefused() throws {
        let journal = try fixture.open()
        let limit = Journal.framePayloadLimitBytes
        let large = [UInt8](repeating: 1, count: limit + 1)
        #expect(throws: StorageFailure.tooLarge(bytes: limit + 1, limit: limit)) {
            try journal.append(kind: 1, large)
        }
        #expect(journal.bufferedBytes == 0)
    }

    @Test func positionsAreSixteenBytes() throws {
        let position = FramePosition(segment: 7, offset: 4160, length: 9)
        var writer = ByteWriter()
        position.write(to: &writer)
        #expect(writer.bytes.count == 16)
        var reader = ByteReader(writer.bytes)
        #expect(try FramePosition(from: &reader) == position)
    }

    @Test func theStoreOfADirectoryCanBeAsked() throws {
        func storeID() throws -> StoreID? {
            try Journal.storeID(
                disk: fixture.disk, directory: JournalFixture.directory, purpose: .records)
        }
        #expect(try storeID() == nil)
        try fixture.open().close()
        #expect(try storeID() == storeA)
    }
}
