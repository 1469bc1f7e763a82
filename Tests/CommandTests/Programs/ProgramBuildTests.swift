// `program build`: what it tells, and what it says where it cannot.
import Testing

@testable import Command

@Suite struct ProgramBuildTests {
    @Test(.enabled(if: GuestPrograms.canBuild, GuestPrograms.reason))
    func aProgramDoesNotDependOnWhereItIsBuilt() throws {
        let directory = try TemporaryDirectory()
        let source = GuestPrograms.root + "/examples/agents/market/Market.swift"
        let copy = directory.file("Other.swift")
        try LocalFiles.write(try LocalFiles.read(source, limit: 1 << 20), to: copy)
        let identities = try [source, copy].map { path in
            let ending = althing(
                "program", "build", path, "--out", directory.file("out.pvm"), "--json")
            #expect(ending.code == .ok, "\(ending.error)")
            return try ending.json["identity"]?.string
        }
        #expect(identities[0] != nil && identities[0] == identities[1])
    }

    @Test(.enabled(if: GuestPrograms.canBuild, GuestPrograms.reason))
    func sectionsSizesAndIdentityAreTold() throws {
        let directory = try TemporaryDirectory()
        let source = try directory.file(
            "a.c", "static int big[500]; int main(void) { big[3] = 1; return big[2]; }")
        let out = directory.file("a.pvm")
        let ending = althing("program", "build", source, "-o", out, "--stack", "5000")
        #expect(ending.code == .ok, "\(ending.error)")
        let names = ending.out.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(names == ["wrote", "identity", "instructions", "jump", "stack", ".text"])
        let shown = althing("program", "inspect", out)
        let identity = ending.out.split(separator: "\n")[1].split(separator: " ").last
        #expect(identity.map { shown.out.contains($0) } == true)
        #expect(althing("program", "run", out).code == .ok)
        let script = try directory.file("script", "break main\ncontinue\nbacktrace\n")
        let debugged = althing("program", "debug", out, "--commands", script)
        #expect(debugged.out.contains("<main>: "))
        #expect(debugged.out.contains("#0 "))
    }

    @Test(.enabled(if: GuestPrograms.canBuild, GuestPrograms.reason))
    func whatTheToolsSayIsShown() throws {
        let directory = try TemporaryDirectory()
        let wrong = try directory.file("wrong.c", "int main(void) { return nothing; }")
        let first = althing("program", "build", wrong, "-o", directory.file("o"))
        #expect(first.code == .refused)
        #expect(first.error.contains("clang failed"))
        #expect(first.error.contains("undeclared identifier 'nothing'"))
        let missing = try directory.file(
            "missing.c", "int other(void); int main(void) { return other(); }")
        let second = althing("program", "build", missing, "-o", directory.file("o"))
        #expect(second.error.contains("undefined symbol: other"))
        let call = try directory.file(
            "call.c", "int main(void) { __asm__(\"nop\\n\\tecall\"); return 0; }")
        let third = althing("program", "build", call, "-o", directory.file("o"))
        #expect(third.code == .refused)
        #expect(third.error.contains("(main+0x2): ecall has no translation") == false)
        #expect(third.error.contains(".text + 0x"))
        #expect(third.error.contains("(main+2): ecall has no translation"))
    }

    @Test func withoutSourcesOrToolsItSaysSo() throws {
        let directory = try TemporaryDirectory()
        #expect(althing("program", "build", directory.path).error.contains("there is no .swift"))
        #expect(althing("program", "build", "/nowhere/a.c").error.contains("cannot read"))
        let text = try directory.file("notes.txt", "")
        #expect(althing("program", "build", text).error.contains("is no source"))
        #expect(althing("program", "build").code == .usage)
        let failure = #expect(throws: CommandFailure.self) {
            try Toolchain(path: directory.path + ":/nowhere")
        }
        #expect(failure?.sentence.contains("there is no clang along PATH") == true)
    }
}
