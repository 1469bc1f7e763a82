// A node on a disk that fails at every possible operation: what it acknowledged is there, and
// nothing is half recorded.
import Foundation
import Ledger
import Node
import Primitives
import Records
import Storage
import TestSupport
import Testing

@Suite struct NodeFaultTests {
    let cast = Cast()

    /// Acknowledged operations of a session in which `fault` strikes operation `number` of the
    /// disk.
    private func session(
        _ disk: MemoryDisk, at path: String, fault: MemoryDisk.Fault, number: Int
    ) -> (acknowledged: Set<OperationID>, struck: Bool) {
        var acknowledged: Set<OperationID> = []
        disk.faults[disk.operationCount + number] = fault
        let end = disk.operationCount + number
        guard let node = try? cast.node(at: path, disk: disk) else { return ([], true) }
        _ = cast.enroll(node)
        for number in 1...6 as ClosedRange<UInt8> {
            let submissions = [cast.submission(number), cast.submission(100 + number)]
            node.submit(submissions, owner: cast.ownerID) { outcome in
                guard case .recorded(let recorded) = outcome else { return }
                let refused = Set(recorded.refused.map(\.index))
                for index in submissions.indices where !refused.contains(index) {
                    acknowledged.insert(submissions[index].operation)
                }
            }
            cast.clock.move(milliseconds: number == 3 ? 1200 : 21)
            node.advance()
        }
        node.close()
        return (acknowledged, disk.operationCount > end)
    }

    /// What is there after the disk recovered; also holds the whole store against the rules.
    private func survivors(_ disk: MemoryDisk, at path: String) throws -> [OperationID] {
        let node = try cast.node(at: path, disk: disk)
        let run = try node.run(RunID([UInt8](repeating: 1, count: 16))!)
        let operations = try run.map { try node.operations(of: $0, after: nil, limit: 100).items }?
            .map(\.record.operation) ?? []
        node.close()
        let report = try StoreCheck.run(
            StoreOpening(
                disk: disk, path: path, storeID: StoreID([UInt8](repeating: 9, count: 16))!,
                worker: InlineWorker(),
                name: { _ in nil }))
        #expect(report.faults.isEmpty)
        return operations
    }

    @Test(arguments: [
        MemoryDisk.Fault.fail(28), .fail(5), .partial(28), .partial(5), .crash,
    ])
    func everyOperationOfTheDiskMayFail(fault: MemoryDisk.Fault) throws {
        // Every operation for a full disk; for each other fault one in three, which keeps the test
        // short.
        let step = fault == .fail(28) ? 1 : 3
        for number in stride(from: 0, to: 400, by: step) {
            let scratch = try ScratchDirectory()
            let disk = MemoryDisk(seed: UInt64(number))
            let (acknowledged, struck) = session(
                disk, at: scratch.path, fault: fault, number: number)
            disk.restart()
            let found = try survivors(disk, at: scratch.path)
            #expect(Set(found).count == found.count, "\(fault) at \(number): recorded twice")
            #expect(
                acknowledged.isSubset(of: found), "\(fault) at \(number): an answer was not kept")
            if !struck { return }
        }
        Issue.record("the session never got past its faults")
    }

    @Test func aDiskThatRecoversIsUsedAgain() throws {
        let scratch = try ScratchDirectory()
        let disk = MemoryDisk()
        let node = try cast.node(at: scratch.path, disk: disk)
        _ = cast.enroll(node)
        var outcomes: [SubmissionOutcome] = []
        disk.capacityBytes = 0
        node.submit([cast.submission(1)], owner: cast.ownerID) { outcomes.append($0) }
        cast.clock.move(milliseconds: 21)
        node.advance()
        guard case .storageFailed = try #require(outcomes.last) else {
            Issue.record("a full disk was not noticed")
            return
        }
        #expect(!node.isWritable)
        disk.capacityBytes = .max
        cast.clock.move(milliseconds: 1000)
        node.submit([cast.submission(1)], owner: cast.ownerID) { outcomes.append($0) }
        cast.clock.move(milliseconds: 21)
        node.advance()
        guard case .recorded(let recorded) = try #require(outcomes.last) else {
            Issue.record("the disk was not used again")
            return
        }
        #expect(recorded.recorded == 1 && node.isWritable)
        node.close()
    }
}
