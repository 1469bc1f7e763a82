// What only an event loop's own thread touches: descriptors, timers and deferred writes.
import CSystem
import Glibc
import Primitives

/// Something with a descriptor that a loop watches.
protocol EventSource: AnyObject {
    /// Called with the `CSYSTEM_READABLE`, `_WRITABLE` and `_BROKEN` bits that hold.
    func ready(_ events: UInt32)
    /// Called once at the end of a turn after `LoopCore.deferFlush`.
    func flush()
}

/// Watches descriptors, level-triggered, and runs what is due.
final class LoopCore {
    /// Bytes of the buffer all reads of this loop share.
    static let scratchBytes = 256 << 10

    private struct Slot {
        var source: (any EventSource)?
        var generation: UInt32
    }

    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: scratchBytes, alignment: 64)
    let clock = SystemClock()
    /// Monotonic nanoseconds at the start of this turn.
    private(set) var now: UInt64
    var timers = Timers()
    var isStopping = false

    private let epoll: Int32
    private let wake: Int32
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var dirty: [any EventSource] = []
    private let reports = UnsafeMutablePointer<csystem_event>.allocate(
        capacity: Int(CSYSTEM_EVENTS_PER_WAIT))
    private static let wakeTag = UInt64.max

    init(epoll: Int32, wake: Int32) {
        self.epoll = epoll
        self.wake = wake
        now = clock.monotonicNanoseconds()
    }

    deinit {
        scratch.deallocate()
        reports.deallocate()
    }

    /// Starts watching; the tag names the source in later calls. Nil where the kernel refuses.
    func watch(_ descriptor: Int32, _ source: any EventSource, events: UInt32) -> UInt64? {
        let index = freeSlots.popLast() ?? slots.count
        if index == slots.count { slots.append(Slot(source: nil, generation: 0)) }
        let tag = UInt64(slots[index].generation) << 32 | UInt64(index)
        guard csystem_epoll_add(epoll, descriptor, events, tag) == 0 else {
            freeSlots.append(index)
            return nil
        }
        slots[index].source = source
        return tag
    }

    /// Changes what a source waits for.
    func change(_ descriptor: Int32, tag: UInt64, events: UInt32) {
        _ = csystem_epoll_change(epoll, descriptor, events, tag)
    }

    /// Stops watching; reports of this turn still under way for it are dropped.
    func forget(_ descriptor: Int32, tag: UInt64) {
        let index = Int(tag & 0xFFFF_FFFF)
        _ = csystem_epoll_remove(epoll, descriptor)
        slots[index].source = nil
        slots[index].generation &+= 1
        freeSlots.append(index)
    }

    /// Asks for `source.flush()` at the end of this turn: many answers, one system call.
    func deferFlush(_ source: any EventSource) { dirty.append(source) }

    /// Runs until `isStopping`; `drain` runs what other threads have posted.
    func run(drain: () -> Void, hasWork: () -> Bool) {
        csystem_epoll_add(epoll, wake, CSYSTEM_READABLE, Self.wakeTag)
        while !isStopping {
            let count = csystem_epoll_wait(
                epoll, reports, hasWork() ? 0 : waitNanoseconds())
            now = clock.monotonicNanoseconds()
            for index in 0..<max(0, Int(count)) { dispatch(reports[index]) }
            drain()
            while let work = timers.popDue(at: now) { work() }
            flushAll()
        }
    }

    /// Releases every source and timer; the descriptors belong to their owners.
    func releaseAll() {
        slots.removeAll()
        timers = Timers()
        dirty.removeAll()
    }

    private func dispatch(_ report: csystem_event) {
        if report.tag == Self.wakeTag {
            csystem_wake_clear(wake)
            return
        }
        let index = Int(report.tag & 0xFFFF_FFFF)
        guard slots[index].generation == UInt32(report.tag >> 32) else { return }
        slots[index].source?.ready(report.events)
    }

    private func flushAll() {
        var index = 0
        while index < dirty.count {
            dirty[index].flush()
            index += 1
        }
        dirty.removeAll(keepingCapacity: true)
    }

    /// Nanoseconds: a wake that the system refused must not stop a loop for longer.
    private static let longestWait = Nanoseconds.perSecond

    private func waitNanoseconds() -> UInt64 {
        guard let deadline = timers.nextDeadline else { return Self.longestWait }
        let now = clock.monotonicNanoseconds()
        return deadline <= now ? 0 : min(deadline - now, Self.longestWait)
    }
}
