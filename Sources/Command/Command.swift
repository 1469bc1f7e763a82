// The door of the one executable: reads its arguments, runs one command, and ends with a status.
//
// `Verbs.swift` lists the commands; each stands in the folder of its noun and declares its options,
// an example and what it does. Parsing, help and completions are made from these declarations.
import Platform

@main
enum Althing {
    static func main() {
        let code = run(Array(CommandLine.arguments.dropFirst()), console: .standard)
        Signals.exitNow(code.rawValue)
    }

    /// Runs one command line.
    ///
    /// - Parameter arguments: without the program's own name.
    /// - Returns: the status for the caller of the process; what went wrong is on the error stream.
    static func run(_ arguments: [String], console: Console) -> ExitCode {
        do {
            switch try Parser(root: Verbs.root).parse(arguments) {
            case .help(let path): console.print(HelpText.page(for: path))
            case .version: console.print("althing \(Version.text)")
            case .run(let body, let parsed):
                try body(Invocation(arguments: parsed, console: console))
            }
            return .ok
        } catch {
            console.complain(error.sentence)
            for line in error.advice { console.complain("  " + line) }
            return error.code
        }
    }
}

/// What this build calls itself.
enum Version {
    static let text = "0.1.0"
    /// The commit this was built from, where the build left it beside the program.
    static let commit: String = {
        let path = Executable.directory + "/althing.commit"
        guard let bytes = try? LocalFiles.read(path, limit: 256) else { return "unknown" }
        return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
    }()
}
