// Honest tables of all sizes are proven, and on any number of threads by the same bytes.
import Ligerito
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
}
