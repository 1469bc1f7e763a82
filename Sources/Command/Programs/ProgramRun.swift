// What `program run` does and shows: the end of a run and, if asked, each of its steps.
import JSON
import PVM
import Primitives

struct ProgramRun {
    let end: RunEnd
    private let machine: Machine
    private let host: LocalHost?
    private let gasUsed: UInt64
    private let output: [UInt8]

    /// Runs `start` to its end.
    init(_ start: LocalRun, trace: Bool, _ call: Invocation) {
        var run = start
        if trace {
            var printer = StepPrinter(start.machine.program, call)
            let found = run.run(observing: &printer)
            printer.finish(run.machine.registers)
            end = found ?? .rest
        } else {
            var unwatched = Unwatched()
            end = run.run(observing: &unwatched) ?? .rest
        }
        (machine, host) = (run.machine, run.host)
        gasUsed = start.machine.gas - run.machine.gas
        let written = LocalHost.bytes((run.host?.output ?? [])[...])
        let isHalt = end == .exit(.halt) && written.isEmpty
        output = isHalt ? StandardProgram.output(of: run.machine) : written
    }

    private var words: [UInt64] { host?.output ?? [] }

    var text: String {
        var facts = Facts()
        facts.add("exit", end.description)
        facts.add("pc", "\(machine.pc)")
        facts.add("gas used", "\(gasUsed)")
        facts.add("gas left", "\(machine.gas)")
        for (index, value) in machine.registers.enumerated() {
            facts.add("r\(index)", "0x" + String(value, radix: 16))
        }
        facts.add("output", Hex.encode(output))
        if !words.isEmpty {
            facts.add("words", words.map(String.init).joined(separator: " "))
        }
        if let turns = host?.turns, turns > 0 { facts.add("turns", "\(turns)") }
        for note in host?.notes ?? [] { facts.add("asked", note) }
        return facts.text
    }

    /// Registers are hexadecimal and words decimal text, since not every reader of JSON has
    /// integers of 64 bits.
    var json: JSONValue {
        var members = [JSONMember("exit", .string(end.name))]
        switch end {
        case .exit(.pageFault(let address)):
            members.append(JSONMember("address", .integer(address)))
        case .exit(.hostCall(let number)):
            members.append(JSONMember("call", .integer(Int64(bitPattern: number))))
        case .ended(let number): members.append(JSONMember("number", .string("\(number)")))
        default: break
        }
        members += [
            JSONMember("pc", .integer(machine.pc)),
            JSONMember("gasUsed", .integer(gasUsed)),
            JSONMember("gasLeft", .integer(machine.gas)),
            JSONMember(
                "registers",
                .array(machine.registers.map { .string("0x" + String($0, radix: 16)) })),
            JSONMember("output", .string(Hex.encode(output))),
        ]
        guard let host else { return .object(members) }
        return .object(
            members + [
                JSONMember("words", .array(words.map { .string("\($0)") })),
                JSONMember("turns", .integer(host.turns)),
                JSONMember("asked", .array(host.notes.map { .string($0) })),
            ])
    }
}

/// Prints each step once it is known what it changed.
private struct StepPrinter: StepObserver {
    static var isBlind: Bool { false }

    private let call: Invocation
    private let texts: [DisassembledLine]
    private var pending: StepState?
    private var count = 0

    init(_ program: Program, _ call: Invocation) {
        self.call = call
        texts = Disassembly(program).lines
    }

    mutating func observe(_ state: StepState) -> Bool {
        finish(state.registers)
        pending = state
        return true
    }

    /// Prints the step that led to these registers.
    mutating func finish(_ registers: [UInt64]) {
        guard let step = pending else { return }
        pending = nil
        count += 1
        let changes = registers.indices.filter { registers[$0] != step.registers[$0] }
        if call.has(.json) {
            printJSON(step, changes.map { ($0, registers[$0]) })
        } else {
            let changed = changes.map { " r\($0)=0x" + String(registers[$0], radix: 16) }
            call.console.print(
                "\(count) pc \(step.pc) gas \(step.gas): \(text(of: step.pc))"
                    + (changed.isEmpty ? "" : " ->") + changed.joined())
        }
    }

    private func printJSON(_ step: StepState, _ changes: [(register: Int, value: UInt64)]) {
        let changed = changes.map {
            JSONMember("r\($0.register)", .string("0x" + String($0.value, radix: 16)))
        }
        call.console.print(
            .object([
                JSONMember("step", .integer(count)), JSONMember("pc", .integer(step.pc)),
                JSONMember("gas", .integer(step.gas)),
                JSONMember("instruction", .string(text(of: step.pc))),
                JSONMember("changed", .object(changed)),
            ]))
    }

    /// The instruction at `pc`; behind the last one there is a trap.
    private func text(of pc: UInt32) -> String {
        var (low, high) = (0, texts.count)
        while low < high {
            let middle = (low + high) / 2
            if texts[middle].pc < Int(pc) { low = middle + 1 } else { high = middle }
        }
        return low < texts.count && texts[low].pc == Int(pc) ? texts[low].text : "trap"
    }
}
