// Whole runs: traced, proven, sent, received, checked.
import Ligerito
import PVM
import Primitives
import Testing

@testable import ExecutionProof

@Suite struct RunTests {
    @Test(arguments: [1, 2, 5, 9, 20, 30, 1000]) func runsOfAnyLengthAreProven(limit: Int) throws {
        let run = try ProvenRun.whole(limit: limit)
        #expect(run.isSatisfied)
        let proof = try #require(run.proof())
        let received = try RunProof(decoding: proof.encoded)
        #expect(received == proof)
        #expect(try received.check(of: run.trace.program).statement == run.statement)
    }

    @Test func itUsesEveryTable() throws {
        let run = try ProvenRun.whole()
        #expect(run.witnesses.allSatisfy { $0.active > 0 })
        #expect(run.statement.end == .halt)
    }

    /// Most of a small proof is rows and paths; how many differ by chance.
    @Test func smallRunsHaveSmallProofs() throws {
        let proof = try #require(try ProvenRun.whole().proof())
        #expect(proof.messages.count < 1 << 16)
    }
}
