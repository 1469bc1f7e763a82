// Completion scripts for three shells, made from the declarations of commands.

enum Completions {
    /// Every command with its full path of names, groups before their members.
    static func walk(_ root: Verb) -> [(path: [String], verb: Verb)] {
        var result: [(path: [String], verb: Verb)] = []
        var open: [(path: [String], verb: Verb)] = [([], root)]
        while let next = open.popLast() {
            result.append(next)
            for verb in next.verb.verbs.reversed() {
                open.append((next.path + [verb.name], verb))
            }
        }
        return result
    }

    /// The words that may come next, commands before options.
    private static func words(of verb: Verb) -> [String] {
        verb.verbs.map(\.name) + choices(of: verb.positionals.first?.kind)
            + verb.options.map(\.spelling) + ["--help"]
    }

    private static func choices(of kind: ValueKind?) -> [String] {
        if case .choice(let words) = kind { return words }
        return []
    }

    // MARK: bash

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

    // MARK: zsh

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

    // MARK: fish

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
