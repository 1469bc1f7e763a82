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
        for number in 1...3 as ClosedRange<UInt8> {
            try writer.commit(batch(number), atOnce: false)
        }
        #expect(worker.count == 0, "small ones wait for each other")
        for number in 4...32 as ClosedRange<UInt8> {
            try writer.commit(batch(number), atOnce: false)
        }
        #expect(try keys(index).isEmpty && worker.count == 1, "the worker is woken once")
        try writer.commit(batch(33), atOnce: false)
        #expect(try keys(index) == [1], "one was too many, so one was waited for")
        try writer.commit(batch(34), atOnce: true)
        #expect(try keys(index) == [1, 2])
        try writer.settle(through: 4)
        #expect(try keys(index) == [1, 2, 3, 4])
        #expect(writer.handed == 34)
        try writer.settle()
        #expect(try keys(index) == Array(1...34))
        try writer.settle()
        #expect(worker.count == 0)
        try writer.commit(batch(35), atOnce: true)
        worker.wait()
        #expect(try keys(index).last == 35)
    }

    @Test func bytesAreWaitedForToo() throws {
        let store = try TemporaryStore()
        let (index, worker) = (try store.index(), SteppedWorker())
        let writer = IndexWriter(index, worker: worker)
        func large(_ number: UInt8) -> WriteBatch {
            let batch = batch(number)
            batch.put([200, number], [UInt8](repeating: 1, count: 20 << 20), in: space)
            return batch
        }
        try writer.commit(large(1), atOnce: false)
        #expect(try keys(index).isEmpty, "one alone may be as large as it is")
        try writer.commit(large(2), atOnce: false)
        #expect(try keys(index) == [1, 200])
        try writer.commit(batch(3), atOnce: false)
        #expect(try keys(index) == [1, 200])
        try writer.settle()
        #expect(try keys(index) == [1, 2, 3, 200, 200])
    }
}
