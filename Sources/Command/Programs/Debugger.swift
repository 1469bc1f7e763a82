// `program debug`: a machine that obeys lines, as a value: a line in, lines out.
import PVM
import Primitives

/// A program that is stepped, stopped and looked into.
struct Debugger {
    private var run: LocalRun
    private let lines: [DisassembledLine]
    private let symbols: ProgramSymbols
    private let calls: CallSites
    private var stack = CallStack()
    /// Indices in the code at which `continue` stops, in order.
    private var breaks: [UInt32] = []
    /// Whether the person asked to leave.
    private(set) var hasEnded = false
    /// The words that went out and were shown.
    private var shownOutput = 0

    private static let mostSteps = 1_000_000
    private static let mostShown = 64
    private static let mostBytes = 4_096

    static let help = [
        "step [COUNT]            takes steps, 1 by default, and shows what each changed",
        "continue                runs to a breakpoint or the end",
        "break INDEX|FUNCTION    stops before the instruction at this index, or a function",
        "delete INDEX|FUNCTION   removes that breakpoint",
        "breaks                  lists the breakpoints",
        "backtrace               shows the calls that have not returned, the last first",
        "registers               shows registers and gas",
        "memory ADDRESS [COUNT]  shows bytes, 64 by default",
        "list [INDEX|FUNCTION]   shows instructions, from the next one by default",
        "input WORDS             adds words that the program can read",
        "output                  shows what the program wrote",
        "help, quit",
    ]

    init(_ run: LocalRun, symbols: ProgramSymbols = .none) {
        (self.run, self.symbols) = (run, symbols)
        lines = Disassembly(run.machine.program).lines
        calls = CallSites(run.machine.program)
    }

    /// What a person sees first.
    var greeting: [String] { [next] }

    /// Obeys one line. An empty line does nothing.
    mutating func obey(_ line: String) -> [String] {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        guard let verb = words.first else { return [] }
        var number = words.count > 1 ? ProgramInput.numbers(words[1])?.first : nil
        if words.count > 1, number == nil {
            // Names of Swift functions have spaces.
            let name = line.drop { $0 == " " }.dropFirst(verb.count).drop { $0 == " " }
            number = symbols.pc(of: String(name)).map { UInt64($0) }
            guard number != nil else { return ["\(name) is no number, and no function"] }
        }
        switch verb {
        case "step", "s": return step(number ?? 1)
        case "continue", "c": return proceed()
        case "break", "b": return set(number, isThere: true)
        case "delete", "d": return set(number, isThere: false)
        case "breaks": return breaks.map { text(at: $0) }
        case "backtrace", "bt": return backtrace
        case "registers", "r": return registers
        case "memory", "m": return memory(number, words.count > 2 ? UInt64(words[2]) : 64)
        case "list", "l": return list(number)
        case "input", "i":
            run.add(ProgramInput.numbers(words.dropFirst().joined(separator: ",")) ?? [])
            return []
        case "output", "o": return ["output " + spelled(run.host?.output ?? [])]
        case "help", "h": return Self.help
        case "quit", "q":
            hasEnded = true
            return []
        default: return ["there is no command \(verb); help lists them"]
        }
    }

    // Running.

    private mutating func step(_ count: UInt64) -> [String] {
        var shown: [String] = []
        for number in 0..<min(count, UInt64(Self.mostSteps)) {
            let (before, place) = (run.machine.registers, run.machine.pc)
            var limit = BreakObserver(nil, stack, calls)
            let end = run.run(observing: &limit)
            stack = limit.stack
            let isLate = number + UInt64(Self.mostShown) < count
            if !isLate { shown.append(text(at: place) + changes(since: before)) }
            if end != nil { return shown + told(end) }
        }
        return shown + told(nil)
    }

    private mutating func proceed() -> [String] {
        var stops = BreakObserver(breaks, stack, calls)
        let end = run.run(observing: &stops)
        stack = stops.stack
        return told(end)
    }

    /// Where the program is now, and what it wrote since it was last told.
    private mutating func told(_ end: RunEnd?) -> [String] {
        let output = run.host?.output ?? []
        let fresh = Array(output[shownOutput...])
        shownOutput = output.count
        let wrote = fresh.isEmpty ? [] : ["wrote " + spelled(fresh)]
        guard let end else { return wrote + [next] }
        return wrote + ["ended: \(end)", next]
    }

    private func changes(since before: [UInt64]) -> String {
        let after = run.machine.registers
        let changed = after.indices.filter { after[$0] != before[$0] }
            .map { " r\($0)=0x" + String(after[$0], radix: 16) }
        return changed.isEmpty ? "" : " ->" + changed.joined()
    }

    private mutating func set(_ number: UInt64?, isThere: Bool) -> [String] {
        guard let number, let pc = UInt32(exactly: number),
            run.machine.program.isInstruction(at: pc)
        else { return ["no instruction begins there; list shows where they do"] }
        breaks.removeAll { $0 == pc }
        if isThere { breaks.append(pc) }
        breaks.sort()
        return []
    }

    // Looking.

    private var next: String { "next " + text(at: run.machine.pc) }

    private func text(at pc: UInt32) -> String {
        "\(pc)\(named(pc)): " + (place(of: pc).map { lines[$0].text } ?? "trap")
    }

    private func named(_ pc: UInt32) -> String {
        let name = symbols.place(pc)
        return name.isEmpty ? "" : " <\(name)>"
    }

    /// Where the program is, then the places that it returns to.
    private var backtrace: [String] {
        let places = [run.machine.pc] + stack.frames.reversed().map(\.site)
        return places.enumerated().map { "#\($0) \($1)\(named($1))" }
    }

    /// The line of the instruction at `pc`.
    private func place(of pc: UInt32) -> Int? {
        var (low, high) = (0, lines.count)
        while low < high {
            let middle = (low + high) / 2
            if lines[middle].pc < Int(pc) { low = middle + 1 } else { high = middle }
        }
        return low < lines.count && lines[low].pc == Int(pc) ? low : nil
    }

    private var registers: [String] {
        run.machine.registers.enumerated().map { "r\($0) 0x" + String($1, radix: 16) }
            + ["gas \(run.machine.gas)"]
    }

    private func list(_ number: UInt64?) -> [String] {
        let pc = number.flatMap { UInt32(exactly: $0) } ?? run.machine.pc
        guard let start = place(of: pc) else { return ["no instruction begins there"] }
        return lines[start...].prefix(10).map { line in
            let mark = breaks.contains(UInt32(line.pc)) ? "!" : line.isBlock ? "*" : " "
            let name = symbols.place(UInt32(line.pc))
            let isEntry = !name.isEmpty && !name.contains("+")
            return "\(mark) \(line.pc)\(isEntry ? " <\(name)>" : ""): \(line.text)"
        }
    }

    private func memory(_ address: UInt64?, _ count: UInt64?) -> [String] {
        guard let address = address.flatMap({ UInt32(exactly: $0) }), let count, count > 0,
            count <= UInt64(Self.mostBytes)
        else { return ["memory ADDRESS [COUNT], COUNT at most \(Self.mostBytes)"] }
        guard let bytes = run.machine.memory.read(address, count: Int(count)) else {
            return ["not all of it can be read"]
        }
        return stride(from: 0, to: bytes.count, by: 16).map { start in
            let row = bytes[start..<min(start + 16, bytes.count)]
            return "0x" + String(Int(address) + start, radix: 16) + "  " + Hex.encode(row)
        }
    }

    private func spelled(_ words: [UInt64]) -> String {
        words.map(String.init).joined(separator: " ")
    }
}

/// Stops before the instructions at some indices, or before the second, and not before the first it
/// sees; it follows calls on the way.
private struct BreakObserver: StepObserver {
    static var isBlind: Bool { false }
    private(set) var stack: CallStack
    private let calls: CallSites
    /// Nil for one step.
    private let breaks: [UInt32]?
    private var isFirst = true

    init(_ breaks: [UInt32]?, _ stack: CallStack, _ calls: CallSites) {
        (self.breaks, self.stack, self.calls) = (breaks, stack, calls)
    }

    mutating func observe(_ state: StepState) -> Bool {
        defer { isFirst = false }
        // The instruction at which it stopped was seen then.
        if !isFirst || stack.next != state.pc {
            stack.see(state.pc, following: calls[state.pc])
        }
        return isFirst || breaks.map { !$0.contains(state.pc) } ?? false
    }
}
