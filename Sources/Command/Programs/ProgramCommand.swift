// `althing program`: looks into PolkaVM programs, runs them here, and makes them from text.
import JSON
import PVM
import Primitives

enum ProgramVerbs {
    static let verb = Verb(
        "program", "Builds PolkaVM programs, looks into them and runs them",
        verbs: [
            ProgramBuildVerb.verb, inspectVerb, runVerb, ProgramDebugVerb.verb, assembleVerb,
            vectorsVerb,
        ])

    static let file = Positional("FILE", .file, "The program; - for standard input.")
    private static let source = Positional("SOURCE", .file, "Assembly text; - for standard input.")
    private static let folder = Positional("DIR", .directory, "The folder of the JSON files.")
    static let bare = ProgramInput.bare
    private static let out = Option(
        "out", OptionValue("FILE", .file), "Where to write the program."
    ).required
    private static let trace = Option("trace", nil, "Prints each step and what it changed.")

    private static let inspectVerb = Verb(
        "inspect", "Shows sections, instructions, faults and identity of a program", inspect
    )
    .example("althing program inspect counter.pvm")
    .taking(bare, .json)
    .expecting(file)

    private static let runVerb = Verb("run", "Runs a program on this machine", run)
        .discussed(
            "A program is run until it halts, ends itself, panics, runs out of gas, needs a page "
                + "it has not, or rests because there is nothing to read. The status is 0 where it "
                + "halts, rests or ends itself with 0, else 1.",
            "The host calls of agents are answered here: requests for identity, time, digests and "
                + "records at once, calls of other agents are refused, transfers are taken as done."
        )
        .example("althing program run counter.pvm --input 0100 --gas 10000")
        .example("althing program run counter.pvm --input @request.bin --trace")
        .example("althing program run counter.pvm --message 5,6 --message 7")
        .taking(
            ProgramInput.input, ProgramInput.message, ProgramInput.time, ProgramInput.gas,
            ProgramInput.pc, trace, bare, .json)
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

    static func load(_ call: Invocation) throws(CommandFailure) -> ProgramFile {
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
        let start = try ProgramInput(call).start(try load(call), call)
        let run = ProgramRun(start, trace: call.has(trace), call)
        if call.has(.json) {
            call.console.print(run.json)
        } else {
            call.console.print(run.text)
        }
        guard run.end.isWell else { throw .refused("the program ended with \(run.end)") }
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
