// Compressing beside the owner of a journal: what it reads and appends between the steps, and what
// is left where a step fails, the power goes, or it is stopped.
import Environment
import Primitives
import TestSupport
import Testing

@testable import Storage

@Suite struct SegmentCompactorTests {
    /// A journal with sealed segments and what compresses them.
    private struct Story {
        let fixture: JournalFixture
        let journal: Journal
        let compactor: SegmentCompactor
        var positions: [FramePosition]

        init(_ disk: MemoryDisk = MemoryDisk(), groups: Int = 12) throws {
            fixture = JournalFixture(disk: disk)
            fixture.settings = smallSettings(16 << 10)
            journal = try fixture.open()
            positions = try fixture.write(groups: Array(repeating: 3, count: groups), to: journal)
            compactor = SegmentCompactor(journal, on: InlineWorker()) { _, _ in nil }
        }

        /// The outcome of the segment, after as many steps as it takes.
        func compress(_ segment: UInt64) -> CompactionStep.Outcome? {
            while true {
                compactor.begin(segment)
                guard let step = compactor.take(), step.segment == segment else { return nil }
                if case .compressed(let sizes) = step.outcome {
                    journal.take(sizes, ofSegment: segment)
                }
                guard step.outcome == .going else { return step.outcome }
            }
        }

        var hasSecondFile: Bool {
            get throws {
                try fixture.disk.list(JournalFixture.directory).contains {
                    $0.hasSuffix(".compressed")
                }
            }
        }

        func readAll() throws {
            for (number, position) in positions.enumerated() {
                #expect(try journal.read(position).payload == numberedPayload(number))
            }
        }
    }

    /// A handle that was opened before the exchange, reads between all steps, and appends.
    @Test func theOwnerReadsAndAppendsMeanwhile() throws {
        var story = try Story()
        let sealed = story.journal.sealedSegments
        #expect(sealed.count >= 3)
        try story.readAll()
        for segment in sealed.prefix(3) {
            var steps = 0
            var outcome: CompactionStep.Outcome?
            let fixture = story.fixture
            repeat {
                story.compactor.begin(segment)
                outcome = story.compactor.take()?.outcome
                if case .compressed(let sizes)? = outcome {
                    // The owner has not heard of it: its handle still reads the old file.
                    try story.readAll()
                    story.journal.take(sizes, ofSegment: segment)
                    #expect(sizes.after < sizes.before - sizes.before / 20)
                }
                steps += 1
                story.positions += try fixture.write(
                    groups: [1], from: story.positions.count, to: story.journal)
                try story.readAll()
            } while outcome == .going
            guard case .compressed? = outcome else {
                Issue.record("segment \(segment): \(String(describing: outcome))")
                continue
            }
            #expect(steps >= 3, "written, compared and exchanged")
        }
        let files = try story.fixture.disk.list(JournalFixture.directory).filter {
            $0.hasSuffix(".segment")
        }
        let bytes = files.compactMap {
            story.fixture.disk.contents(JournalFixture.directory + "/" + $0)?.count
        }
        #expect(story.journal.storedBytes == bytes.reduce(0) { $0 + UInt64($1) })
        #expect(story.compress(sealed[0]) == .left)
        story.compactor.stop()
        story.journal.close()
        #expect(try story.fixture.check().faults == [])
        let again = try story.fixture.open()
        #expect(try story.fixture.numbers(in: again) == Array(0..<story.positions.count))
        again.close()
    }

    /// Each operation of the disk fails once, in part, or is the last before the power goes.
    @Test(arguments: [MemoryDisk.Fault.fail(28), .fail(5), .partial(5), .crash])
    func everyOperationMayFail(fault: MemoryDisk.Fault) throws {
        let measured = try Story(groups: 4)
        let start = measured.fixture.disk.operationCount
        _ = measured.compress(0)
        let count = measured.fixture.disk.operationCount - start
        #expect(count > 10)
        for number in 0..<count {
            let comment: Comment = "\(fault) at \(number)"
            let disk = MemoryDisk(seed: UInt64(number))
            let story = try Story(disk, groups: 4)
            disk.faults[disk.operationCount + number] = fault
            let outcome = story.compress(0)
            if case .going? = outcome { Issue.record(comment) }
            if fault == .crash {
                disk.restart()
            } else {
                // The fault has passed: the journal goes on, and the next attempt succeeds or has
                // nothing left to do.
                try story.readAll()
                guard let again = story.compress(0) else {
                    Issue.record(comment)
                    continue
                }
                if case .failed = again { Issue.record(comment) }
                #expect(story.journal.isSuspended == false, comment)
                try story.readAll()
                story.journal.close()
            }
            #expect(try story.fixture.check().faults == [], comment)
            let again = try story.fixture.open()
            #expect(try story.fixture.numbers(in: again) == Array(0..<12), comment)
            again.close()
        }
    }

    @Test func aFailureLeavesNoFile() throws {
        let disk = MemoryDisk()
        let story = try Story(disk, groups: 4)
        story.compactor.begin(0)
        #expect(story.compactor.take()?.outcome == .going)
        #expect(try story.hasSecondFile)
        disk.faults[disk.operationCount] = .fail(5)
        story.compactor.begin(0)
        let failure = DiskFailure(.read, path: story.fixture.path(0), code: 5)
        #expect(story.compactor.take()?.outcome == .failed(.disk(failure)))
        #expect(try !story.hasSecondFile)
    }

    @Test func stoppedItLeavesNoFileAndDoesNothingMore() throws {
        let disk = MemoryDisk()
        let story = try Story(disk, groups: 4)
        let image = disk.contents(story.fixture.path(0))
        story.compactor.begin(0)
        #expect(story.compactor.take()?.outcome == .going)
        story.compactor.stop()
        #expect(try !story.hasSecondFile)
        story.compactor.begin(0)
        #expect(story.compactor.take() == nil)
        #expect(disk.contents(story.fixture.path(0)) == image)
    }

    @Test func aDiskThatIsNearlyFullIsLeftAlone() throws {
        let disk = MemoryDisk()
        let story = try Story(disk, groups: 4)
        let size = try #require(disk.contents(story.fixture.path(0))).count
        let used = Int.max - Int(clamping: try disk.freeBytes(JournalFixture.directory))
        disk.capacityBytes = used + 2 * size - 1
        #expect(story.compress(0) == .noRoom)
        disk.capacityBytes = used + 2 * size
        guard case .compressed? = story.compress(0) else {
            Issue.record("there was room")
            return
        }
    }

    @Test func aDamagedSegmentIsNamedAndKept() throws {
        let disk = MemoryDisk()
        let story = try Story(disk, groups: 4)
        var image = try #require(disk.contents(story.fixture.path(0)))
        image[5000] ^= 1
        disk.plant(story.fixture.path(0), image)
        guard case .failed(.damaged(let fault))? = story.compress(0) else {
            Issue.record("the fault was not found")
            return
        }
        #expect(fault.segment == 0)
        #expect(disk.contents(story.fixture.path(0)) == image)
    }
}
