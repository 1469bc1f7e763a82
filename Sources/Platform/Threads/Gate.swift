// A thread waits until another has done something.
import Dispatch

/// Closed at first; opens once and stays open.
public final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    public init() {}

    /// Lets every waiting thread go on, and every later one pass.
    public func open() { semaphore.signal() }

    /// Waits until the gate is open.
    public func wait() {
        semaphore.wait()
        semaphore.signal()
    }

    /// Waits at most `nanoseconds`; whether the gate is open.
    public func wait(nanoseconds: UInt64) -> Bool {
        let span = Int(clamping: nanoseconds)
        guard semaphore.wait(timeout: .now() + .nanoseconds(span)) == .success else { return false }
        semaphore.signal()
        return true
    }
}
