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
    static func words(of verb: Verb) -> [String] {
        verb.verbs.map(\.name) + choices(of: verb.positionals.first?.kind)
            + verb.options.map(\.spelling) + ["--help"]
    }

    static func choices(of kind: ValueKind?) -> [String] {
        if case .choice(let words) = kind { return words }
        return []
    }
}
