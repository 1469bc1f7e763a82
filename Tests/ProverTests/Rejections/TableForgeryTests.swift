// Tables that are wrong in one bit: the verifier refuses what a look at each row refuses.
import Primitives
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct TableForgeryTests {
    /// Every word of every row, one or more of its bits for each seed.
    @Test(arguments: [1, 2, 9], propertySeeds.prefix(2)) func singleBits(active: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var toy = Toy(active: active, seed: seed)
        #expect(toy.isSatisfied)
        for part in toy.witnesses.indices {
            for word in toy.witnesses[part].words.indices {
                let bit: UInt64 = 1 << (generator.next() % 64)
                toy.witnesses[part].words[word] ^= bit
                let verdicts = (toy.isSatisfied, toy.isAccepted)
                #expect(verdicts.0 == verdicts.1, "seed \(seed), part \(part), word \(word), \(bit)")
                toy.witnesses[part].words[word] ^= bit
            }
        }
    }

    @Test func twoErrorsDoNotCancel() {
        var toy = Toy(active: 4, seed: 1)
        // The same wrong bit in two rows of one constraint's output.
        toy.witnesses[0][4, 1] ^= 2
        toy.witnesses[0][4, 2] ^= 2
        #expect(!toy.isSatisfied && !toy.isAccepted)
    }

    @Test func equalTuplesDoNotCancel() {
        var toy = Toy(active: 8, seed: 2)
        // Two more copies of a tuple, or none instead of two, are not the same multiset.
        let tuple = Tuple(.shift, [99, 1, 2, 3])
        toy.problem = toy.problem.with(pushes: toy.problem.pushes + [tuple, tuple], pulls: [])
        #expect(!toy.isSatisfied && !toy.isAccepted)
        toy.problem = toy.problem.with(pushes: toy.problem.pushes, pulls: [tuple, tuple])
        #expect(toy.isSatisfied && toy.isAccepted)
    }

    @Test func tuplesOfAnotherChannel() {
        var toy = Toy(active: 3, seed: 3)
        let (one, other) = (Tuple(.shift, [5, 0, 0, 0]), Tuple(.product, [5, 0, 0, 0]))
        toy.problem = toy.problem.with(pushes: toy.problem.pushes + [one], pulls: [other])
        #expect(!toy.isSatisfied && !toy.isAccepted)
    }

    /// A table whose rows beyond its height act, or that is shorter than it says.
    @Test(arguments: [-1, 1]) func anotherHeight(difference: Int) throws {
        let toy = Toy(active: 5, seed: 4)
        let proof = try #require(toy.proof())
        var parts = toy.problem.parts
        parts[0] = .init(table: parts[0].table, runs: RowRuns(active: 5 + difference))
        let other = ProofProblem(
            statement: toy.problem.statement, parts: parts, pushes: toy.problem.pushes,
            pulls: [], ends: toy.problem.ends, margin: 0)
        #expect(throws: (any Error).self) { try ProofCheck.verify(proof, of: other) }
    }
}

extension ProofProblem {
    func with(pushes: [Tuple], pulls: [Tuple]) -> ProofProblem {
        ProofProblem(
            statement: statement, parts: parts, pushes: pushes, pulls: pulls,
            ends: ends, margin: 0)
    }
}
