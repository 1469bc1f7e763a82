// Every input that is kept, the fuzzer's seeds and its finds alike, obeys the rules.
import DecoderChecks
import TestSupport
import Testing

@Suite struct KeptInputTests {
    @Test(arguments: DecoderCheck.all) func seedsAreSoundAndSomeAreAccepted(
        check: DecoderCheck
    ) throws {
        var accepted = 0
        let seeds = Corpus.seeds(of: check.name)
        for input in seeds {
            do {
                if try check.accepts(input.bytes) { accepted += 1 }
            } catch {
                Issue.record("\(input): \(error)")
            }
        }
        #expect(accepted > 0, "\(seeds.count) seeds of \(check), none of which is accepted")
    }

    /// The names of the files say what was wrong.
    @Test(arguments: DecoderCheck.all) func whatFuzzingFoundStaysMended(
        check: DecoderCheck
    ) {
        for input in Corpus.regressions(of: check.name) {
            #expect(throws: Never.self, "\(input)") { try check.accepts(input.bytes) }
        }
    }

    @Test func everyKeptFolderHasACheck() {
        let names = DecoderCheck.all.map(\.name)
        let vectors = VectorFiles.folder
        #expect(Corpus.names(in: vectors + "/../../Fuzzing/corpus") == names)
        for name in Corpus.names(in: vectors + "/regressions") {
            #expect(names.contains(name), "Tests/Vectors/regressions/\(name)")
        }
    }

    @Test func samplesAreAccepted() throws {
        let checks = DecoderCheck.all
        for sample in try Sample.all() {
            let check = try #require(checks.first { $0.name == sample.check })
            #expect(try check.accepts(sample.bytes), "\(sample.check)/\(sample.file)")
        }
    }
}
