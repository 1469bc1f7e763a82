// `program`: text is assembled, looked into and run, and what is wrong is named.
import Primitives
import Testing

@testable import Command

@Suite struct ProgramTests {
    /// Adds up the bytes of its input.
    private static let sum = """
        .readwrite 0000000000000000
            add_64 r8, r7, r8
            fallthrough
        next: branch_ge_u r7, r8, end
            load_ind_u8 r3, r7, 0
            add_64 r2, r2, r3
            add_imm_64 r7, r7, 1
            jump next
        end: store_u64 r2, 0x20000
            load_imm r7, 0x20000
            load_imm r8, 8
            jump_ind r0, 0
        """

    private func assembled(_ text: String, in directory: TemporaryDirectory) throws -> String {
        try LocalFiles.write(Array(text.utf8), to: directory.file("a.s"))
        let out = directory.file("a.pvm")
        let ending = althing("program", "assemble", directory.file("a.s"), "--out", out)
        #expect(ending.code == .ok)
        return out
    }

    @Test func aProgramIsAssembledAndRun() throws {
        let directory = try TemporaryDirectory()
        let file = try assembled(Self.sum, in: directory)
        let ending = althing("program", "run", file, "--input", "01ff03", "--json")
        #expect(ending.code == .ok)
        #expect(try ending.json["output"]?.string == "0301000000000000")
        #expect(try ending.json["exit"]?.string == "halt")
        #expect(try ending.json["gasUsed"]?.number?.text == "22")
        try LocalFiles.write([9], to: directory.file("in"))
        let other = althing("program", "run", file, "--input", "@" + directory.file("in"))
        #expect(other.out.contains("output    0900000000000000"))
    }

    @Test func aTraceShowsEachStepAndWhatItChanged() throws {
        let directory = try TemporaryDirectory()
        let file = try assembled("load_imm r3, 5\njump_ind r0, 0", in: directory)
        let ending = althing("program", "run", file, "--gas", "9", "--trace")
        #expect(ending.out.hasPrefix("1 pc 0 gas 7: load_imm r3, 5 -> r3=0x5\n2 pc 3 gas 7: jump"))
    }

    @Test func anEndThatIsNoHaltIsRefused() throws {
        let directory = try TemporaryDirectory()
        let file = try assembled("ecalli 5", in: directory)
        let ending = althing("program", "run", file)
        #expect(ending.code == .refused)
        #expect(ending.error.contains("the program ended with host-call 5"))
        #expect(althing("program", "run", file, "--gas", "1").error.contains("out-of-gas"))
        #expect(althing("program", "run", file, "--input", "0G").code == .usage)
    }

    @Test func inspectShowsInstructionsAndFaults() throws {
        let directory = try TemporaryDirectory()
        let file = try assembled("move_reg r1, r2\nx: move_reg r1, r2\njump x", in: directory)
        let ending = althing("program", "inspect", file)
        #expect(ending.code == .ok)
        #expect(ending.out.contains("*      0  move_reg r1, r2\n       2  move_reg r1, r2\n"))
        #expect(ending.out.contains("fault at 4: it aims at 2, where no basic block begins"))
        let json = try althing("program", "inspect", file, "--json").json
        #expect(json["codeBytes"]?.number?.text == "6")
    }

    @Test func aWrongLineIsNamed() throws {
        let directory = try TemporaryDirectory()
        let source = directory.file("bad.s")
        try LocalFiles.write(Array("trap\njump nowhere\n".utf8), to: source)
        let ending = althing("program", "assemble", source, "--out", directory.file("bad.pvm"))
        #expect(ending.code == .refused)
        #expect(ending.error.contains("bad.s:2: there is no label nowhere"))
        #expect(althing("program", "inspect", source).error.contains("is not a standard program"))
    }
}
