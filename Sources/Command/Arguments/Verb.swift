// The declaration of one command: everything that parsing, help and completions are made from.

/// A command, or a group of commands.
struct Verb: Sendable {
    typealias Body = @Sendable (Invocation) throws(CommandFailure) -> Void

    let name: String
    /// One line without a full stop at its end.
    let summary: String
    /// Paragraphs of the help page, without line breaks inside them.
    private(set) var discussion: [String] = []
    /// Whole command lines, each beginning with `althing`.
    private(set) var examples: [String] = []
    private(set) var options: [Option] = []
    private(set) var positionals: [Positional] = []
    /// The commands of a group.
    private(set) var verbs: [Verb] = []
    /// Nil for a group.
    private(set) var body: Body?

    /// A command that does something.
    init(_ name: String, _ summary: String, _ body: @escaping Body) {
        self.name = name
        self.summary = summary
        self.body = body
    }

    /// A group.
    init(_ name: String, _ summary: String, verbs: [Verb]) {
        self.name = name
        self.summary = summary
        self.verbs = verbs
    }

    func discussed(_ paragraphs: String...) -> Verb {
        var verb = self
        verb.discussion += paragraphs
        return verb
    }

    func example(_ line: String) -> Verb {
        var verb = self
        verb.examples.append(line)
        return verb
    }

    func taking(_ options: Option...) -> Verb {
        var verb = self
        verb.options += options
        return verb
    }

    func expecting(_ positionals: Positional...) -> Verb {
        var verb = self
        verb.positionals += positionals
        return verb
    }
}

/// An option of a command: `--name`, or `--name VALUE`.
struct Option: Hashable, Sendable {
    /// Without the dashes.
    let name: String
    /// What the value is called in help and what it may be; nil for a flag.
    let value: OptionValue?
    let help: String
    private(set) var isRequired = false
    private(set) var repeats = false
    /// A second, short spelling with its dash.
    private(set) var short: String?
    /// What holds where the option is not given; only shown.
    private(set) var standard: String?

    init(_ name: String, _ value: OptionValue? = nil, _ help: String) {
        self.name = name
        self.value = value
        self.help = help
    }

    var required: Option { changed { $0.isRequired = true } }
    var repeatable: Option { changed { $0.repeats = true } }
    func standing(at text: String) -> Option { changed { $0.standard = text } }
    func known(as short: String) -> Option { changed { $0.short = short } }

    private func changed(_ change: (inout Option) -> Void) -> Option {
        var option = self
        change(&option)
        return option
    }

    /// As it is typed.
    var spelling: String { "--" + name }
}

/// The name of an option's value and what it may be.
struct OptionValue: Hashable, Sendable {
    let name: String
    let kind: ValueKind

    init(_ name: String, _ kind: ValueKind) {
        self.name = name
        self.kind = kind
    }
}

/// An argument without a name.
struct Positional: Hashable, Sendable {
    /// In capitals, as help shows it.
    let name: String
    let kind: ValueKind
    let help: String
    private(set) var isRequired = true
    /// Whether all further arguments are of this kind too; only the last may be so.
    private(set) var repeats = false

    init(_ name: String, _ kind: ValueKind, _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }

    var repeatable: Positional {
        var positional = self
        positional.repeats = true
        return positional
    }

    var optional: Positional {
        var positional = self
        positional.isRequired = false
        return positional
    }
}
