// A worker without a thread: every job is done when it is given.
import Environment

public struct InlineWorker: Worker {
    public init() {}
    public func submit(_ job: @escaping @Sendable () -> Void) { job() }
    public func wait() {}
}
