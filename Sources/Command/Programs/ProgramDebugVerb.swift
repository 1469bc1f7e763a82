// `althing program debug`: lines from standard input to the debugger, its lines to the console.
import PVM

enum ProgramDebugVerb {
    private static let commands = Option(
        "commands", OptionValue("FILE", .file), "Lines to obey, in place of standard input.")

    static let verb = Verb("debug", "Steps through a program and shows its memory", debug)
        .discussed(
            "Commands are read line by line: step, continue, break, backtrace, registers, memory, "
                + "list, input, output; help explains them.",
            "Where FILE.sym is there, which program build writes, functions have their names."
        )
        .example("althing program debug counter.pvm --message 5,6")
        .taking(
            ProgramInput.input, ProgramInput.message, ProgramInput.time, ProgramInput.gas,
            ProgramInput.pc, commands, ProgramInput.bare)
        .expecting(ProgramVerbs.file)

    private static let mostBytes = 1 << 20

    private static func debug(_ call: Invocation) throws(CommandFailure) {
        let start = try ProgramInput(call).start(try ProgramVerbs.load(call), call)
        let symbols = try ProgramSymbols.beside(
            try call.required(ProgramVerbs.file), of: try ProgramVerbs.load(call))
        var debugger = Debugger(start, symbols: symbols)
        for line in debugger.greeting { call.console.print(line) }
        if let path = call.text(commands) {
            let bytes = try LocalFiles.read(path, limit: mostBytes)
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
                obey(String(line), &debugger, call)
            }
            return
        }
        while !debugger.hasEnded, let line = readLine() { obey(line, &debugger, call) }
    }

    private static func obey(_ line: String, _ debugger: inout Debugger, _ call: Invocation) {
        guard !debugger.hasEnded else { return }
        for line in debugger.obey(line) { call.console.print(printable(line)) }
    }
}
