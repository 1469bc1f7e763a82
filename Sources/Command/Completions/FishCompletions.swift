// Completions for fish: one line for each word, with the condition under which it is offered.

extension Completions {
    static func fish(_ root: Verb) -> String {
        var text = """
            # Completions of althing for fish.
            function __althing_at
                set -l words (commandline -opc)
                test "$(string join ' ' -- $words[2..-1])" = "$argv"
            end
            function __althing_in
                set -l words (commandline -opc)
                string match -q -- "$argv*" "$(string join ' ' -- $words[2..-1])"
            end
            complete -c althing -f

            """
        for command in walk(root) {
            let path = command.path.joined(separator: " ")
            for child in command.verb.verbs {
                text += "complete -c althing -n '__althing_at \(path)' -a \(child.name)"
                    + " -d '\(fishQuoted(child.summary))'\n"
            }
            for option in command.verb.options {
                text += fishOption(option, path)
            }
            let kind = command.verb.positionals.first?.kind
            if kind == .file { text += "complete -c althing -n '__althing_in \(path)' -F\n" }
            for word in choices(of: kind) {
                text += "complete -c althing -n '__althing_at \(path)' -a \(word)\n"
            }
        }
        return text
    }

    private static func fishOption(_ option: Option, _ path: String) -> String {
        var line = "complete -c althing -n '__althing_in \(path)' -l \(option.name)"
        if let value = option.value {
            line += " -r"
            switch value.kind {
            case .file: line += " -F"
            case .directory: line += " -a '(__fish_complete_directories)'"
            case .choice(let words): line += " -a '\(words.joined(separator: " "))'"
            default: break
            }
        }
        return line + " -d '\(fishQuoted(option.help))'\n"
    }

    private static func fishQuoted(_ text: String) -> String {
        text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'")
    }
}
