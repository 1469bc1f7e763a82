// Commits that are begun on a worker: what is appended meanwhile follows, and a failure takes both.
import Environment
import Primitives
import Storage
import Synchronization
import TestSupport
import Testing

/// Does its jobs when somebody waits for them.
private final class WaitedWorker: Worker {
    private let jobs = Mutex<[@Sendable () -> Void]>([])

    func submit(_ job: @escaping @Sendable () -> Void) { jobs.withLock { $0.append(job) } }

    func wait() {
        let due = jobs.withLock { jobs in
            defer { jobs = [] }
            return jobs
        }
        for job in due { job() }
    }
}

@Suite struct BegunCommitTests {
    let fixture = JournalFixture()
    private let worker = WaitedWorker()

    /// Begins a commit for each group, the last of which is ended too.
    private func write(_ groups: [Int], to journal: Journal) throws -> [FramePosition] {
        var positions: [FramePosition] = []
        for count in groups {
            for _ in 0..<count {
                let number = positions.count
                positions.append(
                    try journal.append(kind: UInt8(number % 7), numberedPayload(number)))
            }
            try journal.beginCommit(on: worker)
        }
        try journal.finishCommit()
        return positions
    }

    @Test(arguments: [8 << 10, 20 << 10, 1 << 20] as [UInt64])
    func framesAreWhereAppendSaid(segmentBytes: UInt64) throws {
        fixture.settings = smallSettings(segmentBytes)
        let journal = try fixture.open()
        let positions = try write([1, 4, 7, 2, 6, 0, 3], to: journal)
        #expect(journal.committedSequence == 23)
        for (number, position) in positions.enumerated() {
            let frame = try journal.read(position)
            #expect(frame.sequence == UInt64(number))
            #expect(frame.payload == numberedPayload(number))
        }
        #expect(try journal.check().faults.isEmpty)
        journal.close()
        #expect(try fixture.numbers(in: fixture.open()) == Array(0..<23))
    }

    @Test func nothingIsCommittedBeforeItIsFinished() throws {
        let journal = try fixture.open()
        _ = try journal.append(kind: 1, numberedPayload(0))
        try journal.beginCommit(on: worker)
        #expect(journal.isCommitting)
        #expect(journal.committedSequence == 0)
        #expect(journal.nextSequence == 1)
        #expect(journal.bufferedBytes == 0)
        _ = try journal.append(kind: 1, numberedPayload(1))
        #expect(journal.nextSequence == 2)
        try journal.commit()
        #expect(!journal.isCommitting)
        #expect(journal.committedSequence == 2)
        #expect(try fixture.numbers(in: journal) == [0, 1])
    }

    @Test func aFailureTakesWhatWasAppendedSince() throws {
        let journal = try fixture.open()
        _ = try fixture.write(groups: [1], to: journal)
        _ = try journal.append(kind: 1, numberedPayload(8))
        try journal.beginCommit(on: worker)
        _ = try journal.append(kind: 1, numberedPayload(9))
        fixture.disk.faults[fixture.disk.operationCount] = .partial(28)
        #expect(throws: StorageFailure.self) { try journal.finishCommit() }
        #expect(journal.bufferedBytes == 0)
        #expect(!journal.isSuspended)
        _ = try fixture.write(groups: [2], from: 1, to: journal)
        #expect(try fixture.numbers(in: journal) == [0, 1, 2])
        #expect(try journal.check().faults.isEmpty)
    }

    @Test(arguments: propertySeeds.prefix(8)) func groupsSurviveACrashInTheirOrder(
        seed: UInt64
    ) throws {
        for operation in 8..<40 {
            let disk = MemoryDisk(seed: seed)
            disk.faults[operation] = .crash
            let fixture = JournalFixture(disk: disk)
            var finished = 0
            do {
                let journal = try fixture.open()
                for number in 0..<12 {
                    _ = try journal.append(kind: 1, numberedPayload(number))
                    try journal.beginCommit(on: worker)
                    finished = number
                }
            } catch is StorageFailure {}
            worker.wait()
            disk.restart()
            let found = try fixture.numbers(in: fixture.open())
            #expect(found == Array(0..<found.count), "seed \(seed), operation \(operation)")
            #expect(found.count >= finished, "seed \(seed), operation \(operation)")
        }
    }
}
