// A console whose streams a test reads, and one call of the program in this process.
import JSON
import Primitives
import Synchronization

@testable import Command

/// What a command wrote.
final class Transcript: Sendable {
    private let streams = Mutex((out: "", error: ""))

    var out: String { streams.withLock { $0.out } }
    var error: String { streams.withLock { $0.error } }

    func console(isTerminal: Bool = false) -> Console {
        Console(
            write: { text in self.streams.withLock { $0.out += text } },
            writeError: { text in self.streams.withLock { $0.error += text } },
            isTerminal: isTerminal, isErrorTerminal: false, columns: 80)
    }
}

/// How one call of the program ended.
struct Ending {
    let code: ExitCode
    let out: String
    let error: String

    /// The one JSON object on the stream of results.
    var json: JSONValue {
        get throws { try JSONValue(parsing: Array(out.utf8)) }
    }
}

/// Runs the program as `main` does, with captured streams.
func althing(_ words: String..., isTerminal: Bool = false) -> Ending {
    althing(words, isTerminal: isTerminal)
}

func althing(_ words: [String], isTerminal: Bool = false) -> Ending {
    let transcript = Transcript()
    let code = Althing.run(words, console: transcript.console(isTerminal: isTerminal))
    return Ending(code: code, out: transcript.out, error: transcript.error)
}

/// The words of a line as a shell would split it; quotes are not used in our examples.
func words(of line: String) -> [String] { line.split(separator: " ").map(String.init) }

/// A directory for one test, removed when this value goes.
final class TemporaryDirectory {
    let path: String

    init() throws { path = try LocalFiles.makeTemporaryDirectory() }

    deinit { LocalFiles.removeTree(path) }

    func file(_ name: String, _ text: String) throws -> String {
        let path = path + "/" + name
        try LocalFiles.write(Array(text.utf8), to: path)
        return path
    }

    func file(_ name: String) -> String { path + "/" + name }
}
