// The memory of a proof is known before any is taken, and no proof takes more than the limit.
import Primitives
import Testing

@testable import ExecutionProof
@testable import Prover

@Suite struct MemoryTests {
    private func needed(_ run: ProvenRun) throws -> UInt64 {
        let claim = try Claim(run.statement, run.disclosure, of: run.trace.program)
        let layout = try #require(ProofLayout(claim.problem(margin: 0)))
        return ProofMemory.bytes(claim.problem(margin: 0), layout)
    }

    private func prove(_ run: ProvenRun, limit: UInt64) throws(ProvingFailure) -> RunProof {
        let prover = RunProver(workers: Workers(count: 1), memoryLimitBytes: limit)
        return try prover.proof(of: run.trace, states: [(Digest(), Digest())], margin: 0)
    }

    @Test func aProofOverTheLimitIsRefused() throws {
        let run = try ProvenRun.whole()
        let needed = try needed(run)
        #expect(throws: ProvingFailure.memory(needed: needed, limit: needed - 1)) {
            try prove(run, limit: needed - 1)
        }
        #expect(try prove(run, limit: needed).statement == run.statement)
    }

    /// Proofs of one shape use the memory of the one before; another shape lets go of it.
    @Test func whatIsTakenIsWithinTheBound() throws {
        let prover = RunProver(workers: Workers(count: 2))
        for limit in [1000, 1000, 3, 40, 1000, 1] {
            let run = try ProvenRun.whole(limit: limit)
            _ = try prover.proof(of: run.trace, states: [(Digest(), Digest())], margin: 0)
            let claim = try Claim(run.statement, run.disclosure, of: run.trace.program)
            let layout = try #require(ProofLayout(claim.problem(margin: 0)))
            let bound = ProofMemory.pool(claim.problem(margin: 0), layout)
            let taken = UInt64(prover.prover.pool.elements) * 16
            #expect(taken > 0 && taken <= bound && bound < 2 * taken, "\(limit) steps")
        }
    }
}
