// The debugger obeys a script, and a run answers host calls.
import Linker
import PVM
import Primitives
import Testing

@testable import Command

@Suite struct DebuggerTests {
    /// Reads words and writes their running sum.
    private static let source = """
        .readwrite 0100000000000000
            load_imm r8, 0x20000
            fallthrough
        next: ecalli 0
            load_ind_u64 r9, r8, 0
            add_64 r7, r7, r9
            store_ind_u64 r7, r8, 0
            ecalli 1
            ecalli 2
            jump next
        """

    private func start(_ words: [UInt64], gas: UInt64 = 1_000) throws -> LocalRun {
        let assembly = try Assembly(Self.source, revision: .grayPaper071)
        let program = try StandardProgram(assembly.parts, revision: .grayPaper071)
        return LocalRun(
            try program.machine(input: [], pc: 0, gas: gas), host: LocalHost(input: words))
    }

    private static let script: [(line: String, answer: [String])] = [
        ("", []),
        ("step 2", ["0: load_imm r8, 131072 -> r8=0x20000", "5: fallthrough", "next 6: ecalli 0"]),
        ("s", ["6: ecalli 0 -> r7=0x5", "next 7: load_ind_u64 r9, r8, 0"]),
        ("break 14", []), ("break 8", ["no instruction begins there; list shows where they do"]),
        ("breaks", ["14: ecalli 1"]),
        ("continue", ["next 14: ecalli 1"]),
        ("memory 0x20000 4", ["0x20000  06000000"]),
        ("memory 0", ["not all of it can be read"]),
        ("delete 14", []),
        ("list 14", ["  14: ecalli 1", "  16: ecalli 2", "  18: jump at_6"]),
        ("c", ["wrote 6", "ended: rest", "next 6: ecalli 0"]),
        ("input 4,0x10", []),
        ("c", ["wrote 10 26", "ended: rest", "next 6: ecalli 0"]),
        ("output", ["output 6 10 26"]),
        ("jump", ["there is no command jump; help lists them"]),
        ("step x", ["x is no number, and no function"]),
        ("quit", []),
    ]

    @Test func theScriptIsObeyed() throws {
        var debugger = Debugger(try start([5]))
        #expect(debugger.greeting == ["next 0: load_imm r8, 131072"])
        for (line, answer) in Self.script { #expect(debugger.obey(line) == answer, "\(line)") }
        #expect(debugger.hasEnded)
    }

    @Test func registersAndTheEndOfGasAreShown() throws {
        var debugger = Debugger(try start([], gas: 1))
        #expect(debugger.obey("c") == ["ended: out-of-gas", "next 0: load_imm r8, 131072"])
        #expect(debugger.obey("registers").first == "r0 0xffff0000")
        #expect(debugger.obey("registers").last == "gas 1")
        #expect(debugger.obey("help") == Debugger.help)
        #expect(debugger.obey("c").first == "ended: out-of-gas")
    }

    @Test func theCommandReadsAFileOfLines() throws {
        let directory = try TemporaryDirectory()
        let source = try directory.file("a.s", Self.source)
        let program = directory.file("a.pvm")
        #expect(althing("program", "assemble", source, "--out", program).code == .ok)
        let script = try directory.file("script", "continue\nquit\nstep\n")
        let ending = althing(
            "program", "debug", program, "--input", "3,4", "--commands", script)
        #expect(
            ending.out
                == "next 0: load_imm r8, 131072\nwrote 4 8\nended: rest\nnext 6: ecalli 0\n")
    }

    @Test func aRunShowsWordsTurnsAndRest() throws {
        let directory = try TemporaryDirectory()
        let source = try directory.file("a.s", Self.source)
        let program = directory.file("a.pvm")
        #expect(althing("program", "assemble", source, "--out", program).code == .ok)
        let run = althing("program", "run", program, "--input", "3,4", "--json")
        #expect(run.code == .ok)
        #expect(try run.json["exit"]?.string == "rest")
        #expect(try run.json["words"]?.array?.map(\.string) == ["4", "8"])
        #expect(try run.json["output"]?.string == "04000000000000000800000000000000")
        let caller = String(repeating: "0a", count: 32)
        let message = althing("program", "run", program, "--message", "\(caller):9", "--message", "")
        #expect(message.code == .usage)
        let other = althing("program", "run", program, "--message", "\(caller):9", "--json")
        #expect(try other.json["words"]?.array?.count == 6)
        #expect(althing("program", "run", program, "--message", "1,x").code == .usage)
        #expect(althing("program", "run", program, "--input", "1,x").code == .usage)
    }

    /// Calls `double` from `main`, which calls `add` from it.
    private static let calls = """
        .stack 4096
        .table back, behind
        main:
            load_imm r3, 4
            load_imm_jump r0, 2, double
        back:
            ecalli 2
            trap
        double:
            move_reg r4, r0
            load_imm_jump r0, 4, add
        behind:
            jump_ind r4, 0
        add:
            add_64 r3, r3, r3
            jump_ind r0, 0
        """

    @Test func callsAreFollowedByName() throws {
        let assembly = try Assembly(Self.calls, revision: .grayPaper071)
        let program = try StandardProgram(assembly.parts, revision: .grayPaper071)
        let places = program.program.instructions.map(\.pc)
        let jumps = program.program.instructions.filter {
            $0.specification.name == "load_imm_jump"
        }
        #expect(jumps.count == 2)
        let (main, add) = (places[0], places[places.count - 2])
        let double = try #require(
            program.program.instructions.first { $0.specification.name == "move_reg" }?.pc)
        let symbols = ProgramSymbols([
            LinkedFunction(name: "add", pc: add), LinkedFunction(name: "main", pc: main),
            LinkedFunction(name: "double it(by:)", pc: double),
        ])
        let run = LocalRun(
            try program.machine(input: [], pc: 0, gas: 1_000), host: LocalHost(input: []))
        var debugger = Debugger(run, symbols: symbols)
        #expect(debugger.obey("backtrace") == ["#0 0 <main>"])
        #expect(debugger.obey("break nowhere") == ["nowhere is no number, and no function"])
        #expect(debugger.obey("break add") == [])
        #expect(debugger.obey("break double it(by:)") == [])
        _ = debugger.obey("continue")
        #expect(debugger.obey("bt").count == 2)
        _ = debugger.obey("continue")
        let deep = debugger.obey("backtrace")
        #expect(deep.count == 3 && deep[0].hasSuffix("<add>") && deep[2].contains("<main+"))
        #expect(deep[1].contains("<double it(by:)+"))
        _ = debugger.obey("step 3")
        #expect(debugger.obey("backtrace").count == 1)
        #expect(debugger.obey("list main").first?.contains("<main>") == true)
    }

    @Test func symbolsOfAnotherProgramAreLeftOut() throws {
        let assembly = try Assembly("trap", revision: .grayPaper071)
        let program = try StandardProgram(assembly.parts, revision: .grayPaper071)
        let file = ProgramFile.standard(program)
        let head = "althing symbols v1 \(program.identity)\n"
        #expect(ProgramSymbols(text: head + "0 main\n7 a b\n", of: file)?.pc(of: "a b") == 7)
        #expect(ProgramSymbols(text: head + "0 main\n", of: file)?.place(3) == "main+3")
        for text in ["", "althing symbols v1 x\n0 main\n", head + "main\n", head + "-1 main\n"] {
            #expect(ProgramSymbols(text: text, of: file) == nil, "\(text)")
        }
    }

    /// A request that is not one of the seven, and each word of one that is.
    @Test func requestsAreAnsweredOrRefused() throws {
        let program = try StandardProgram(
            Assembly("trap", revision: .grayPaper071).parts, revision: .grayPaper071)
        var machine = try program.machine(input: [], pc: 0, gas: 9)
        func ask(_ words: [UInt64]) -> (LocalHost.Outcome, [UInt64]) {
            var host = LocalHost(input: [])
            host.identity = [9, 8, 7, 6]
            host.time = 55
            var outcome = LocalHost.Outcome.done
            for word in words where outcome == .done {
                machine[register: 7] = word
                outcome = host.call(4, &machine)
            }
            var answers: [UInt64] = []
            while outcome == .done, host.call(5, &machine) == .done {
                answers.append(machine[register: 7])
            }
            return (outcome, answers)
        }
        #expect(ask([1]) == (.done, [4 << 32, 9, 8, 7, 6]))
        #expect(ask([2]) == (.done, [1 << 32, 55]))
        #expect(ask([6 | 5 << 32, 1, 1, 1, 1, 100]) == (.done, [0]))
        #expect(ask([5 | 5 << 32, 1, 1, 1, 1, 100]) == (.done, [1]))
        #expect(ask([3 | 2 << 32, 9, 0]) == (.refused, []))
        #expect(ask([3 | 3 << 32, 8, 0, 0]) == (.refused, []))
        #expect(ask([7]) == (.refused, []))
        #expect(ask([1 | 1 << 32, 0]) == (.refused, []))
        #expect(ask([4 | 4_097 << 32]) == (.refused, []))
    }
}

private func == (
    one: (LocalHost.Outcome, [UInt64]), other: (LocalHost.Outcome, [UInt64])
) -> Bool { one.0 == other.0 && one.1 == other.1 }
