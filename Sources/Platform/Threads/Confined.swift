// State that belongs to one thread, in a wrapper that may travel between threads.
import Glibc
import Synchronization

/// Remembers which thread owns a loop.
final class ThreadOwnership: Sendable {
    private let owner = Atomic<UInt>(0)

    /// The calling thread becomes the owner.
    func claim() { owner.store(UInt(pthread_self()), ordering: .releasing) }

    /// Whether the calling thread is the owner.
    var isCurrent: Bool { owner.load(ordering: .acquiring) == UInt(pthread_self()) }
}

/// A reference that any thread may carry and only the owning thread may open.
public final class Confined<Value>: @unchecked Sendable {  // reason: every access checks the thread
    private let ownership: ThreadOwnership
    private let storage: Value

    /// Gives `value` to the thread of `loop`, which alone may open it from now on.
    public convenience init(_ value: sending Value, to loop: EventLoop) {
        self.init(value, to: loop.ownership)
    }

    init(_ value: Value, to ownership: ThreadOwnership) {
        storage = value
        self.ownership = ownership
    }

    /// The value; trap on any other thread than the owner, which only our own mistake can cause.
    public var value: Value {
        precondition(ownership.isCurrent, "confined state touched from a foreign thread")
        return storage
    }
}
