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
    private static let gathered = 3
    /// Batches that wait at most; who hands over one more waits for them. Few, since whoever comes
    /// next waits as well: urgent records must not wait for the index of a second of others.
    private static let mostWaiting = 4

    /// What two threads share.
    private final class Shared: Sendable {
        struct State {
            var waiting: [WriteBatch] = []
            var isScheduled = false
            /// Batches handed over, and those of them that can be read.
            var handed: UInt64 = 0
            var done: UInt64 = 0
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
            if state.failure == nil {
                state.waiting.append(batch)
                state.handed += 1
            }
            return (state.waiting.count, state.failure)
        }
        if let failure { throw failure }
        if count > Self.mostWaiting { return try settle() }
        if atOnce || count >= Self.gathered { schedule() }
    }

    /// How many batches were handed over.
    public var handed: UInt64 { shared.state.withLock { $0.handed } }

    /// Returns when the first `count` batches can be read.
    public func settle(through count: UInt64) throws(StorageFailure) {
        let (done, failure) = shared.state.withLock { ($0.done, $0.failure) }
        if let failure { throw failure }
        if done < count { try settle() }
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
                shared.state.withLock { $0.done += UInt64(batches.count) }
            } catch {
                shared.state.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }
}
