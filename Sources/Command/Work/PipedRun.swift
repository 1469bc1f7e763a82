// One run of a shell command with bytes on its standard input, to its end or its deadline.
import Glibc
import Platform
import Primitives

/// A command line as `/bin/sh` runs it, in a process group of its own.
struct PipedRun {
    /// Its exit status; 128 and the signal where one ended it.
    let status: Int32
    /// What it wrote on standard output.
    let output: [UInt8]
    /// Whether its time was over.
    let isLate: Bool

    /// - Parameters:
    ///   - input: on its standard input.
    ///   - nanoseconds: after which it is killed, with all that it started.
    init(
        _ line: String, input: [UInt8], within nanoseconds: UInt64
    ) throws(CommandFailure) {
        let folder = try LocalFiles.makeTemporaryDirectory()
        defer { LocalFiles.removeTree(folder) }
        try LocalFiles.write(input, to: folder + "/input", isSecret: true)
        let number = try Self.spawn(line, folder)
        let clock = SystemClock()
        let deadline = clock.monotonicNanoseconds().addingReportingOverflow(nanoseconds)
        let end = deadline.overflow ? UInt64.max : deadline.partialValue
        var state: Int32 = 0
        var isLate = false
        while true {
            let found = waitpid(number, &state, WNOHANG)
            if found == number { break }
            guard found == 0 || errno == EINTR else {
                throw .system(.system(operation: "wait for a command", code: errno))
            }
            if !isLate, clock.monotonicNanoseconds() >= end {
                isLate = true
                kill(-number, SIGKILL)
            }
            Pause.milliseconds(5)
        }
        self.isLate = isLate
        let signal = state & 0x7F
        status = signal == 0 ? state >> 8 & 0xFF : 128 + signal
        output = try LocalFiles.read(folder + "/output", limit: Limits.payloadBytes)
    }

    private static func spawn(_ line: String, _ folder: String) throws(CommandFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, folder + "/input", O_RDONLY, 0)
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 1, folder + "/output", flags, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        let arguments = ["/bin/sh", "-c", line]
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var number: pid_t = 0
        let code = posix_spawn(&number, "/bin/sh", &actions, &attributes, &words, environ)
        guard code == 0 else {
            throw .system(.system(operation: "start a command", code: code))
        }
        return number
    }
}
