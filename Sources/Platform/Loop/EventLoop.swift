// One thread with an epoll: readiness, timers, and work posted from other threads.
import CSystem
import Glibc
import Synchronization

/// An event loop on a thread of its own. Every method may be called from any thread.
public final class EventLoop: Sendable {
    let ownership = ThreadOwnership()
    private let name: String
    private let epoll: Int32
    private let wake: Int32
    private let confined: Confined<LoopCore>

    private struct Inbox {
        var work: [@Sendable () -> Void] = []
        /// Work posted to a loop that has ended would hold what it captured for ever.
        var isClosed = false
    }
    private let inbox = Mutex(Inbox())
    private let thread = Mutex<OSThread?>(nil)
    private let lastTimer = Atomic<UInt64>(0)

    /// Opens the descriptors; nothing runs before `start`.
    public init(name: String) throws(PlatformFailure) {
        self.name = name
        epoll = try PlatformFailure.check(csystem_epoll_create(), "epoll_create")
        let wake = csystem_wake_create()
        if wake < 0 { close(epoll) }
        self.wake = try PlatformFailure.check(wake, "eventfd")
        confined = Confined(LoopCore(epoll: epoll, wake: wake), to: ownership)
    }

    deinit {
        close(epoll)
        close(wake)
    }

    /// Starts the thread; a second call does nothing.
    public func start() throws(PlatformFailure) {
        csystem_ignore_broken_pipes()
        try thread.withLock { (thread) throws(PlatformFailure) in
            if thread != nil { return }
            thread = try OSThread.start(name) { [self] in
                ownership.claim()
                core.run(drain: drain, hasWork: hasWork)
                core.releaseAll()
                let dropped = inbox.withLock { inbox in
                    let taken = inbox.work
                    inbox = Inbox(isClosed: true)
                    return taken
                }
                withExtendedLifetime(dropped) {}
            }
        }
    }

    /// Whether the caller is on the loop's thread.
    public var isCurrent: Bool { ownership.isCurrent }

    /// Runs `work` on the loop's thread, in the order of posting; dropped once the loop has
    /// stopped.
    public func post(_ work: @escaping @Sendable () -> Void) {
        let isFirst = inbox.withLock { inbox in
            if inbox.isClosed { return false }
            inbox.work.append(work)
            return inbox.work.count == 1
        }
        // The loop looks into its inbox before it waits: it need not be woken by itself.
        if isFirst, !isCurrent { csystem_wake(wake) }
    }

    /// Runs `work` now where the caller is on the loop's thread, otherwise posts it.
    public func perform(_ work: @escaping @Sendable () -> Void) {
        if isCurrent { work() } else { post(work) }
    }

    /// Runs `work` on the loop's thread, `delay` nanoseconds from now or a little later.
    @discardableResult
    public func schedule(
        afterNanoseconds delay: UInt64, _ work: @escaping @Sendable () -> Void
    ) -> TimerID {
        let id = TimerID(number: lastTimer.add(1, ordering: .relaxed).newValue)
        let (sum, overflow) = SystemClock().monotonicNanoseconds().addingReportingOverflow(delay)
        let deadline = overflow ? UInt64.max : sum
        perform { [self] in core.timers.add(id, at: deadline, work) }
        return id
    }

    /// Forgets scheduled work that has not run yet.
    public func cancel(_ id: TimerID) {
        perform { [self] in core.timers.cancel(id) }
    }

    /// Ends the loop after the turn under way and waits for its thread; not from the loop's own
    /// thread.
    public func stop() {
        precondition(!isCurrent, "a loop cannot wait for itself")
        post { [self] in core.isStopping = true }
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    /// The loop's own state; only on its thread.
    var core: LoopCore { confined.value }

    /// Whether something was posted that was not run yet.
    private func hasWork() -> Bool { inbox.withLock { !$0.work.isEmpty } }

    private func drain() {
        let posted = inbox.withLock { inbox in
            let taken = inbox.work
            inbox.work = []
            return taken
        }
        for work in posted { work() }
    }
}
