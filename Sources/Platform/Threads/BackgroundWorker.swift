// Jobs in order on a thread that gives way to every other.
import CSystem
import Dispatch
import Environment
import Synchronization

/// A worker with a thread of its own, which has the lowest priority of processor and disk: it gets
/// what is left. The thread ends with the last reference.
public final class BackgroundWorker: Worker {
    private let jobs: Jobs

    /// What the thread holds of it.
    private final class Jobs: Sendable {
        private let waiting = Mutex<[@Sendable () -> Void]>([])
        private let count = DispatchSemaphore(value: 0)

        func append(_ job: @escaping @Sendable () -> Void) {
            waiting.withLock { $0.append(job) }
            count.signal()
        }

        /// Without a job: the last.
        func end() { count.signal() }

        func runAll() {
            csystem_lower_thread()
            while true {
                count.wait()
                let job = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                guard let job else { return }
                job()
            }
        }
    }

    /// Starts the thread.
    ///
    /// - Parameter name: shown by debuggers; 15 bytes are kept.
    /// - Throws: `system` where the machine has no thread left.
    public init(_ name: String) throws(PlatformFailure) {
        let jobs = Jobs()
        self.jobs = jobs
        try OSThread.start(name) { jobs.runAll() }.detach()
    }

    deinit { jobs.end() }

    public func submit(_ job: @escaping @Sendable () -> Void) { jobs.append(job) }

    /// Not from a job.
    public func wait() {
        let gate = Gate()
        jobs.append { gate.open() }
        gate.wait()
    }
}
