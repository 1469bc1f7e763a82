// Standard output and error, the terminal behind them, and a passphrase from its keyboard.
import CSystem
import Glibc

public enum StandardStreams {
    /// Writes all of `text` to standard output. False where the reader is gone or the disk is full.
    @discardableResult
    public static func out(_ text: String) -> Bool { write(text, to: STDOUT_FILENO) }

    /// Writes all of `text` to standard error.
    @discardableResult
    public static func error(_ text: String) -> Bool { write(text, to: STDERR_FILENO) }

    /// Writes bytes to standard output as they are.
    @discardableResult
    public static func out(_ bytes: [UInt8]) -> Bool { write(bytes, to: STDOUT_FILENO) }

    /// Whether standard output is a terminal.
    public static var isTerminal: Bool { csystem_is_terminal(STDOUT_FILENO) == 1 }

    /// Whether standard error is a terminal.
    public static var isErrorTerminal: Bool { csystem_is_terminal(STDERR_FILENO) == 1 }

    /// Columns of the terminal at standard output; 80 where there is none.
    public static var columns: Int {
        let columns = Int(csystem_terminal_columns(STDOUT_FILENO))
        return columns > 0 ? columns : 80
    }

    /// All of standard input, up to `limitBytes`; nil where it is longer or cannot be read.
    public static func readInput(limitBytes: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = csystem_read(STDIN_FILENO, &piece, piece.count)
            if count == 0 { return bytes }
            if count < 0 || count > limitBytes - bytes.count { return nil }
            bytes.append(contentsOf: piece[0..<count])
        }
    }

    /// Asks at the terminal, even where standard input is a pipe, and reads one line that is not
    /// shown. The caller should overwrite the bytes when done.
    /// - Returns: the bytes before the line's end, at most 1,024.
    /// - Throws: `noTerminal`.
    public static func readPassphrase(_ prompt: String) throws(PlatformFailure) -> [UInt8] {
        let terminal = csystem_open_terminal()
        if terminal < 0 { throw .noTerminal }
        defer { close(terminal) }
        guard csystem_set_echo(terminal, 0) == 0 else { throw .noTerminal }
        defer {
            csystem_set_echo(terminal, 1)
            write("\n", to: terminal)
        }
        write(prompt, to: terminal)
        var line: [UInt8] = []
        line.reserveCapacity(1_024)  // grown once, so that no copy stays behind
        var byte: UInt8 = 0
        while csystem_read(terminal, &byte, 1) == 1, byte != .lineFeed {
            if line.count < 1_024 { line.append(byte) }
        }
        return line
    }

    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        write(Array(text.utf8), to: descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return true }
            return csystem_write_all(descriptor, base, raw.count) == 0
        }
    }
}
