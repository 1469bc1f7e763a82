// Waiting, for commands that ask again.
import Glibc

enum Pause {
    /// Blocks this thread; a signal may end it early.
    static func milliseconds(_ count: UInt32) { nanoseconds(UInt64(count) * 1_000_000) }

    /// Blocks this thread; a signal may end it early.
    static func nanoseconds(_ count: UInt64) {
        var time = timespec(
            tv_sec: Int(clamping: count / 1_000_000_000), tv_nsec: Int(count % 1_000_000_000))
        nanosleep(&time, nil)
    }
}
