// Commits to the index beside the owner of the journal: what is acknowledged rests on the journal
// alone.
import Environment
import Synchronization

/// Commits batches in order on a worker, one in a job, so that who waits for one does not wait for
/// all. Small ones wait for each other, so that the worker is not woken for each.
public final class IndexWriter {
    private let index: Index
    private let worker: any Worker
    private let shared = Shared()

    /// Batches that wait at most; who hands over one more wakes the worker, and returns when no more
    /// than these wait. Few, since whoever comes next waits as well: urgent records must not wait
    /// for the index of a second of others.
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

        /// The first batch was written, or failed; whether another waits.
        func noteWritten(_ failure: StorageFailure?) -> Bool {
            state.withLock { state in
                if let failure {
                    state.failure = state.failure ?? failure
                    state.waiting = []
                } else if !state.waiting.isEmpty {
                    state.waiting.removeFirst()
                    state.done += 1
                }
                state.isScheduled = !state.waiting.isEmpty
                return state.isScheduled
            }
        }
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
        if atOnce { schedule() }
        if count > Self.mostWaiting { try wait { $0.waiting.count <= Self.mostWaiting } }
    }

    /// How many batches were handed over.
    public var handed: UInt64 { shared.state.withLock { $0.handed } }

    /// Returns when the first `count` batches can be read.
    public func settle(through count: UInt64) throws(StorageFailure) {
        try wait { $0.done >= count }
    }

    /// Returns when everything handed over can be read.
    public func settle() throws(StorageFailure) { try settle(through: handed) }

    /// Lets the worker go on until `isEnough`, which it comes to.
    private func wait(until isEnough: (Shared.State) -> Bool) throws(StorageFailure) {
        while true {
            let (isDone, failure) = shared.state.withLock { (isEnough($0), $0.failure) }
            if let failure { throw failure }
            if isDone { return }
            schedule()
            // Behind the job that runs now, and before the one that follows it.
            worker.wait()
        }
    }

    /// Lets the worker begin, unless it is about to or there is nothing to do.
    private func schedule() {
        let isDue = shared.state.withLock { state in
            guard !state.isScheduled, !state.waiting.isEmpty else { return false }
            state.isScheduled = true
            return true
        }
        if isDue { Self.submit(index, shared, worker) }
    }

    /// Gives the worker the first batch that waits; the job gives it the next.
    private static func submit(_ index: Index, _ shared: Shared, _ worker: any Worker) {
        worker.submit {
            let batch = shared.state.withLock { $0.waiting.first }
            var failure: StorageFailure?
            do throws(StorageFailure) {
                if let batch { try index.commit(batch) }
            } catch { failure = error }
            if shared.noteWritten(failure) { submit(index, shared, worker) }
        }
    }
}
