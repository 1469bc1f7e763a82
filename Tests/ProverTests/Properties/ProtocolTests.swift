// Honest tables of all sizes are proven, and on any number of threads by the same bytes.
import Ligerito
import Prover
import Testing

@testable import ExecutionProof

@Suite struct ProtocolTests {
    @Test(arguments: [1, 2, 3, 7, 8, 9, 16, 100, 1000]) func honestTablesPass(active: Int) throws {
        let toy = Toy(active: active, seed: UInt64(active))
        let proof = try #require(toy.proof())
        try ProofCheck.verify(proof, of: toy.problem)
    }

    @Test func threadsDoNotChangeTheProof() throws {
        let toy = Toy(active: 5000, seed: 1)
        #expect(try #require(toy.proof()) == toy.proof(threads: 3))
    }

    /// Memory that was used before does not show.
    @Test func aProverThatProvedOtherThings() throws {
        let prover = ExecutionProver(workers: Workers(count: 2))
        for active in [700, 9, 2000, 9, 700] {
            let toy = Toy(active: active, seed: UInt64(active))
            #expect(try #require(prover.proof(of: toy.problem, toy.witnesses)) == toy.proof())
        }
    }
}
