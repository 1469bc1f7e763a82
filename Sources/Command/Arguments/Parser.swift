// From the words of a command line to a command with checked arguments.

/// What a command line asks for.
enum Request: Sendable {
    /// A help page of the command at the end of the path.
    case help([Verb])
    case version
    case run(Verb.Body, ParsedArguments)
}

/// Parses against a tree of commands.
struct Parser {
    let root: Verb

    func parse(_ words: [String]) throws(CommandFailure) -> Request {
        do {
            if words == ["--version"] { return .version }
            return try request(words[...])
        } catch { throw .usage(error) }
    }

    private func request(_ words: ArraySlice<String>) throws(UsageFault) -> Request {
        var path = [root]
        var rest = words
        while let verb = path.last, verb.body == nil {
            guard let word = rest.popFirst() else {
                if path.count == 1 { return .help(path) }
                throw .missingCommand(under: Self.name(of: path))
            }
            if Self.asksForHelp(word) { return .help(path) }
            path.append(try Self.child(word, of: verb, path))
        }
        if let verb = path.last, let body = verb.body {
            return try arguments(rest, of: verb, body, path)
        }
        return .help(path)
    }

    private static func asksForHelp(_ word: String) -> Bool { word == "--help" || word == "-h" }

    /// The full name of the command at the end of `path`.
    static func name(of path: [Verb]) -> String { path.map(\.name).joined(separator: " ") }

    /// The command of that name in a group.
    static func child(_ word: String, of verb: Verb, _ path: [Verb]) throws(UsageFault) -> Verb {
        if let child = verb.verbs.first(where: { $0.name == word }) { return child }
        if word.hasPrefix("-") {
            throw .unknownOption(word, command: name(of: path), suggestion: nil)
        }
        throw .unknownCommand(
            word, under: name(of: path),
            suggestion: Suggestion.nearest(to: word, among: verb.verbs.map(\.name)))
    }

    private func arguments(
        _ words: ArraySlice<String>, of verb: Verb, _ body: @escaping Verb.Body, _ path: [Verb]
    ) throws(UsageFault) -> Request {
        var reading = ArgumentReading(verb: verb, command: Self.name(of: path))
        var rest = words
        while let word = rest.popFirst() {
            if !reading.isPastOptions, Self.asksForHelp(word) { return .help(path) }
            try reading.take(word, &rest)
        }
        return .run(body, try reading.finished())
    }
}

/// The arguments of one command while they are read.
private struct ArgumentReading {
    let verb: Verb
    var parsed: ParsedArguments
    var isPastOptions = false
    private var wordCount = 0
    private var command: String { parsed.command }

    init(verb: Verb, command: String) {
        self.verb = verb
        parsed = ParsedArguments(command: command)
    }

    mutating func take(_ word: String, _ rest: inout ArraySlice<String>) throws(UsageFault) {
        if isPastOptions || !word.hasPrefix("-") || word == "-" { return try take(plain: word) }
        if word == "--" {
            isPastOptions = true
            return
        }
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let spelling = String(parts[0])
        guard let option = verb.options.first(where: {
            $0.spelling == spelling || $0.short == spelling
        }) else {
            let known = verb.options.map(\.spelling) + ["--help"]
            throw .unknownOption(
                spelling, command: command,
                suggestion: Suggestion.nearest(to: spelling, among: known))
        }
        if parsed.has(option), !option.repeats {
            throw .repeatedOption(option.spelling, command: command)
        }
        parsed.add(option, try value(of: option, parts.count == 2 ? String(parts[1]) : nil, &rest))
    }

    private func value(
        of option: Option, _ inline: String?, _ rest: inout ArraySlice<String>
    ) throws(UsageFault) -> String {
        guard let value = option.value else {
            if inline != nil { throw .unexpectedValue(option: option.spelling, command: command) }
            return ""
        }
        guard let text = inline ?? rest.popFirst() else {
            throw .missingValue(option: option.spelling, command: command)
        }
        // A value that looks like an option is more likely one whose value was forgotten.
        if inline == nil, text.hasPrefix("--") {
            throw .missingValue(option: option.spelling, command: command)
        }
        try check(text, value.kind, name: option.spelling)
        return text
    }

    private mutating func take(plain word: String) throws(UsageFault) {
        let isMore = wordCount >= verb.positionals.count
        guard let last = verb.positionals.last, !isMore || last.repeats else {
            throw .excessArgument(word, command: command)
        }
        let positional = isMore ? last : verb.positionals[wordCount]
        try check(word, positional.kind, name: positional.name)
        parsed.add(positional, word)
        wordCount += 1
    }

    private func check(_ text: String, _ kind: ValueKind, name: String) throws(UsageFault) {
        guard let expected = kind.objection(to: text) else { return }
        throw .invalidValue(of: name, found: text, expected: expected, command: command)
    }

    func finished() throws(UsageFault) -> ParsedArguments {
        for option in verb.options where option.isRequired && !parsed.has(option) {
            throw .missingOption(option.spelling, command: command)
        }
        if wordCount < verb.positionals.count, verb.positionals[wordCount].isRequired {
            throw .missingArgument(verb.positionals[wordCount].name, command: command)
        }
        return parsed
    }
}
