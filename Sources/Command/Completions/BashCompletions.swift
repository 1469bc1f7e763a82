// Completions for bash: one function with two tables of cases.

extension Completions {
    static func bash(_ root: Verb) -> String {
        let commands = walk(root)
        var text = """
            # Completions of althing for bash.
            _althing() {
                local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
                local path="" index
                for ((index = 1; index < COMP_CWORD; index++)); do
                    case "$path ${COMP_WORDS[index]}" in

            """
        for command in commands where !command.path.isEmpty {
            let name = command.path.joined(separator: " ")
            text += "            \" \(name)\") path=\" \(name)\" ;;\n"
        }
        text += """
                    esac
                done
                case "$path $before" in

            """
        for command in commands { text += bashValues(command.path, command.verb) }
        text += "    esac\n    case \"$path\" in\n"
        for command in commands {
            let path = command.path.map { " " + $0 }.joined()
            let words = words(of: command.verb).joined(separator: " ")
            text += "        \"\(path)\") COMPREPLY=($(compgen -W \"\(words)\" -- \"$word\"))"
            let kind = command.verb.positionals.first?.kind
            if kind == .file || kind == .directory {
                text += "\n            COMPREPLY+=($(compgen -f -- \"$word\"))"
            }
            text += " ;;\n"
        }
        text += """
                esac
            }
            complete -o filenames -F _althing althing

            """
        return text
    }

    /// What may follow an option that takes a value.
    private static func bashValues(_ path: [String], _ verb: Verb) -> String {
        let prefix = path.map { " " + $0 }.joined()
        var text = ""
        for option in verb.options {
            guard let value = option.value else { continue }
            let reply: String
            switch value.kind {
            case .file: reply = "$(compgen -f -- \"$word\")"
            case .directory: reply = "$(compgen -d -- \"$word\")"
            case .choice(let words):
                reply = "$(compgen -W \"\(words.joined(separator: " "))\" -- \"$word\")"
            default: reply = ""
            }
            text += "        \"\(prefix) \(option.spelling)\") COMPREPLY=(\(reply)); return ;;\n"
        }
        return text
    }
}
