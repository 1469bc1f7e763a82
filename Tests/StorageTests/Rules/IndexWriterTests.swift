// Commits beside the owner: in their order, and who waits for one does not wait for those behind it.
import Environment
import Primitives
import Storage
import Synchronization
import TestSupport
import Testing

/// Does one job each time somebody waits.
private final class SteppedWorker: Worker {
    private let jobs = Mutex<[@Sendable () -> Void]>([])

    var count: Int { jobs.withLock { $0.count } }

    func submit(_ job: @escaping @Sendable () -> Void) { jobs.withLock { $0.append(job) } }

    func wait() {
        let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        job?()
    }
}

@Suite struct IndexWriterTests {
    private let space = KeySpace(40)

    private func batch(_ number: UInt8) -> WriteBatch {
        let batch = WriteBatch()
        batch.put([number], [number], in: space)
        return batch
    }

    private func keys(_ index: Index) throws -> [UInt8] {
        try index.entries(IndexScan(space)).compactMap(\.key.first)
    }

    @Test func whoWaitsForOneDoesNotWaitForAll() throws {
        let store = try TemporaryStore()
        let (index, worker) = (try store.index(), SteppedWorker())
        let writer = IndexWriter(index, worker: worker)
        for number in 1...4 as ClosedRange<UInt8> {
            try writer.commit(batch(number), atOnce: false)
        }
        #expect(worker.count == 0, "small ones wait for each other")
        try writer.commit(batch(5), atOnce: false)
        #expect(try keys(index) == [1], "one was too many, so one was waited for")
        try writer.commit(batch(6), atOnce: true)
        #expect(try keys(index) == [1, 2])
        try writer.settle(through: 4)
        #expect(try keys(index) == [1, 2, 3, 4])
        #expect(writer.handed == 6)
        try writer.settle()
        #expect(try keys(index) == [1, 2, 3, 4, 5, 6])
        try writer.settle()
        #expect(worker.count == 0)
        try writer.commit(batch(7), atOnce: true)
        worker.wait()
        #expect(try keys(index).last == 7)
    }
}
