// Waiting, for commands that ask again.
import Glibc

enum Pause {
    /// Blocks this thread; a signal may end it early.
    static func milliseconds(_ count: UInt32) {
        var time = timespec(tv_sec: Int(count / 1_000), tv_nsec: Int(count % 1_000) * 1_000_000)
        nanosleep(&time, nil)
    }
}
