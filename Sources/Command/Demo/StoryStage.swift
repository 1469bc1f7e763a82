// Where the demonstration's story is told: commands are typed as people type them, in a folder.
import JSON
import Platform
import Primitives

/// One thing that somebody did.
struct StoryStep {
    var sentence: String
    /// The digest of its operation; "" where it was none.
    var operation: String
    /// As it was typed, with `althing` for the program.
    var command: String

    var json: JSONValue {
        .object([
            JSONMember("sentence", .string(sentence)),
            JSONMember("operation", operation.isEmpty ? .null : .string(operation)),
            JSONMember("command", .string(command)),
        ])
    }
}

/// Runs this program again for every command, each a process of its own that speaks to a node.
struct StoryStage {
    /// Where keys and files of the people are, and where commands are typed.
    let folder: String
    let node: String
    /// Whether the commands are printed too.
    let showsCommands: Bool
    let console: Console
    private(set) var steps: [StoryStep] = []

    /// Nanoseconds for one command, and for one that has to wait until it is time.
    private static let patience = 30 * Nanoseconds.perSecond
    private static let passphraseFile = "passphrase"

    init(
        folder: String, node: String, showsCommands: Bool, console: Console
    ) throws(CommandFailure) {
        (self.folder, self.node, self.console) = (folder, node, console)
        self.showsCommands = showsCommands
        try LocalFiles.makeDirectory(folder, isSecret: true)
        try LocalFiles.write(
            Passphrase.development + [0x0A], to: folder + "/" + Self.passphraseFile, isSecret: true)
    }

    /// What makes a command one that a person signs.
    static func signed(_ line: String, by name: String) -> String {
        "\(line) --key \(name).key --passphrase-file \(passphraseFile)"
    }

    /// Something that is no operation, such as making a key.
    @discardableResult
    func prepare(_ line: String) throws(CommandFailure) -> JSONValue {
        show(line)
        return try answer(to: line)
    }

    /// The same where what it prints is for people, or for a file.
    @discardableResult
    func type(_ line: String) throws(CommandFailure) -> String {
        show(line)
        return try words(of: line)
    }

    /// An operation with its sentence.
    ///
    /// - Parameter line: a command that prints JSON with the digest of its operation.
    @discardableResult
    mutating func act(_ sentence: String, _ line: String) throws(CommandFailure) -> JSONValue {
        try act(line) { _ in sentence }
    }

    /// An operation whose sentence tells what came of it.
    @discardableResult
    mutating func act(
        _ line: String, telling sentence: (JSONValue) -> String
    ) throws(CommandFailure) -> JSONValue {
        let line = line + " --node \(node)"
        let answer = try answer(to: line)
        tell(sentence(answer), answer.text("digest"), line)
        return answer
    }

    /// A step that is no operation.
    mutating func type(_ line: String, telling sentence: String) throws(CommandFailure) {
        tell(sentence, "", line)
        _ = try words(of: line)
    }

    /// What must be refused by the ledger; the name of the rule.
    mutating func isRefused(
        _ line: String, telling sentence: (String) -> String
    ) throws(CommandFailure) -> String {
        let line = line + " --node \(node)"
        let (run, complaint) = try run(line)
        let mark = "The ledger refused it: "
        guard run.status == Int32(ExitCode.refused.rawValue),
            let range = complaint.firstRange(of: mark)
        else {
            throw .failed("the story ends: this should have been refused: althing \(line)")
        }
        // A chapter, a dot and a rule.
        let name = complaint[range.upperBound...].prefix { $0.isLetter || $0 == "." }
        let rule = name.split(separator: ".").joined(separator: ".")
        tell(sentence(rule), "", line)
        return rule
    }

    private mutating func tell(_ sentence: String, _ operation: String, _ line: String) {
        let step = StoryStep(
            sentence: sentence, operation: operation, command: "althing " + line)
        steps.append(step)
        let number = String(repeating: " ", count: steps.count < 10 ? 1 : 0) + "\(steps.count)"
        let end = operation.isEmpty ? "" : "  " + console.styled(operation, .dim)
        console.print(console.styled("\(number)  \(sentence)", .bold) + end)
        show(line)
    }

    private func show(_ line: String) {
        guard showsCommands else { return }
        console.print(console.styled("    $ althing " + line, .dim))
    }

    // MARK: Running

    /// What a command that must succeed prints; one that comes too early is typed again.
    private func answer(to line: String) throws(CommandFailure) -> JSONValue {
        let clock = SystemClock()
        let deadline = clock.monotonicNanoseconds() &+ Self.patience
        while true {
            let (run, complaint) = try run(line + " --json")
            if run.status == 0, !run.isLate {
                guard let value = try? JSONValue(parsing: run.output) else {
                    throw .failed("the story ends: no JSON from: althing \(line)")
                }
                return value
            }
            let isEarly = complaint.contains("tooEarly") || complaint.contains("not-checkpointed")
            guard isEarly, clock.monotonicNanoseconds() < deadline else {
                throw .failed("the story ends at: althing \(line)\n\(printable(complaint))")
            }
            Pause.milliseconds(200)
        }
    }

    private func words(of line: String) throws(CommandFailure) -> String {
        let (run, complaint) = try run(line)
        guard run.status == 0 else {
            throw .failed("the story ends at: althing \(line)\n\(printable(complaint))")
        }
        return String(decoding: run.output, as: UTF8.self)
    }

    private func run(_ line: String) throws(CommandFailure) -> (PipedRun, String) {
        let errors = folder + "/.errors"
        let shell = "cd \(Self.quoted(folder)) && umask 077 && \(Self.quoted(Executable.path)) "
            + "\(line) 2>.errors"
        let run = try PipedRun(shell, input: [], within: Self.patience)
        let complaint = (try? LocalFiles.read(errors, limit: 1 << 20)) ?? []
        return (run, String(decoding: complaint, as: UTF8.self))
    }

    /// One word of a shell.
    private static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
    }
}
