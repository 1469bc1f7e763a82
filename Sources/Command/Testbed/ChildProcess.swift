// Another run of a program: started, signalled, waited for.
import Glibc
import Platform

/// A process that this one started. One thread.
final class ChildProcess {
    let identifier: Int32
    /// The writing end of its standard input: closed by the system when this process ends, however
    /// it ends.
    private let input: Int32
    private var hasEnded = false

    /// Starts `arguments[0]` with what it prints in the file `log`, behind what is there. Nothing
    /// is ever written to its standard input.
    init(_ arguments: [String], log: String) throws(CommandFailure) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw .system(.system(operation: "make a pipe", code: errno))
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        input = ends[1]
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, flags, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var number: pid_t = 0
        let code = posix_spawn(&number, arguments[0], &actions, nil, &words, environ)
        identifier = number
        guard code == 0 else {
            hasEnded = true
            throw .system(.system(operation: "start \(arguments[0])", code: code))
        }
    }

    deinit { close(input) }

    /// Ends it without a word, as a power cut would.
    func kill() {
        signal(SIGKILL)
        wait()
    }

    /// Asks it to end, and waits until it has; `kill` after `nanoseconds`.
    func stop(within nanoseconds: UInt64) {
        signal(SIGTERM)
        let clock = SystemClock()
        let deadline = clock.monotonicNanoseconds() &+ nanoseconds
        while !reap(WNOHANG), clock.monotonicNanoseconds() < deadline { Pause.milliseconds(10) }
        if !hasEnded { kill() }
    }

    private func signal(_ number: Int32) {
        if !hasEnded { _ = Glibc.kill(identifier, number) }
    }

    /// Whether it still runs.
    var isRunning: Bool { !reap(WNOHANG) }

    private func wait() { while !reap(0) {} }

    /// Whether it has ended.
    private func reap(_ options: Int32) -> Bool {
        guard !hasEnded else { return true }
        var status: Int32 = 0
        let found = waitpid(identifier, &status, options)
        hasEnded = found == identifier || (found < 0 && errno == ECHILD)
        return hasEnded
    }
}
