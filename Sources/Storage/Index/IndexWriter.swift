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

    /// Batches, and bytes of more than one, that wait at most; who hands over one more wakes the
    /// worker, and returns when no more than these wait. As many as memory allows: a large batch,
    /// that of a checkpoint, is to be written beside what comes next.
    private static let (mostWaiting, mostWaitingBytes) = (32, 32 << 20)
    /// Batches that wait before the worker is woken.
    private static let gathered = 4

    /// What two threads share.
    private final class Shared: Sendable {
        struct State {
            var waiting: [WriteBatch] = []
            /// Bytes of these.
            var bytes = 0
            var isScheduled = false
            /// Batches handed over, and those of them that can be read.
            var handed: UInt64 = 0
            var done: UInt64 = 0
            /// The failure of a commit.
            var failure: StorageFailure?

            /// Whether who hands over one more has to wait.
            var isFull: Bool {
                waiting.count > mostWaiting || waiting.count > 1 && bytes > mostWaitingBytes
            }
        }
        let state = Mutex(State())

        /// The first batch was written, or failed; whether another waits.
        func noteWritten(_ failure: StorageFailure?) -> Bool {
            state.withLock { state in
                if let failure {
                    state.failure = state.failure ?? failure
                    (state.waiting, state.bytes) = ([], 0)
                } else if !state.waiting.isEmpty {
                    state.bytes -= state.waiting.removeFirst().bytes
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
                state.bytes += batch.bytes
                state.waiting.append(batch)
                state.handed += 1
            }
            return (state.waiting.count, state.failure)
        }
        if let failure { throw failure }
        if atOnce || count >= Self.gathered { schedule() }
        try wait { !$0.isFull }
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
