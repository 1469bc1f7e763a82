// This process as the operating system sees it.
import CSystem
import Glibc

public enum Processes {
    /// Memory of this process in bytes.
    public struct Memory: Hashable, Sendable {
        /// In RAM now.
        public var residentBytes: UInt64
        /// The most that was ever in RAM.
        public var peakBytes: UInt64
    }

    /// From `/proc/self/status`; zeros where that cannot be read.
    public static var memory: Memory {
        let text = SystemFile.read("/proc/self/status") ?? ""
        return Memory(
            residentBytes: SystemFile.bytes("VmRSS", in: text) ?? 0,
            peakBytes: SystemFile.bytes("VmHWM", in: text) ?? 0)
    }

    /// Makes `peakBytes` what is in RAM now, where the system allows it (proc(5), clear_refs).
    public static func forgetPeakMemory() {
        let file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, "5", 1)
        close(file)
    }

    /// User and system time of this process so far, in nanoseconds.
    public static var cpuNanoseconds: UInt64 { nanoseconds(of: CLOCK_PROCESS_CPUTIME_ID) }

    /// User and system time of this thread so far, in nanoseconds.
    public static var threadNanoseconds: UInt64 { nanoseconds(of: CLOCK_THREAD_CPUTIME_ID) }

    /// User and system time of another process so far, in steps of the kernel's clock; 0 where it
    /// is gone. From `/proc/PID/stat` (proc(5)).
    public static func cpuNanoseconds(of identifier: Int32) -> UInt64 {
        guard let text = SystemFile.read("/proc/\(identifier)/stat"),
            let end = text.lastIndex(of: ")")
        else { return 0 }
        // The fields behind the name, which may hold blanks, begin with the third.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = UInt64(fields[11]), let system = UInt64(fields[12])
        else { return 0 }
        let ticks = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        return (user &+ system) &* (1_000_000_000 / ticks)
    }

    private static func nanoseconds(of clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(max(0, time.tv_sec)) &* 1_000_000_000 &+ UInt64(max(0, time.tv_nsec))
    }

    /// Raises the limit of open files to its hard limit and returns it; 0 where that is refused.
    @discardableResult
    public static func raiseFileLimit() -> Int { max(0, csystem_raise_file_limit()) }

    public static var identifier: Int32 { getpid() }
}
