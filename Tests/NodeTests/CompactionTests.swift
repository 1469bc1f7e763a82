// Segments that get smaller while the node runs: receipts, payloads and answers stay what they are,
// whatever the disk does.
import Environment
import Foundation
import Node
import Platform
import Primitives
import Records
import Storage
import TestSupport
import Testing

@Suite struct CompactionTests {
    let cast = Cast()

    private func settings(_ rate: UInt64 = 1 << 30) -> NodeSettings {
        var settings = NodeSettings()
        settings.segmentBytes = 16 << 10
        settings.compactionBytesPerSecond = rate
        return settings
    }

    private func opening(_ disk: any Disk & Sendable, _ path: String) -> StoreOpening {
        var opening = StoreOpening(
            disk: disk, path: path, storeID: StoreID([UInt8](repeating: 9, count: 16))!,
            worker: InlineWorker(), name: { _ in nil })
        opening.compactionWorker = InlineWorker()
        return opening
    }

    private func node(
        _ disk: any Disk & Sendable, _ path: String, rate: UInt64 = 1 << 30
    ) throws -> Node {
        try Node(
            genesis: cast.genesis, keys: cast.keys, settings: settings(rate),
            opening: opening(disk, path), clock: cast.clock)
    }

    /// Records one payload in each of so many batches, with time for compression between them; the
    /// numbers of those that were acknowledged.
    private func fill(_ node: Node, _ numbers: ClosedRange<UInt8>) -> [UInt8] {
        var acknowledged: [UInt8] = []
        for number in numbers {
            var submission = cast.submission(run: number, 1)
            submission.payload = payload(number)
            node.submit([submission], owner: cast.ownerID) { outcome in
                guard case .recorded(let recorded) = outcome, recorded.refused.isEmpty else {
                    return
                }
                acknowledged.append(number)
            }
            cast.clock.move(milliseconds: 1_500)
            for _ in 0..<4 {
                node.advance()
                cast.clock.move(milliseconds: 20)
            }
        }
        return acknowledged
    }

    private func rest(_ node: Node) {
        for _ in 0..<200 {
            cast.clock.move(milliseconds: 20)
            node.advance()
        }
    }

    private func payload(_ number: UInt8) -> [UInt8] {
        var chance = SeededGenerator(seed: UInt64(number))
        return chance.bytes(700) + [UInt8](repeating: number, count: 2_000)
    }

    /// Everything that was acknowledged has a receipt that verifies, and its payload.
    private func verify(_ node: Node, _ numbers: [UInt8], _ comment: Comment) throws {
        for number in numbers {
            let run = try #require(
                try node.run(RunID([UInt8](repeating: number, count: 16))!), comment)
            let views = try node.operations(of: run, after: nil, limit: 10).items
            #expect(views.count == 1, comment)
            let view = try #require(views.first, comment)
            guard case .receipt(let receipt) = try node.receipt(view.id) else {
                Issue.record(comment)
                continue
            }
            #expect(throws: Never.self, comment) {
                try receipt.verify(trusted: cast.genesis.digest, payload: payload(number))
            }
            #expect(
                try node.payload(view.record.payloadDigest) == payload(number), comment)
        }
    }

    @Test func segmentsGetSmallerByThemselves() throws {
        let scratch = try ScratchDirectory()
        let node = try node(OSDisk(), scratch.path)
        _ = cast.enroll(node)
        let numbers = fill(node, 1...24)
        rest(node)
        let status = try node.status()
        #expect(status.compaction.segments >= 4)
        #expect(status.compaction.bytesAfter < status.compaction.bytesBefore)
        #expect(status.compaction.waiting == 0 && status.compaction.failures == 0)
        #expect(node.nanosecondsToNextDeadline > Nanoseconds.perSecond / 2, "it rests")
        try verify(node, numbers, "while it runs")
        #expect(numbers.count == 24)
        let onDisk = try ["journal", "payloads"].reduce(UInt64(0)) { sum, part in
            try OSDisk().list(scratch.path + "/" + part).reduce(sum) {
                guard $1.hasSuffix(".segment") else { return $0 }
                let file = try OSDisk().open("\(scratch.path)/\(part)/\($1)", .reading)
                return $0 + file.size
            }
        }
        #expect(status.journalBytes + status.payloadBytes <= onDisk)
        node.close()
        let report = try StoreCheck.run(opening(OSDisk(), scratch.path))
        #expect(report.faults.isEmpty)
        let again = try self.node(OSDisk(), scratch.path)
        rest(again)
        #expect(try again.status().compaction.segments == 0, "nothing is done twice")
        try verify(again, numbers, "after a start")
        again.close()
    }

    @Test func zeroLeavesThem() throws {
        let scratch = try ScratchDirectory()
        let node = try node(OSDisk(), scratch.path, rate: 0)
        _ = cast.enroll(node)
        _ = fill(node, 1...12)
        rest(node)
        #expect(try node.status().compaction == CompactionStatus())
        node.close()
    }

    /// What pruning writes again is compressed again after the next start.
    @Test func prunedSegmentsAreLookedAtAgain() throws {
        let scratch = try ScratchDirectory()
        let first = try node(OSDisk(), scratch.path)
        _ = cast.enroll(first)
        _ = fill(first, 1...12)
        rest(first)
        let young = fill(first, 13...24)
        rest(first)
        first.close()
        let time = Instant(
            nanoseconds: cast.clock.now().nanoseconds - 15 * Nanoseconds.perSecond)
        let report = try StorePrune.run(
            opening(OSDisk(), scratch.path), before: time, scope: .records, clock: cast.clock)
        #expect(report.segments > 0)
        let again = try node(OSDisk(), scratch.path)
        #expect(try again.status().compaction.waiting > 0)
        rest(again)
        #expect(try again.status().compaction.waiting == 0)
        try verify(again, Array(young.suffix(4)), "after pruning")
        again.close()
    }

    /// Each operation of the disk fails once, or is the last before the power goes: what was
    /// acknowledged before and after has receipts that verify.
    @Test(arguments: [MemoryDisk.Fault.fail(5), .fail(28), .crash])
    func everyOperationOfTheDiskMayFail(fault: MemoryDisk.Fault) throws {
        let (first, last) = (UInt8(7), UInt8(8))
        let whole = try ScratchDirectory()
        let measured = MemoryDisk()
        let node = try node(measured, whole.path)
        _ = cast.enroll(node)
        _ = fill(node, 1...(first - 1))
        let start = measured.operationCount
        _ = fill(node, first...last)
        #expect(try node.status().compaction.segments > 1)
        let count = measured.operationCount - start
        node.close()
        var failures: UInt64 = 0
        for number in stride(from: 0, to: count, by: 5) {
            failures += try strike(fault, number, before: first, last)
        }
        if fault != .crash { #expect(failures > 3, "of \(count) operations") }
    }

    /// Lets one operation fail; how many segments could not be compressed by it.
    private func strike(
        _ fault: MemoryDisk.Fault, _ number: Int, before first: UInt8, _ last: UInt8
    ) throws -> UInt64 {
        var failures: UInt64 = 0
        let comment: Comment = "\(fault) at \(number)"
        let scratch = try ScratchDirectory()
        let disk = MemoryDisk(seed: UInt64(number))
        let node = try node(disk, scratch.path)
        _ = cast.enroll(node)
        var acknowledged = fill(node, 1...(first - 1))
        disk.faults[disk.operationCount + number] = fault
        acknowledged += fill(node, first...last)
        if fault != .crash {
            // The disk is well again; what failed is tried again after a minute.
            cast.clock.move(milliseconds: 61_000)
            rest(node)
            acknowledged += fill(node, (last + 1)...(last + 1))
            try verify(node, acknowledged, comment)
            failures = try node.status().compaction.failures
        }
        node.close()
        disk.restart()
        let again = try self.node(disk, scratch.path)
        rest(again)
        try verify(again, acknowledged, comment)
        again.close()
        #expect(try StoreCheck.run(opening(disk, scratch.path)).faults.isEmpty, comment)
        return failures
    }
}
