// Whole proofs have at least 100 bits, whatever the heights of their tables.
import Ligerito
import Testing

@testable import ExecutionProof

@Suite struct SoundnessTests {
    /// All tables with so many rows, or as many as they may have.
    @Test(arguments: [1, 100, 5000, 1 << 14, 1 << 16, 1 << 19]) func proofsOfAnySize(
        rows: Int
    ) throws {
        let parts = ConstraintSystem.tables.map { table in
            ProofProblem.Part(table: table, runs: RowRuns(active: min(rows, table.kind.mostRows)))
        }
        let problem = ProofProblem(
            statement: [], parts: parts, pushes: [], pulls: [], ends: [RunWords(entry: 0, exit: 0)], margin: 0)
        let layout = try #require(ProofLayout(problem))
        #expect(layout.soundness(tuples: 1 << 20).bits >= LigeritoParameters.soundnessBits)
    }

    @Test func aClaimSaysIt() throws {
        let run = try ProvenRun.whole()
        let claim = try Claim(run.statement, run.disclosure, of: run.trace.program)
        let bits = try #require(claim.soundness(margin: 0)?.bits)
        #expect((100...103).contains(bits))
    }
}
