// What a simulated disk keeps and loses.
import Environment
import Testing

@testable import Simulation

@Suite struct SimulatedDiskTests {
    private func disk(seed: UInt64 = 1) throws -> (SimulatedDisk, any DiskFile) {
        let disk = SimulatedDisk(chance: Chance(seed: seed, "disk"))
        try disk.createDirectory("d")
        let file = try disk.open("d/f", .creating)
        try disk.syncDirectory("d")
        return (disk, file)
    }

    private func append(_ bytes: [UInt8], to file: any DiskFile) throws {
        try bytes.withUnsafeBytes { try file.append($0) }
    }

    private func contents(_ disk: SimulatedDisk) throws -> [UInt8] {
        let file = try disk.open("d/f", .reading)
        var bytes = [UInt8](repeating: 0, count: Int(file.size))
        let count = try bytes.withUnsafeMutableBytes { try file.read(at: 0, into: $0) }
        return Array(bytes[..<count])
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func whatIsSyncedStaysAndTheRestMayGo(seed: UInt64) throws {
        let (disk, file) = try disk(seed: seed)
        try append([UInt8](repeating: 1, count: 1_000), to: file)
        try file.sync()
        try append([UInt8](repeating: 2, count: 3_000), to: file)
        disk.restart()
        let kept = try contents(disk)
        #expect(kept.count >= 1_000 && kept.count <= 4_000)
        #expect(kept.prefix(1_000).allSatisfy { $0 == 1 })
        #expect(kept.dropFirst(1_000).allSatisfy { $0 == 2 || $0 == 0 })
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func aCutThatWasNotSyncedMayComeBack(seed: UInt64) throws {
        let (disk, file) = try disk(seed: seed)
        try append([UInt8](repeating: 1, count: 2_000), to: file)
        try file.sync()
        try file.truncate(to: 500)
        try append([UInt8](repeating: 3, count: 100), to: file)
        disk.restart()
        let kept = try contents(disk)
        #expect(kept.count >= 600 && kept.count <= 2_000)
        #expect(kept.prefix(500).allSatisfy { $0 == 1 })
    }

    @Test func handlesDieWithThePower() throws {
        let (disk, file) = try disk()
        disk.trouble.operationsUntilPowerLoss = 1
        try append([1], to: file)
        #expect(throws: DiskFailure(.append, path: "d/f", code: 5)) { try append([2], to: file) }
        #expect(disk.isDown)
        #expect(throws: DiskFailure(.list, path: "d", code: 5)) { try disk.list("d") }
        disk.restart()
        #expect(throws: DiskFailure(.sync, path: "d/f", code: 9)) { try file.sync() }
        #expect(try disk.list("d") == ["f"])
    }

    @Test func aFullDiskTakesAPart() throws {
        let (disk, file) = try disk()
        disk.trouble.isFull = true
        #expect(throws: DiskFailure(.append, path: "d/f", code: 28)) {
            try append([UInt8](repeating: 1, count: 100), to: file)
        }
        #expect(file.size < 100)
        #expect(try disk.freeBytes("d") == 0)
    }

    @Test func aMisdirectedWriteIsAcknowledged() throws {
        let (disk, file) = try disk()
        try append([UInt8](repeating: 1, count: 4_096), to: file)
        disk.trouble.misdirectsNext = true
        try append([UInt8](repeating: 2, count: 4_096), to: file)
        let bytes = try contents(disk)
        #expect(bytes.count == 8_192)
        #expect(bytes[..<4_096].allSatisfy { $0 == 2 })
        #expect(bytes[4_096...].allSatisfy { $0 == 0 })
    }

    @Test func abackupHasWhatWasDurableThen() throws {
        let (disk, file) = try disk()
        try append([1], to: file)
        try file.sync()
        let image = disk.image()
        try append([2], to: file)
        try file.sync()
        disk.restore(image)
        #expect(try contents(disk) == [1])
        disk.wipe()
        #expect(throws: DiskFailure.self) { try disk.list("d") }
    }

    @Test func oneBitRots() throws {
        let (disk, file) = try disk()
        #expect(!disk.rot())
        try append([UInt8](repeating: 0, count: 64), to: file)
        try file.sync()
        #expect(disk.rot())
        let ones = try contents(disk).reduce(0) { $0 + $1.nonzeroBitCount }
        #expect(ones == 1)
    }
}
