// Work that may go on beside its owner, in order.

/// Runs jobs one after the other, on a thread of its own or, in a simulation, at once.
public protocol Worker: Sendable {
    /// Starts `job` when the jobs before it have ended.
    func submit(_ job: @escaping @Sendable () -> Void)

    /// Returns when every job submitted so far has ended. Not from a job.
    func wait()
}
