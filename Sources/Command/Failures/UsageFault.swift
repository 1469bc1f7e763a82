// What can be wrong with a command line, with the sentence that says so.

/// A fault of the command line. `command` is the full name of the command, e.g. `althing key new`.
enum UsageFault: Error, Hashable, Sendable {
    case unknownCommand(String, under: String, suggestion: String?)
    case missingCommand(under: String)
    case unknownOption(String, command: String, suggestion: String?)
    case missingValue(option: String, command: String)
    case unexpectedValue(option: String, command: String)
    case repeatedOption(String, command: String)
    case invalidValue(of: String, found: String, expected: String, command: String)
    case missingOption(String, command: String)
    case missingArgument(String, command: String)
    case excessArgument(String, command: String)
    case conflictingOptions(String, String, command: String)
}

extension UsageFault {
    var sentence: String {
        switch self {
        case .unknownCommand(let name, let parent, _): "\(parent) has no command \"\(name)\""
        case .missingCommand(let parent): "\(parent) needs a command"
        case .unknownOption(let name, let command, _): "\(command) has no option \(name)"
        case .missingValue(let option, _): "\(option) needs a value"
        case .unexpectedValue(let option, _): "\(option) takes no value"
        case .repeatedOption(let option, _): "\(option) is given twice"
        case .invalidValue(let name, let found, let expected, _):
            "\(name) is \"\(found)\", but must be \(expected)"
        case .missingOption(let option, let command): "\(command) needs \(option)"
        case .missingArgument(let name, let command): "\(command) needs \(name)"
        case .excessArgument(let text, let command): "\(command) does not expect \"\(text)\""
        case .conflictingOptions(let one, let other, _):
            "\(one) and \(other) cannot be given together"
        }
    }

    /// What the user may have meant, and where to read on.
    var advice: [String] {
        switch self {
        case .unknownCommand(_, let parent, let suggestion):
            Self.meant(suggestion) + ["see: \(parent) --help"]
        case .unknownOption(_, let command, let suggestion):
            Self.meant(suggestion) + ["see: \(command) --help"]
        case .missingCommand(let command), .missingValue(_, let command),
            .unexpectedValue(_, let command), .repeatedOption(_, let command),
            .invalidValue(_, _, _, let command), .missingOption(_, let command),
            .missingArgument(_, let command), .excessArgument(_, let command),
            .conflictingOptions(_, _, let command):
            ["see: \(command) --help"]
        }
    }

    private static func meant(_ suggestion: String?) -> [String] {
        suggestion.map { ["did you mean \($0)?"] } ?? []
    }
}
