// Jobs in order on a thread beside the caller's.
import Dispatch
import Environment

/// A worker whose jobs run on a thread of the system's pool, one at a time.
public final class ThreadWorker: Worker {
    private let queue: DispatchQueue

    /// - Parameter name: shown by debuggers.
    public init(_ name: String) { queue = DispatchQueue(label: name) }

    public func submit(_ job: @escaping @Sendable () -> Void) { queue.async(execute: job) }

    public func wait() { queue.sync {} }
}
