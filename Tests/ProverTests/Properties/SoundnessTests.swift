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

    /// As many proofs as a chain may have, each of as many steps as a prover puts into one, of any
    /// kind: together they are as sure as one must be.
    @Test(arguments: [1, 2, 3, ProofChain.mostProofs]) func chainsOfAnyLength(proofs: Int) throws {
        let margin = ProofChain.margin(proofs: proofs)
        // Steps; all of them accesses, shifts, products, divisions, counts, or jumps.
        for kinds in [[TableKind.steps], [.memory], [.shift], [.product], [.quotient], [.jump]] {
            var active = [TableKind.steps: 1 << 14]
            for kind in kinds { active[kind] = 1 << 14 }
            if active[.quotient] != nil { active[.product] = 1 << 14 }
            if let products = active[.product] { active[.partial] = 8 * products }
            let parts = ConstraintSystem.tables.compactMap { table in
                active[table.kind].map {
                    ProofProblem.Part(table: table, runs: RowRuns(active: $0))
                }
            }
            let problem = ProofProblem(
                statement: [], parts: parts, pushes: [], pulls: [],
                ends: [RunWords(entry: 0, exit: 0)], margin: margin)
            let layout = try #require(ProofLayout(problem))
            let one = layout.soundness(tuples: 1 << 16)
            let all = (1..<proofs).reduce(one) { sum, _ in sum + one }
            #expect(all.bits >= LigeritoParameters.soundnessBits, "\(kinds)")
        }
    }

    @Test func aClaimSaysIt() throws {
        let run = try ProvenRun.whole()
        let claim = try Claim(run.statement, run.disclosure, of: run.trace.program)
        let bits = try #require(claim.soundness(margin: 0)?.bits)
        #expect((100...103).contains(bits))
    }
}
