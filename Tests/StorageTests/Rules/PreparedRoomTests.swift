// Room that is made ready behind the end of a journal on the real disk: used, cut off, never torn.
import Environment
import Platform
import Primitives
import Storage
import Testing

@Suite struct PreparedRoomTests {
    private func fileSize(_ store: TemporaryStore) throws -> UInt64 {
        let path = store.path + "/journal\(JournalPurpose.payloads.rawValue)"
        let name = try #require(try store.disk.list(path).last { $0.hasSuffix(".segment") })
        return try store.disk.open(path + "/" + name, .reading).size
    }

    private func append(_ numbers: Range<Int>, to journal: Journal) throws {
        for number in numbers {
            _ = try journal.append(kind: 1, numberedPayload(number))
            try journal.commit()
        }
    }

    private func numbers(in journal: Journal) throws -> [Int] {
        var numbers: [Int] = []
        try journal.replay {
            numbers.append(number(ofPayload: $0.payload))
            return true
        }
        return numbers
    }

    @Test func aStopWithoutEndLeavesZerosThatAreNoTornCommit() throws {
        let store = try TemporaryStore()
        var stored: UInt64 = 0
        do {
            let journal = try store.journal()
            try append(0..<5, to: journal)
            stored = journal.storedBytes
            #expect(try fileSize(store) > stored)
            #expect(try numbers(in: journal) == Array(0..<5))
        }
        #expect(try fileSize(store) > stored)
        let journal = try store.journal()
        #expect(journal.recovery == JournalRecovery())
        #expect(try fileSize(store) == stored)
        try append(5..<9, to: journal)
        #expect(try numbers(in: journal) == Array(0..<9))
    }

    @Test func anOrderlyEndLeavesNone() throws {
        let store = try TemporaryStore()
        let journal = try store.journal()
        try append(0..<3, to: journal)
        let stored = journal.storedBytes
        journal.close()
        #expect(try fileSize(store) == stored)
    }

    @Test func sealedSegmentsEndInTheirSeals() throws {
        let store = try TemporaryStore()
        let journal = try store.journal()
        let large = [UInt8](repeating: 7, count: 60 << 10)
        for _ in 0..<40 {
            _ = try journal.append(kind: 1, large)
            try journal.commit()
        }
        let report = try journal.check()
        #expect(report.faults == [] && report.tornBytes == 0)
        #expect(report.segments == 3 && report.frames == 40)
    }

    @Test func bytesBehindTheZerosAreATornCommit() throws {
        let store = try TemporaryStore()
        do {
            let journal = try store.journal()
            try append(0..<2, to: journal)
        }
        let path = store.path + "/journal\(JournalPurpose.payloads.rawValue)"
        let name = try #require(try store.disk.list(path).last { $0.hasSuffix(".segment") })
        let file = try store.disk.open(path + "/" + name, .appending)
        try [UInt8](repeating: 9, count: 100).withUnsafeBytes { try file.append($0) }
        file.close()
        let journal = try store.journal()
        #expect(journal.recovery.tornBytes > 100)
        #expect(try numbers(in: journal) == [0, 1])
    }
}
