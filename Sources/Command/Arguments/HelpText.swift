// Help pages, made from the declarations of commands.

enum HelpText {
    /// Columns of a page.
    private static let width = 80

    /// The page of the command at the end of `path`.
    static func page(for path: [Verb]) -> String {
        guard let verb = path.last else { return "" }
        let name = Parser.name(of: path)
        var sections = ["\(verb.summary)."]
        sections += verb.discussion.map { wrap($0, indent: "") }
        sections.append("Usage:\n  " + usage(of: verb, named: name))
        if !verb.verbs.isEmpty {
            sections.append("Commands:\n" + list(verb.verbs.map { ($0.name, $0.summary) }))
        }
        if !verb.positionals.isEmpty {
            sections.append(
                "Arguments:\n" + list(verb.positionals.map { ($0.name, explained($0)) }))
        }
        var options = verb.options.map { (spelled($0), explained($0)) }
        options.append(("--help", "Shows this page."))
        if path.count == 1 { options.append(("--version", "Prints the version.")) }
        sections.append("Options:\n" + list(options))
        let examples = examples(of: verb)
        sections.append(
            (examples.count == 1 ? "Example:\n" : "Examples:\n")
                + examples.map { "  " + $0 }.joined(separator: "\n"))
        return sections.joined(separator: "\n\n")
    }

    /// Those of the command itself; of a group, the first of each of its commands.
    static func examples(of verb: Verb) -> [String] {
        if !verb.examples.isEmpty { return verb.examples }
        return verb.verbs.compactMap { examples(of: $0).first }
    }

    private static func usage(of verb: Verb, named name: String) -> String {
        if verb.body == nil { return name + " COMMAND [OPTIONS]" }
        var words = [name]
        words += verb.options.filter(\.isRequired).map(spelled)
        words += verb.positionals.map {
            ($0.isRequired ? $0.name : "[\($0.name)]") + ($0.repeats ? "..." : "")
        }
        if verb.options.contains(where: { !$0.isRequired }) { words.append("[OPTIONS]") }
        return words.joined(separator: " ")
    }

    private static func spelled(_ option: Option) -> String {
        option.spelling + (option.value.map { " " + $0.name } ?? "")
    }

    private static func explained(_ option: Option) -> String {
        var text = option.help
        switch option.value?.kind {
        case .number(let range, let unit):
            text += " In \(unit), \(range.lowerBound) to \(range.upperBound)."
        case .duration: text += " With its unit: ms, s, m, h or d."
        case .choice(let words): text += " One of \(words.joined(separator: ", "))."
        case .credits: text += " In credits, such as 12 or 0.5."
        default: break
        }
        if option.repeats { text += " May be repeated." }
        if let standard = option.standard { text += " Default: \(standard)." }
        return text
    }

    private static func explained(_ positional: Positional) -> String {
        guard case .choice(let words) = positional.kind else { return positional.help }
        return positional.help + " One of \(words.joined(separator: ", "))."
    }

    private static func list(_ rows: [(name: String, text: String)]) -> String {
        let column = min(28, (rows.map(\.name.count).max() ?? 0) + 4)
        return rows.map { row in
            let indent = String(repeating: " ", count: column)
            let text = wrap(row.text, indent: indent)
            let name = "  " + row.name
            if name.count + 2 > column { return name + "\n" + text }
            return name + text.dropFirst(name.count)
        }.joined(separator: "\n")
    }

    /// Breaks a paragraph into lines.
    static func wrap(_ text: String, indent: String) -> String {
        var lines: [String] = []
        var line = indent
        for word in text.split(separator: " ") {
            if line.count > indent.count, line.count + 1 + word.count > width {
                lines.append(line)
                line = indent
            }
            line += (line.count > indent.count ? " " : "") + word
        }
        lines.append(line)
        return lines.joined(separator: "\n")
    }
}
