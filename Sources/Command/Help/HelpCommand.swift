// `althing help` and `althing completions`: what there is to say about the commands themselves.
import JSON

enum HelpCommand {
    private static let topic = Positional(
        "COMMAND", .text, "The command, or exit-codes.").optional
    private static let second = Positional(
        "SUBCOMMAND", .text, "The command of a group.").optional
    private static let shell = Positional(
        "SHELL", .choice(["bash", "zsh", "fish"]), "The shell.")

    static let verb = Verb("help", "Explains a command, or the exit codes", explain)
        .example("althing help receipt verify")
        .example("althing help exit-codes")
        .expecting(topic, second)

    static let completions = Verb("completions", "Prints completions for a shell", complete)
        .discussed(
            "Load the output in your shell's start file: for bash, source <(althing "
                + "completions bash); for zsh, write it to a file named _althing in a "
                + "directory of fpath; for fish, write it to "
                + "~/.config/fish/completions/althing.fish."
        )
        .example("althing completions bash")
        .expecting(shell)

    private static func explain(_ call: Invocation) throws(CommandFailure) {
        guard let first = call.word(topic) else {
            return call.console.print(HelpText.page(for: [Verbs.root]))
        }
        if first == "exit-codes" { return call.console.print(exitCodes) }
        var path = [Verbs.root]
        do {
            for word in [first, call.word(second)].compactMap(\.self) {
                guard let verb = path.last, verb.body == nil else {
                    throw UsageFault.excessArgument(word, command: call.arguments.command)
                }
                path.append(try Parser.child(word, of: verb, path))
            }
        } catch let fault as UsageFault {
            throw .usage(fault)
        } catch { throw .failed("\(error)") }
        call.console.print(HelpText.page(for: path))
    }

    private static var exitCodes: String {
        var facts = Facts()
        for code in ExitCode.allCases { facts.add("\(code.rawValue)", code.meaning) }
        return "How a command ends, for scripts:\n" + facts.text
    }

    private static func complete(_ call: Invocation) throws(CommandFailure) {
        switch try call.required(shell) {
        case "zsh": call.console.write(Completions.zsh(Verbs.root))
        case "fish": call.console.write(Completions.fish(Verbs.root))
        default: call.console.write(Completions.bash(Verbs.root))
        }
    }
}
