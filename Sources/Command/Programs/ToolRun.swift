// One run of another program to its end, with what it printed.
import Glibc

struct ToolRun {
    /// Its exit status; 128 and the signal where one ended it.
    let status: Int32
    /// What it printed, on both streams.
    let output: String

    private static let mostOutputBytes = 1 << 20

    /// Runs `arguments[0]` without standard input.
    ///
    /// - Parameter log: a file that does not exist yet, for what it prints.
    init(_ arguments: [String], log: String) throws(CommandFailure) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var number: pid_t = 0
        let code = posix_spawn(&number, arguments[0], &actions, nil, &words, environ)
        guard code == 0 else {
            throw .system(.system(operation: "start \(arguments[0])", code: code))
        }
        var state: Int32 = 0
        while waitpid(number, &state, 0) < 0 {
            guard errno == EINTR else {
                throw .system(.system(operation: "wait for \(arguments[0])", code: errno))
            }
        }
        let signal = state & 0x7F
        status = signal == 0 ? state >> 8 & 0xFF : 128 + signal
        let bytes = (try? LocalFiles.read(log, limit: Self.mostOutputBytes)) ?? []
        output = String(decoding: bytes, as: UTF8.self)
    }
}
