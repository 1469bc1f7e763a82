// Commits to the index beside the owner of the journal: what is acknowledged rests on the journal
// alone.
import Environment
import Synchronization

/// Commits batches in order on a worker, at most one ahead of its caller.
public final class IndexWriter {
    private let index: Index
    private let worker: any Worker
    private let outcome = Outcome()

    /// The failure of a commit under way, passed between two threads.
    private final class Outcome: Sendable {
        let failure = Mutex<StorageFailure?>(nil)
    }

    public init(_ index: Index, worker: any Worker) {
        self.index = index
        self.worker = worker
    }

    /// Hands a batch over; the caller does not touch it again. Waits for the batch before.
    /// - Throws: the failure of an earlier batch; this one is dropped then, and the index must be
    ///   opened again and completed from the journal.
    public func commit(_ batch: WriteBatch) throws(StorageFailure) {
        try settle()
        let (index, outcome) = (index, outcome)
        worker.submit {
            do throws(StorageFailure) {
                try index.commit(batch)
            } catch {
                outcome.failure.withLock { $0 = error }
            }
        }
    }

    /// Returns when everything handed over can be read.
    public func settle() throws(StorageFailure) {
        worker.wait()
        if let failure = outcome.failure.withLock({ $0 }) { throw failure }
    }
}
