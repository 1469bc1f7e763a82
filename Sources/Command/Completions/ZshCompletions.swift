// Completions for zsh: one function for each command, in the terms of _arguments and _describe.

extension Completions {
    static func zsh(_ root: Verb) -> String {
        var text = "#compdef althing\n# Completions of althing for zsh.\n"
        for command in walk(root) {
            text += command.verb.body == nil
                ? zshGroup(command.path, command.verb) : zshCommand(command.path, command.verb)
        }
        return text + "compdef _althing althing\n"
    }

    private static func zshName(_ path: [String]) -> String {
        (["_althing"] + path).joined(separator: "_")
    }

    private static func zshGroup(_ path: [String], _ verb: Verb) -> String {
        var text = "\(zshName(path))() {\n    local -a commands\n    commands=(\n"
        for child in verb.verbs {
            text += "        '\(child.name):\(quoted(child.summary))'\n"
        }
        text += """
                )
                if ((CURRENT == 2)); then
                    _describe command commands
                    return
                fi
                local name="${words[2]}"
                shift words
                ((CURRENT--))
                case "$name" in

            """
        for child in verb.verbs {
            text += "        \(child.name)) \(zshName(path + [child.name])) ;;\n"
        }
        return text + "    esac\n}\n"
    }

    private static func zshCommand(_ path: [String], _ verb: Verb) -> String {
        var words: [String] = []
        for option in verb.options {
            let star = option.repeats ? "*" : ""
            let value = option.value.map { ":\($0.name):\(zshAction($0.kind))" } ?? ""
            words.append("'\(star)\(option.spelling)[\(quoted(option.help))]\(value)'")
        }
        words.append("'--help[Shows the help page.]'")
        for positional in verb.positionals {
            words.append("':\(positional.name):\(zshAction(positional.kind))'")
        }
        return "\(zshName(path))() {\n    _arguments \\\n        "
            + words.joined(separator: " \\\n        ") + "\n}\n"
    }

    private static func zshAction(_ kind: ValueKind) -> String {
        switch kind {
        case .file: "_files"
        case .directory: "_files -/"
        case .choice(let words): "(\(words.joined(separator: " ")))"
        default: " "
        }
    }

    /// For single quotes and brackets.
    private static func quoted(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "'": result += "'\\''"
            case "[", "]", ":": result += "\\" + String(character)
            default: result.append(character)
            }
        }
        return result
    }
}
