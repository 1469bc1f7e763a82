// What a command is given: its checked arguments and the console.

/// Arguments that were checked against the declarations of their command.
struct ParsedArguments: Sendable {
    fileprivate var values: [(option: Option, text: String)] = []
    fileprivate var words: [(positional: Positional, text: String)] = []
    /// The full name of the command, e.g. `althing key new`.
    let command: String

    init(command: String) { self.command = command }

    mutating func add(_ option: Option, _ text: String) { values.append((option, text)) }
    mutating func add(_ positional: Positional, _ text: String) {
        words.append((positional, text))
    }

    func has(_ option: Option) -> Bool { values.contains { $0.option.name == option.name } }
}

/// One call of a command.
struct Invocation: Sendable {
    let arguments: ParsedArguments
    let console: Console

    /// Whether the option is given.
    func has(_ option: Option) -> Bool { arguments.has(option) }

    /// The text of the option, nil where it is not given.
    func text(_ option: Option) -> String? { texts(option).first }

    /// The text of each time the option is given.
    func texts(_ option: Option) -> [String] {
        arguments.values.filter { $0.option.name == option.name }.map(\.text)
    }

    /// The number of the option, nil where it is not given.
    func number(_ option: Option) -> UInt64? { text(option).flatMap(ValueKind.number) }

    /// The nanoseconds of an option that is a time, nil where it is not given.
    func nanoseconds(_ option: Option) -> UInt64? { text(option).flatMap(ValueKind.duration) }

    /// The text of an option that is required or has the standard value `fallback`.
    func text(_ option: Option, or fallback: String) -> String { text(option) ?? fallback }

    /// The argument, nil where it is optional and not given.
    func word(_ positional: Positional) -> String? {
        arguments.words.first { $0.positional.name == positional.name }?.text
    }

    /// All arguments of a kind that may be given more than once.
    func words(_ positional: Positional) -> [String] {
        arguments.words.filter { $0.positional.name == positional.name }.map(\.text)
    }

    /// The text of a required option; the parser has seen to it that it is there.
    func required(_ option: Option) throws(CommandFailure) -> String {
        guard let text = text(option) else {
            throw .usage(.missingOption(option.spelling, command: arguments.command))
        }
        return text
    }

    /// The text of a required argument; the parser has seen to it that it is there.
    func required(_ positional: Positional) throws(CommandFailure) -> String {
        guard let text = word(positional) else {
            throw .usage(.missingArgument(positional.name, command: arguments.command))
        }
        return text
    }

    /// A usage fault of a value that parsing cannot judge.
    func invalid(_ name: String, _ found: String, expected: String) -> CommandFailure {
        .usage(
            .invalidValue(of: name, found: found, expected: expected, command: arguments.command))
    }

    /// Refuses two options that contradict each other.
    func exclude(_ one: Option, _ other: Option) throws(CommandFailure) {
        guard has(one), has(other) else { return }
        throw .usage(
            .conflictingOptions(one.spelling, other.spelling, command: arguments.command))
    }
}
