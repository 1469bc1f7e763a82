// `althing program build`: sources in, a program out, and what it consists of.
import JSON
import Linker
import PVM

enum ProgramBuildVerb {
    private static let sources = Positional(
        "PATH", .file, "A folder with sources, or a file that ends with .swift, .c, .o or .elf."
    ).repeatable
    private static let out = Option(
        "out", OptionValue("FILE", .file),
        "Where to write the program, -o for short; else the name of PATH with .pvm, here."
    ).known(as: "-o")
    private static let stack = Option(
        "stack", OptionValue("BYTES", .number(0...(1 << 24 - 1), unit: "bytes")),
        "Bytes of the stack."
    ).standing(at: "65536")
    private static let heap = Option(
        "heap", OptionValue("BYTES", .number(0...(32 << 20), unit: "bytes")),
        "Bytes from which the guest library allocates."
    ).standing(at: "65536")
    private static let guest = Option(
        "guest", OptionValue("DIR", .directory), "The folder of the guest library.")

    static let verb = Verb("build", "Makes a program of Embedded Swift and C", build)
        .discussed(
            "Writes the program, and the names of its functions beside it for program debug.",
            "Sources are compiled for RISC-V with the Swift toolchain along PATH, linked with the "
                + "guest library, and translated. See docs/spec/programs.md for what is accepted."
        )
        .example("althing program build examples/agents/counter")
        .example("althing program build escrow.c --out escrow.pvm --stack 8192")
        .taking(out, stack, heap, guest, .json)
        .expecting(sources)

    private static func build(_ call: Invocation) throws(CommandFailure) {
        let sources = try ProgramSources(call.words(sources))
        let options = LinkOptions(stackBytes: UInt32(call.number(stack) ?? 65_536))
        let folder: String
        if let given = call.text(guest) { folder = given } else {
            folder = try ProgramBuild.guestFolder()
        }
        let build = ProgramBuild(
            sources: sources, guest: folder, heapBytes: call.number(heap) ?? 65_536,
            options: options)
        let linked = try build.run(with: try Toolchain.current())
        let target = call.text(out, or: sources.defaultOutput)
        try LocalFiles.write(linked.program.encoded, to: target)
        try LocalFiles.write(
            Array(ProgramSymbols.text(linked).utf8), to: ProgramSymbols.path(of: target))
        if call.has(.json) {
            call.console.print(json(linked, target))
        } else {
            call.console.print(text(linked, target))
        }
    }

    private static func text(_ linked: LinkedProgram, _ target: String) -> String {
        let blob = linked.program.program.blob
        var facts = Facts()
        facts.add("wrote", "\(target), \(Quantity.bytes(UInt64(linked.program.encoded.count)))")
        facts.add("identity", linked.program.identity.description)
        facts.add("instructions", "\(linked.program.program.instructions.count)")
        facts.add("jump table", "\(blob.jumpTable.count) entries")
        facts.add("stack", "\(linked.program.parts.stackBytes) bytes")
        for section in linked.sections {
            let place = section.kind == .code ? "" : " at 0x" + String(section.address, radix: 16)
            facts.add(section.name, "\(section.size) bytes of \(section.kind.rawValue)\(place)")
        }
        return facts.text
    }

    private static func json(_ linked: LinkedProgram, _ target: String) -> JSONValue {
        .object([
            JSONMember("file", .string(target)),
            JSONMember("bytes", .integer(linked.program.encoded.count)),
            JSONMember("identity", .string(linked.program.identity.description)),
            JSONMember("instructions", .integer(linked.program.program.instructions.count)),
            JSONMember("jumpTable", .integer(linked.program.program.blob.jumpTable.count)),
            JSONMember("stack", .integer(linked.program.parts.stackBytes)),
            JSONMember("sections", .array(linked.sections.map(json))),
            JSONMember(
                "functions",
                .array(
                    linked.functions.map {
                        .object([
                            JSONMember("name", .string($0.name)), JSONMember("pc", .integer($0.pc)),
                        ])
                    })),
        ])
    }

    private static func json(_ section: LinkedSection) -> JSONValue {
        .object([
            JSONMember("name", .string(section.name)),
            JSONMember("kind", .string(section.kind.rawValue)),
            JSONMember("address", .integer(section.address)),
            JSONMember("bytes", .integer(section.size)),
        ])
    }
}
