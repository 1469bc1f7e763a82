// A small journal on a disk in memory, and what tests ask of it.
import Environment
import Primitives
import Storage
import TestSupport

let storeA = StoreID([UInt8](repeating: 0xA1, count: 16))!
let storeB = StoreID([UInt8](repeating: 0xB2, count: 16))!

/// Settings with segments so small that two groups fill one.
func smallSettings(_ segmentBytes: UInt64 = 8 << 10) -> JournalSettings {
    JournalSettings(storeID: storeA, purpose: .records, segmentBytes: segmentBytes)
}

/// The payload every test can tell again: its number and some filling, with zero sectors in the
/// larger ones.
func numberedPayload(_ number: Int) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(UInt64(number))
    let filling = [0, 3, 100, 1500, 5000][number % 5]
    writer.append([UInt8](repeating: number % 2 == 0 ? 0 : 0x5A, count: filling))
    return writer.bytes
}

func number(ofPayload bytes: UnsafeRawBufferPointer) -> Int {
    Int(bytes.loadUnaligned(as: UInt64.self))
}

final class JournalFixture {
    let disk: MemoryDisk
    var settings = smallSettings()
    static let directory = "store/journal"

    init(disk: MemoryDisk = MemoryDisk()) { self.disk = disk }

    func open() throws(StorageFailure) -> Journal {
        try Journal(disk: disk, directory: Self.directory, settings: settings)
    }

    func check() throws(StorageFailure) -> JournalReport {
        try Journal.check(disk: disk, directory: Self.directory, settings: settings)
    }

    func path(_ first: UInt64) -> String {
        let digits = (0..<8).map { UInt8(truncatingIfNeeded: first >> UInt64(56 - 8 * $0)) }
        return Self.directory + "/" + Hex.encode(digits) + ".segment"
    }

    /// Commits groups of these sizes, payloads numbered from `start` on.
    func write(
        groups: [Int], from start: Int = 0, to journal: Journal
    ) throws(StorageFailure) -> [FramePosition] {
        var number = start
        var positions: [FramePosition] = []
        for count in groups {
            for _ in 0..<count {
                positions.append(
                    try journal.append(kind: UInt8(number % 7), numberedPayload(number)))
                number += 1
            }
            try journal.commit()
        }
        return positions
    }

    /// The numbers of all payloads in order.
    func numbers(in journal: Journal, from sequence: UInt64 = 0) throws(StorageFailure) -> [Int] {
        var numbers: [Int] = []
        try journal.replay(from: sequence) { frame in
            numbers.append(number(ofPayload: frame.payload))
            return true
        }
        return numbers
    }
}
