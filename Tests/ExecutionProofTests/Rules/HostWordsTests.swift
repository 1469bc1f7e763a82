// Calls of a statement as words, and those that no host answers so.
import PVM
import Testing

@testable import ExecutionProof

@Suite struct HostWordsTests {
    private func statement(_ source: String, _ answers: [UInt64]) throws -> Statement {
        try Run(source, [0, 0, 0, 0, 0, 0, 0, 4], answers: answers).statement
    }

    @Test func everyCall() throws {
        let source = "ecalli 0\necalli 1\necalli 4\necalli 5\necalli 2\necalli 3\n"
        let words = try HostWords(try statement(source, [8, 8, 8, 9, 9, 9]))
        #expect(words.input == [8])
        #expect(words.output == [8])
        #expect(words.requests == [8])
        #expect(words.answers == [9])
        #expect(words.yields == 1)
        #expect(words.hasExited)
    }

    @Test(arguments: [
        ("ecalli 6\n", [4] as [UInt64], HostRuleFailure.unknownCall(step: 0)),
        ("ecalli -1\n", [4], .unknownCall(step: 0)),
        ("ecalli 1\n", [5], .changedRegister(step: 0)),
        ("ecalli 0\necalli 2\n", [5, 4], .changedRegister(step: 1)),
        ("ecalli 3\nmove_reg r1, r2\n", [4], .goesOn(step: 0)),
    ]) func refusals(source: String, answers: [UInt64], failure: HostRuleFailure) throws {
        let statement = try statement(source, answers)
        #expect(throws: failure) { try HostWords(statement) }
    }
}
