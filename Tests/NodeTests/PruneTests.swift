// Pruning: old payloads and records go, and everything else is as it was.
import Environment
import Foundation
import Ledger
import Node
import Primitives
import Records
import Replica
import Storage
import TestSupport
import Testing

@Suite struct PruneTests {
    /// A store of twenty batches, ten of them before `cut`, in segments of 24 KiB.
    private final class Story {
        let cast = Cast()
        let scratch: ScratchDirectory
        let disk = MemoryDisk()
        var settings = NodeSettings()
        private(set) var cut = Instant(nanoseconds: 0)
        private(set) var receipts: [Receipt] = []
        private(set) var payloads: [[UInt8]] = []

        init() throws {
            scratch = try ScratchDirectory()
            settings.segmentBytes = 24 << 10
            let node = try node()
            #expect(cast.enroll(node).count == 2)
            for number in 1...20 as ClosedRange<UInt8> {
                if number == 11 { cut = cast.clock.now() }
                node.submit(submissions(number), owner: cast.ownerID) { _ in }
                cast.clock.move(milliseconds: 21)
                node.advance()
                cast.clock.move(milliseconds: 1_500)
                node.advance()
            }
            for number in 1...20 as ClosedRange<UInt64> {
                guard case .receipt(let receipt) = try node.receipt(
                    RecordID(batch: number, row: 1))
                else { continue }
                receipts.append(receipt)
                payloads.append(
                    try #require(try node.payload(receipt.record.payloadDigest)))
            }
            #expect(receipts.count == 20)
            node.close()
        }

        /// The second half repeats what the first half sent first, so that old blocks hold what is
        /// still wanted.
        func submissions(_ number: UInt8) -> [Submission] {
            (0..<12 as Range<UInt8>).map { row in
                var submission = cast.submission(run: number, row + 1)
                var chance = SeededGenerator(
                    seed: UInt64(row == 1 ? number % 10 : number) << 8 | UInt64(row))
                submission.payload = chance.bytes(row == 2 ? 20_000 : 400 + Int(row))
                return submission
            }
        }

        func node() throws -> Node {
            try cast.node(at: scratch.path, disk: disk, settings: settings)
        }

        var opening: StoreOpening {
            StoreOpening(
                disk: disk, path: scratch.path,
                storeID: StoreID([UInt8](repeating: 9, count: 16))!, worker: InlineWorker(),
                name: { _ in nil })
        }

        func prune(_ scope: PruneScope = .records) throws -> PruneReport {
            try StorePrune.run(opening, before: cut, scope: scope, clock: cast.clock)
        }

        var journalBytes: Int {
            ["journal", "payloads"].reduce(0) { sum, part in
                let path = scratch.path + "/" + part
                let names = (try? disk.list(path)) ?? []
                return sum + names.reduce(0) { $0 + (disk.contents("\(path)/\($1)")?.count ?? 0) }
            }
        }

        /// What was handed out verifies, what is left is handed out as before, and what is gone is
        /// said to be gone.
        func expectPruned(_ node: Node, _ name: Comment = "") throws {
            for (index, receipt) in receipts.enumerated() {
                let id = RecordID(batch: UInt64(index + 1), row: 1)
                try receipt.verify(trusted: cast.genesis.digest, payload: payloads[index])
                if index >= 10 {
                    guard case .receipt(let again) = try node.receipt(id) else {
                        Issue.record("no receipt of \(id), \(name)")
                        continue
                    }
                    #expect(again == receipt, name)
                    let payload = try node.payload(receipt.record.payloadDigest)
                    #expect(payload == payloads[index], name)
                    continue
                }
                do {
                    _ = try node.receipt(id)
                    Issue.record("a receipt of \(id), \(name)")
                } catch {
                    guard case .pruned = error else { throw error }
                }
            }
        }
    }

    @Test func oldRecordsGoAndTheRestStays() throws {
        let story = try Story()
        let before = story.journalBytes
        let report = try story.prune()
        #expect(report.through == 10 && report.payloads.chunks > 0)
        #expect((7...10).contains(report.batches) && report.records == 12 * report.batches)
        #expect(report.bytesAfter < report.bytesBefore)
        #expect(story.journalBytes < before * 3 / 4, "\(story.journalBytes) of \(before)")
        #expect(try StoreCheck.run(story.opening).faults == [])
        let node = try story.node()
        try story.expectPruned(node)
        let runs = try node.runs(agent: nil, since: nil, until: nil, after: nil, limit: 30)
        #expect(runs.items.count == 20)
        #expect(runs.items.map { node.isPruned($0) } == (0..<20).map { $0 >= 10 })
        let records = try node.records(agent: nil, after: nil, limit: 100)
        #expect(records.items.count == 100)
        let old = try #require(try node.run(runs.items[19].run))
        #expect(old.records == 12)
        #expect(try node.operations(of: old, after: nil, limit: 9).items.isEmpty)
        #expect(throws: NodeFailure.self) {
            try node.record(run: old.run, operation: story.cast.operation(1))
        }
        node.close()
    }

    @Test func itGoesOnAfterwards() throws {
        let story = try Story()
        _ = try story.prune()
        let node = try story.node()
        var recorded = 0
        for number in 21...24 as ClosedRange<UInt8> {
            node.submit(story.submissions(number), owner: story.cast.ownerID) { outcome in
                if case .recorded(let result) = outcome { recorded += result.recorded }
            }
            story.cast.clock.move(milliseconds: 1_500)
            node.advance()
            node.advance()
        }
        #expect(recorded == 48)
        #expect(try node.status().records == 288)
        node.close()
        #expect(try StoreCheck.run(story.opening).faults == [])
    }

    /// The journals are the truth, pruned as well: state and receipts come out of them again.
    @Test func theIndexIsMadeAgain() throws {
        let story = try Story()
        _ = try story.prune()
        try StoreRebuild.run(story.opening)
        #expect(try StoreCheck.run(story.opening).faults == [])
        let node = try story.node()
        #expect(try node.status().records == 240 && node.status().batches == 20)
        let alpha = AccountID(AgentID(owner: story.cast.ownerID, name: "alpha"))
        #expect(try node.usage(of: alpha).total.records == 240)
        for (index, receipt) in story.receipts.enumerated().dropFirst(10) {
            let id = RecordID(batch: UInt64(index + 1), row: 1)
            guard case .receipt(let again) = try node.receipt(id) else {
                Issue.record("no receipt of \(id)")
                continue
            }
            #expect(again == receipt)
        }
        node.close()
    }

    @Test func payloadsAlone() throws {
        let story = try Story()
        let report = try story.prune(.payloads)
        #expect(report.batches == 0 && report.payloads.chunks > 0)
        let node = try story.node()
        guard case .receipt(let receipt) = try node.receipt(RecordID(batch: 2, row: 1)) else {
            Issue.record("no receipt")
            return
        }
        #expect(receipt == story.receipts[1])
        #expect(node.arePayloadsPruned(ofBatch: 10) && !node.arePayloadsPruned(ofBatch: 11))
        #expect(try node.payload(story.receipts[15].record.payloadDigest) == story.payloads[15])
        node.close()
        #expect(try StoreCheck.run(story.opening).faults == [])
        #expect(try story.prune(.records).batches >= 7)
    }

    /// Receipts, payloads, check, rebuild and prune read through compressed segments.
    @Test func aCompressedStoreIsPruned() throws {
        let story = try Story()
        let before = story.journalBytes
        let report = try StoreCompact.run(story.opening)
        #expect(report.segments >= 2)
        let saved = UInt64(before) - UInt64(story.journalBytes)
        #expect(saved == report.bytesBefore - report.bytesAfter)
        #expect(try StoreCompact.run(story.opening) == CompactReport())
        #expect(try StoreCheck.run(story.opening).faults == [])
        let node = try story.node()
        for (index, receipt) in story.receipts.enumerated() {
            guard case .receipt(let again) = try node.receipt(
                RecordID(batch: UInt64(index + 1), row: 1))
            else { throw NodeFailure.unavailable }
            #expect(again == receipt)
            #expect(try node.payload(receipt.record.payloadDigest) == story.payloads[index])
        }
        let status = try node.status()
        #expect(status.journalBytes + status.payloadBytes == UInt64(story.journalBytes))
        #expect(status.recordsPruned == nil && status.payloadsPruned == nil)
        node.close()
        try StoreRebuild.run(story.opening)
        _ = try story.prune()
        #expect(try StoreCheck.run(story.opening).faults == [])
        _ = try StoreCompact.run(story.opening)
        #expect(try StoreCheck.run(story.opening).faults == [])
        let after = try story.node()
        try story.expectPruned(after)
        let pruned = try after.status()
        #expect(pruned.journalBytes + pruned.payloadBytes == UInt64(story.journalBytes))
        let closed = try #require(pruned.recordsPruned)
        #expect(closed < story.cut && pruned.payloadsPruned == closed)
        after.close()
    }

    @Test func nothingOldNothingDone() throws {
        let story = try Story()
        let report = try StorePrune.run(
            story.opening, before: Instant(nanoseconds: 5), scope: .records,
            clock: story.cast.clock)
        #expect(report == PruneReport())
    }

    /// The power goes at any step: the store opens, what was not old is whole, and pruning again
    /// finishes.
    @Test(arguments: [0, 41]) func aCrashAnywhere(_ phase: Int) throws {
        let measured = try Story()
        let start = measured.disk.operationCount
        _ = try measured.prune()
        let count = measured.disk.operationCount - start
        for step in stride(from: phase, to: count, by: 97) {
            let story = try Story()
            story.disk.faults[story.disk.operationCount + step] = .crash
            #expect(throws: NodeFailure.self) { try story.prune() }
            story.disk.restart()
            let node = try story.node()
            for index in 10..<20 {
                let id = RecordID(batch: UInt64(index + 1), row: 1)
                guard case .receipt(let again) = try node.receipt(id) else {
                    Issue.record("no receipt of \(id), step \(step)")
                    continue
                }
                #expect(again == story.receipts[index], "step \(step)")
                let payload = try node.payload(again.record.payloadDigest)
                #expect(payload == story.payloads[index], "step \(step)")
            }
            node.close()
            _ = try story.prune()
            #expect(try StoreCheck.run(story.opening).faults == [], "step \(step)")
            let after = try story.node()
            try story.expectPruned(after, "step \(step)")
            after.close()
        }
    }
}
