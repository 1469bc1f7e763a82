// `althing program`: looks into PolkaVM programs, runs them here, and makes them from text.
import JSON
import PVM
import Primitives

enum ProgramVerbs {
    static let verb = Verb(
        "program", "Looks into PolkaVM programs and runs them",
        verbs: [inspectVerb, runVerb, assembleVerb, vectorsVerb])

    private static let file = Positional("FILE", .file, "The program; - for standard input.")
    private static let source = Positional("SOURCE", .file, "Assembly text; - for standard input.")
    private static let folder = Positional("DIR", .directory, "The folder of the JSON files.")
    private static let bare = Option(
        "blob", nil, "The file is a bare blob of code, without sections of memory.")
    private static let out = Option(
        "out", OptionValue("FILE", .file), "Where to write the program."
    ).required
    private static let input = Option(
        "input", OptionValue("HEX|@FILE", .text), "What the program finds at register 7.")
    private static let gas = Option(
        "gas", OptionValue("COUNT", .number(0...UInt64.max, unit: "gas")),
        "Gas to start with; an instruction costs 1."
    ).standing(at: "1000000000")
    private static let pc = Option(
        "pc", OptionValue("INDEX", .number(0...UInt64(UInt32.max), unit: "bytes")),
        "Index in the code of the first instruction."
    ).standing(at: "0")
    private static let trace = Option("trace", nil, "Prints each step and what it changed.")

    private static let inspectVerb = Verb(
        "inspect", "Shows sections, instructions, faults and identity of a program", inspect
    )
    .example("althing program inspect counter.pvm")
    .taking(bare, .json)
    .expecting(file)

    private static let runVerb = Verb("run", "Runs a program on this machine", run)
        .discussed(
            "A program is run until it halts, panics, runs out of gas, needs a page it has not, "
                + "or calls the host, which is not there. The status is 0 where it halts and 1 "
                + "where it ends otherwise."
        )
        .example("althing program run counter.pvm --input 0100 --gas 10000")
        .example("althing program run counter.pvm --input @request.bin --trace")
        .taking(input, gas, pc, trace, bare, .json)
        .expecting(file)

    private static let assembleVerb = Verb("assemble", "Makes a program from text", assemble)
        .discussed(
            "A line is LABEL: WORD OPERAND, OPERAND ; COMMENT, each part optional. The words are "
                + "the names of the instructions and .table, .readonly, .readwrite, .heap, .stack "
                + "and .code."
        )
        .example("althing program assemble counter.s --out counter.pvm")
        .taking(out, bare, .json)
        .expecting(source)

    private static let vectorsVerb = Verb("vectors", "Runs the test vectors of a folder", vectors)
        .discussed(
            "Each JSON file names a program, the state it starts from and the state it must end "
                + "in. The status is 0 where all of them do."
        )
        .example("althing program vectors ../shared/data/pvm")
        .taking(.json)
        .expecting(folder)

    private static func load(_ call: Invocation) throws(CommandFailure) -> ProgramFile {
        try ProgramFile(path: try call.required(file), isBare: call.has(bare))
    }

    private static func inspect(_ call: Invocation) throws(CommandFailure) {
        let report = ProgramReport(try load(call))
        if call.has(.json) {
            call.console.print(report.json)
        } else {
            call.console.print(report.text)
        }
    }

    private static func assemble(_ call: Invocation) throws(CommandFailure) {
        let path = try call.required(source)
        let bytes = try LocalFiles.read(path, limit: ProgramLimits.programBytes)
        let encoded: [UInt8]
        do throws(AssemblyFailure) {
            let text = String(decoding: bytes, as: UTF8.self)
            let assembly = try Assembly(text, revision: .grayPaper071)
            encoded = call.has(bare)
                ? assembly.blob.encoded
                : try standard(assembly.parts)
        } catch {
            throw .refused("\(path):\(error.line): \(printable(error.sentence))")
        }
        guard let target = call.text(out) else { return }
        try LocalFiles.write(encoded, to: target)
        guard call.has(.json) else {
            return call.console.print("wrote \(target), \(Quantity.bytes(UInt64(encoded.count)))")
        }
        call.console.print(
            .object([
                JSONMember("file", .string(target)),
                JSONMember("bytes", .integer(encoded.count)),
            ]))
    }

    private static func standard(
        _ parts: StandardProgram.Parts
    ) throws(AssemblyFailure) -> [UInt8] {
        do throws(DecodingFailure) {
            return try StandardProgram(parts, revision: .grayPaper071).encoded
        } catch {
            throw AssemblyFailure(.tooLong, 1)
        }
    }

    private static func run(_ call: Invocation) throws(CommandFailure) {
        let program = try load(call)
        let machine = try program.machine(
            input: try inputBytes(call), pc: UInt32(call.number(pc) ?? 0),
            gas: call.number(gas) ?? 1_000_000_000)
        let run = ProgramRun(machine, trace: call.has(trace), call)
        if call.has(.json) {
            call.console.print(run.json)
        } else {
            call.console.print(run.text)
        }
        guard run.exit == .halt else { throw .refused("the program ended with \(run.exit)") }
    }

    private static func inputBytes(_ call: Invocation) throws(CommandFailure) -> [UInt8] {
        guard let text = call.text(input) else { return [] }
        if text.first == "@" {
            return try LocalFiles.read(
                String(text.dropFirst()), limit: StandardProgram.inputBytes)
        }
        guard let bytes = Hex.decode(text) else {
            throw call.invalid(
                input.spelling, text, expected: "lower-case hexadecimal digits, or @FILE")
        }
        return bytes
    }

    private static func vectors(_ call: Invocation) throws(CommandFailure) {
        let path = try call.required(folder)
        var (passed, failed) = (0, 0)
        for file in try ProgramVector.files(in: path) {
            if let difference = try ProgramVector.difference(in: file) {
                failed += 1
                let line = printable("\(file): \(difference)")
                if !call.has(.json) { call.console.print(line) } else { call.console.note(line) }
            } else {
                passed += 1
            }
        }
        if call.has(.json) {
            call.console.print(
                .object([
                    JSONMember("passed", .integer(passed)), JSONMember("failed", .integer(failed)),
                ]))
        } else {
            call.console.print("\(passed) passed, \(failed) failed")
        }
        guard failed == 0, passed > 0 else { throw .refused("not every vector passed") }
    }
}
