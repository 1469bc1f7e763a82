// Being asked to end: SIGTERM and SIGINT as calls on a thread of their own.
import CSystem
import Glibc

public enum Signals {
    /// Calls `body` with the number of each SIGTERM or SIGINT from now on; the process no longer
    /// ends by them. Once per process: a later call takes the signals over from an earlier one.
    public static func onTermination(
        _ body: @escaping @Sendable (Int32) -> Void
    ) throws(PlatformFailure) {
        let pipe = try PlatformFailure.check(csystem_catch_termination(), "catch signals")
        let thread = try OSThread.start("signals") {
            var number: UInt8 = 0
            while csystem_read(pipe, &number, 1) == 1 { body(Int32(number)) }
        }
        thread.detach()
    }

    /// Ends the process at once with `status`, without running what is registered for its exit.
    public static func exitNow(_ status: Int32) -> Never { _exit(status) }
}
