// `prove` and `verify-proof`: what is proven is shown again, and a proof of anything else refused.
import Primitives
import Testing

@testable import Command

@Suite struct ProveTests {
    /// Reads a word, writes its double; ends at a zero.
    private static let double = """
        .heap 1
        .stack 4096
        next:
            ecalli 0
            branch_eq_imm r7, 0, end
            add_64 r7, r7, r7
            store_u64 r7, 0x20000
            ecalli 1
            jump next
        end: ecalli 3
        """

    private struct Bench {
        let directory: TemporaryDirectory
        let program: String
        let proof: String

        init() throws {
            directory = try TemporaryDirectory()
            program = try Self.assembled(ProveTests.double, "a", in: directory)
            proof = directory.file("proof.bin")
        }

        static func assembled(
            _ text: String, _ name: String, in directory: TemporaryDirectory
        ) throws -> String {
            let out = directory.file(name + ".pvm")
            let source = try directory.file(name + ".s", text)
            #expect(althing("program", "assemble", source, "--out", out).code == .ok)
            return out
        }

        func prove(_ more: String...) -> Ending {
            althing(["prove", "--program", program, "--out", proof, "--json"] + more)
        }

        func verify(_ more: String...) -> Ending {
            althing(["verify-proof", proof, "--json"] + more)
        }
    }

    @Test func aRunIsProvenAndChecked() throws {
        let bench = try Bench()
        let made = bench.prove("--input", "3,4")
        #expect(made.code == .ok, "\(made.error)")
        let told = bench.verify("--program", bench.program)
        #expect(told.code == .ok && told.out == made.out)
        let whole = try told.json
        let json = try #require(whole.list("runs").first)
        #expect(json.list("inputs").map(\.string) == ["3", "4"])
        #expect(json.list("outputs").map(\.string) == ["6", "8"])
        #expect(json.text("status") == "rest" && json.text("steps") == json.text("gas"))
        #expect(json.text("steps") == "12")
        #expect(whole["soundnessBits"]?.number?.text == "102")
        #expect(json["fromFirstState"] == .bool(true))
        let text = althing("verify-proof", bench.proof)
        #expect(text.out.contains("(the first state)") && text.out.contains("102 bits"))
    }

    /// Two runs of one program share a proof, and what each read and wrote is told apart.
    @Test func severalRunsShareAProof() throws {
        let bench = try Bench()
        let alone = try bench.prove("--input", "3,4").json
        let made = bench.prove("--input", "3,4", "--input", "7,", "--input", "0x10,11,12")
        #expect(made.code == .ok, "\(made.error)")
        let json = try bench.verify().json
        #expect(try made.json == json)
        let runs = json.list("runs")
        #expect(runs.map { $0.list("inputs").map(\.string) } == [["3", "4"], ["7"], ["16", "11", "12"]])
        #expect(runs.map { $0.list("outputs").map(\.string) } == [["6", "8"], ["14"], ["32", "22", "24"]])
        #expect(json["proofs"] == .integer(1))
        #expect(runs[0] == alone.list("runs")[0])
        #expect(althing("verify-proof", bench.proof).out.contains("run      3"))
    }

    @Test func aRunThatEnds() throws {
        let bench = try Bench()
        let ended = bench.prove("--input", "5,0")
        #expect(try ended.json.list("runs")[0].text("status") == "exit")
        let some = bench.prove("--input", "5,0", "--steps", "3")
        #expect(try some.json.list("runs")[0].text("status").hasPrefix("before "))
        #expect(bench.prove("--input", "5,", "--steps", "70").code == .refused)
        #expect(bench.prove("--steps", "0").code == .usage)
    }

    @Test func whatIsNotSoIsRefused() throws {
        let bench = try Bench()
        #expect(bench.verify().code == .failed)
        #expect(bench.prove("--input", "3,4").code == .ok)
        let other = try Bench.assembled("ecalli 3", "b", in: bench.directory)
        let wrong = bench.verify("--program", other)
        #expect(wrong.code == .refused && wrong.error.contains("another program"))
        let bytes = try LocalFiles.read(bench.proof, limit: 1 << 20)
        for place in stride(from: 0, to: bytes.count, by: bytes.count / 20) {
            var flipped = bytes
            flipped[place] ^= 1
            try LocalFiles.write(flipped, to: bench.proof)
            let ending = bench.verify()
            #expect(ending.code == .refused, "byte \(place)")
            // One sentence, never what a value looks like inside.
            #expect(!ending.error.contains("("), "\(ending.error)")
        }
        try LocalFiles.write(Array(bytes.dropLast()), to: bench.proof)
        #expect(bench.verify().code == .refused)
    }

    /// There is nothing to prove before a fault.
    @Test func aRunWithoutAStep() throws {
        let bench = try Bench()
        let trap = try Bench.assembled("trap", "c", in: bench.directory)
        let ending = althing("prove", "--program", trap, "--out", bench.proof)
        #expect(ending.code == .refused)
        #expect(ending.error.contains("stops after 0 steps"))
    }
}
