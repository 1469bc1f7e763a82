// Journals on failing disks: at every operation a crash, an error, a partial effect; a full disk.
import Environment
import Primitives
import Storage
import TestSupport
import Testing

@Suite struct JournalCrashTests {
    private static let groups = [1, 2, 3, 1, 2, 4]

    /// Operations of the whole workload on a good disk.
    private static func operations() throws -> Int {
        let fixture = JournalFixture()
        _ = try fixture.write(groups: groups, to: fixture.open())
        return fixture.disk.operationCount
    }

    /// Writes until the first failure; returns the groups that were acknowledged.
    private func acknowledgedGroups(_ fixture: JournalFixture) -> Int {
        var done = 0
        do {
            let journal = try fixture.open()
            for count in Self.groups {
                let start = Self.groups[..<done].reduce(0, +)
                _ = try fixture.write(groups: [count], from: start, to: journal)
                done += 1
            }
        } catch {
            return done
        }
        return done
    }

    @Test(arguments: propertySeeds.prefix(16)) func acknowledgedFramesSurviveACrashAnywhere(
        seed: UInt64
    ) throws {
        for operation in 0..<(try Self.operations()) {
            let disk = MemoryDisk(seed: seed)
            disk.faults[operation] = .crash
            let fixture = JournalFixture(disk: disk)
            let done = acknowledgedGroups(fixture)
            disk.restart()
            let comment: Comment = "seed \(seed), operation \(operation)"
            let journal = try fixture.open()
            let found = try fixture.numbers(in: journal)
            let least = Self.groups[..<done].reduce(0, +)
            let most = Self.groups[...min(done, Self.groups.count - 1)].reduce(0, +)
            #expect(found == Array(0..<least) || found == Array(0..<most), comment)
            _ = try fixture.write(groups: [2, 2], from: found.count, to: journal)
            #expect(try fixture.numbers(in: journal) == Array(0..<found.count + 4), comment)
            #expect(try journal.check().faults.isEmpty, comment)
        }
    }

    @Test(arguments: propertySeeds) func crashesDuringRecoveryLoseNothing(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let disk = MemoryDisk(seed: seed)
        let fixture = JournalFixture(disk: disk)
        var acknowledged = 0
        for round in 0..<40 {
            disk.faults[disk.operationCount + Int(chance.next() % 60)] = .crash
            var attempted = acknowledged
            do {
                let journal = try fixture.open()
                attempted = max(acknowledged, Int(journal.nextSequence))
                #expect(Int(journal.nextSequence) >= acknowledged, "seed \(seed), \(round)")
                acknowledged = attempted
                while true {
                    attempted += 2
                    _ = try fixture.write(groups: [2], from: acknowledged, to: journal)
                    acknowledged = attempted
                }
            } catch {
                guard case .disk = error else { throw error }
            }
            disk.restart()
        }
        let found = try fixture.numbers(in: fixture.open())
        #expect(found == Array(0..<found.count), "seed \(seed)")
        #expect(found.count >= acknowledged, "seed \(seed)")
    }

    /// Writes every group once, again after each failure, reopening where the journal asks for it.
    private func writeStubbornly(_ fixture: JournalFixture) throws -> Journal {
        var journal: Journal?
        var written = 0
        for _ in 0..<200 {
            do throws(StorageFailure) {
                let open: Journal
                if let journal { open = journal } else { open = try fixture.open() }
                journal = open
                written = Int(open.nextSequence)
                let group = groupIndex(from: written)
                guard group < Self.groups.count else { return open }
                _ = try fixture.write(groups: [Self.groups[group]], from: written, to: open)
            } catch {
                if journal?.isSuspended == true {
                    journal?.close()
                    journal = nil
                }
            }
        }
        throw StorageFailure.suspended
    }

    private func groupIndex(from frame: Int) -> Int {
        var sum = 0
        return Self.groups.firstIndex { count in
            defer { sum += count }
            return sum == frame
        } ?? Self.groups.count
    }

    @Test(arguments: [5, 28] as [Int32], 1...4) func errorsAnywhereLoseAndDoubleNothing(
        code: Int32, length: Int
    ) throws {
        for operation in 0..<(try Self.operations()) {
            for isPartial in [false, true] {
                let disk = MemoryDisk(seed: UInt64(operation))
                for index in 0..<length {
                    disk.faults[operation + index] = isPartial ? .partial(code) : .fail(code)
                }
                let fixture = JournalFixture(disk: disk)
                let comment: Comment = "operation \(operation), partial \(isPartial)"
                let journal = try writeStubbornly(fixture)
                let total = Self.groups.reduce(0, +)
                #expect(try fixture.numbers(in: journal) == Array(0..<total), comment)
                #expect(try journal.check().faults.isEmpty, comment)
            }
        }
    }

    /// A failed commit that did not suspend the journal is a promise: its frames are never seen.
    @Test(arguments: propertySeeds.prefix(8)) func framesOfAFailedCommitNeverAppear(
        seed: UInt64
    ) throws {
        for operation in 0..<(try Self.operations()) {
            let fixture = JournalFixture(disk: MemoryDisk(seed: seed))
            fixture.disk.faults[operation] = .partial(5)
            guard let journal = try? fixture.open() else { continue }
            var done = 0
            while done < Self.groups.count {
                let start = Self.groups[..<done].reduce(0, +)
                guard
                    (try? fixture.write(groups: [Self.groups[done]], from: start, to: journal))
                        != nil
                else { break }
                done += 1
            }
            if journal.isSuspended { continue }
            fixture.disk.restart()
            let found = try fixture.numbers(in: fixture.open())
            let comment: Comment = "seed \(seed), operation \(operation)"
            #expect(found == Array(0..<Self.groups[..<done].reduce(0, +)), comment)
        }
    }

    /// The process dies with a group written but not synced; what the next one reads must last.
    @Test(arguments: propertySeeds) func whatReopeningFoundSurvivesALossOfPower(
        seed: UInt64
    ) throws {
        let fixture = JournalFixture(disk: MemoryDisk(seed: seed))
        fixture.settings = smallSettings(1 << 20)
        let first = try fixture.open()
        let next = fixture.disk.operationCount
        fixture.disk.faults = [next + 1: .fail(5), next + 2: .fail(5)]
        #expect(throws: StorageFailure.self) { try fixture.write(groups: [3], to: first) }
        #expect(first.isSuspended)
        first.close()
        let second = try fixture.open()
        #expect(second.committedSequence == 3)
        fixture.disk.restart()
        #expect(try fixture.numbers(in: fixture.open()) == [0, 1, 2], "seed \(seed)")
    }

    @Test func writingGoesOnWhenAFullDiskHasRoomAgain() throws {
        let fixture = JournalFixture()
        let journal = try fixture.open()
        fixture.disk.capacityBytes = 30_000
        var written = 0
        var failure: StorageFailure?
        while failure == nil {
            do throws(StorageFailure) {
                _ = try fixture.write(groups: [1], from: written, to: journal)
                written += 1
            } catch {
                failure = error
            }
        }
        guard case .disk(let cause) = failure else {
            Issue.record("not a failure of the disk: \(String(describing: failure))")
            return
        }
        #expect(cause.code == 28)
        #expect(!journal.isSuspended)
        #expect(try fixture.numbers(in: journal) == Array(0..<written))
        fixture.disk.capacityBytes = .max
        _ = try fixture.write(groups: [1, 1, 1], from: written, to: journal)
        #expect(try fixture.numbers(in: journal) == Array(0..<written + 3))
        #expect(try journal.check().faults.isEmpty)
    }

    @Test func aJournalThatCannotBeCutIsSuspended() throws {
        let fixture = JournalFixture()
        fixture.settings = smallSettings(1 << 20)
        let journal = try fixture.open()
        _ = try fixture.write(groups: [1], to: journal)
        let next = fixture.disk.operationCount
        fixture.disk.faults = [next + 1: .partial(5), next + 2: .fail(5)]
        let path = fixture.path(0)
        #expect(throws: StorageFailure.disk(DiskFailure(.sync, path: path, code: 5))) {
            try fixture.write(groups: [1], from: 1, to: journal)
        }
        #expect(journal.isSuspended)
        #expect(throws: StorageFailure.suspended) { try journal.append(kind: 1, [1]) }
        #expect(try fixture.numbers(in: journal) == [0])
    }
}
