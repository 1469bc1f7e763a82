// Commits to the index beside the owner of the journal: what is acknowledged rests on the journal
// alone.
import Environment
import Synchronization

/// Commits batches in order on a worker. Small ones wait for each other, so that the worker is not
/// woken for each.
public final class IndexWriter {
    private let index: Index
    private let worker: any Worker
    private let shared = Shared()

    /// Batches that wait before the worker is woken.
    private static let gathered = 8
    /// Batches that wait at most; who hands over one more waits for them.
    private static let mostWaiting = 64

    /// What two threads share.
    private final class Shared: Sendable {
        struct State {
            var waiting: [WriteBatch] = []
            var isScheduled = false
            /// The failure of a commit.
            var failure: StorageFailure?
        }
        let state = Mutex(State())
    }

    public init(_ index: Index, worker: any Worker) {
        self.index = index
        self.worker = worker
    }

    /// Hands a batch over; the caller does not touch it again.
    /// - Parameter atOnce: whether the worker begins now; otherwise it may wait for more.
    /// - Throws: the failure of an earlier batch; this one is dropped then, and the index must be
    ///   opened again and completed from the journal.
    public func commit(_ batch: sending WriteBatch, atOnce: Bool) throws(StorageFailure) {
        let (count, failure) = shared.state.withLock { state in
            if state.failure == nil { state.waiting.append(batch) }
            return (state.waiting.count, state.failure)
        }
        if let failure { throw failure }
        if count > Self.mostWaiting { return try settle() }
        if atOnce || count >= Self.gathered { schedule() }
    }

    /// Returns when everything handed over can be read.
    public func settle() throws(StorageFailure) {
        schedule()
        worker.wait()
        if let failure = shared.state.withLock({ $0.failure }) { throw failure }
    }

    /// Lets the worker begin, unless it is about to or there is nothing to do.
    private func schedule() {
        let isDue = shared.state.withLock { state in
            guard !state.isScheduled, !state.waiting.isEmpty else { return false }
            state.isScheduled = true
            return true
        }
        guard isDue else { return }
        let (index, shared) = (index, shared)
        worker.submit {
            let batches = shared.state.withLock { state in
                defer { state.waiting = [] }
                state.isScheduled = false
                return state.waiting
            }
            do throws(StorageFailure) {
                for batch in batches { try index.commit(batch) }
            } catch {
                shared.state.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }
}
