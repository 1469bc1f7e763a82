// The walk over a store: silent on a sound one, and exact about what was spoiled.
import Foundation
import Environment
import Ledger
import Node
import Platform
import Primitives
import Records
import Storage
import TestSupport
import Testing

@Suite struct StoreCheckTests {
    let cast = Cast()
    let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    private func opening(_ disk: any Disk & Sendable) -> StoreOpening {
        StoreOpening(
            disk: disk, path: scratch.path, storeID: StoreID([UInt8](repeating: 9, count: 16))!,
                worker: InlineWorker(),
            name: { _ in nil })
    }

    private func filled() throws -> MemoryDisk {
        let disk = MemoryDisk()
        let node = try cast.node(at: scratch.path, disk: disk)
        _ = cast.enroll(node)
        for number in 1...4 as ClosedRange<UInt8> {
            node.submit([cast.submission(number)], owner: cast.ownerID) { _ in }
            cast.clock.move(milliseconds: 600)
            node.advance()
        }
        node.close()
        return disk
    }

    @Test func aSoundStoreHasNoFaults() throws {
        let report = try StoreCheck.run(opening(try filled()))
        #expect(report.faults == [])
        #expect(report.batches == 4 && report.records == 4 && report.operations == 3)
        #expect(report.checkpoints == 3 && report.payloadsElsewhere == 0)
        #expect(report.payloadChunks == 4)
    }

    @Test(arguments: ["journal", "payloads"]) func aFlippedBitIsNamed(part: String) throws {
        let disk = try filled()
        let directory = scratch.path + "/" + part
        let name = try #require(
            try disk.list(directory).first { $0.hasSuffix(".log") || $0.contains("0000") })
        var bytes = try #require(disk.contents(directory + "/" + name))
        bytes[bytes.count / 2] ^= 4
        disk.plant(directory + "/" + name, bytes)
        let report = try StoreCheck.run(opening(disk))
        let fault = try #require(report.faults.first)
        switch fault {
        case .journal(let place): #expect(part == "journal" && place.segment == 0)
        case .payloadJournal(let place): #expect(part == "payloads" && place.segment == 0)
        default: Issue.record("\(fault)")
        }
    }

    @Test func anIndexThatSaysSomethingElseIsNamedAndRebuilt() throws {
        let disk = try filled()
        do {
            let index = try Index(
                path: scratch.path + "/index", storeID: StoreID([UInt8](repeating: 9, count: 16))!)
            let batch = WriteBatch()
            batch.delete([0, 0, 0, 0, 0, 0, 0, 2], in: KeySpace(18))
            try index.commit(batch)
        }
        #expect(try StoreCheck.run(opening(disk)).faults == [.index("batch 2 differs")])
        try StoreRebuild.run(opening(disk))
        #expect(try StoreCheck.run(opening(disk)).faults == [])
        let node = try cast.node(at: scratch.path, disk: disk)
        #expect(try node.batch(2)?.number == 2)
        node.close()
    }
}
