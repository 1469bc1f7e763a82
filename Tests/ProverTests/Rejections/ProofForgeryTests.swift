// A valid proof that was touched, or that is shown for something else.
import Ligerito
import Primitives
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct ProofForgeryTests {
    private static func failure(_ proof: [UInt8], _ problem: ProofProblem) -> ProofFailure? {
        do throws(ProofFailure) {
            try ProofCheck.verify(proof, of: problem)
            return nil
        } catch {
            return error
        }
    }

    /// A bit of every byte before the opening, and of some in it: `LigeritoTests` tries all there.
    @Test func everyByteCounts() throws {
        let toy = Toy(active: 2, seed: 5)
        var proof = try #require(toy.proof())
        var generator = SeededGenerator(seed: 6)
        var index = 0
        while index < proof.count {
            let kept = proof[index]
            proof[index] ^= 1 << UInt8(generator.next() % 8)
            #expect(Self.failure(proof, toy.problem) != nil, "byte \(index)")
            proof[index] = kept
            index += index < 4500 ? 3 : 23
        }
        #expect(Self.failure(proof, toy.problem) == nil)
    }

    @Test func truncatedAndExtended() throws {
        let toy = Toy(active: 3, seed: 7)
        let proof = try #require(toy.proof())
        for length in stride(from: 0, to: proof.count, by: 61) {
            #expect(Self.failure(Array(proof[..<length]), toy.problem) != nil, "\(length) bytes")
        }
        #expect(Self.failure(Array(proof.dropLast()), toy.problem) == .truncated)
        #expect(Self.failure(proof + [0], toy.problem) == .trailingBytes)
    }

    @Test func theStatementChangedAfterwards() throws {
        let toy = Toy(active: 3, seed: 8)
        let proof = try #require(toy.proof())
        let old = toy.problem
        let others = [
            ProofProblem(
                statement: old.statement + [0], parts: old.parts, pushes: old.pushes, pulls: [],
                ends: [RunWords(entry: old.ends[0].entry, exit: old.ends[0].exit)], margin: 0),
            ProofProblem(
                statement: old.statement, parts: old.parts, pushes: old.pushes, pulls: [],
                ends: [RunWords(entry: old.ends[0].entry ^ 1, exit: old.ends[0].exit)], margin: 0),
            ProofProblem(
                statement: old.statement, parts: old.parts, pushes: old.pushes, pulls: [],
                ends: [RunWords(entry: old.ends[0].entry, exit: old.ends[0].exit ^ 1 << 63)], margin: 0),
            old.with(pushes: [], pulls: []),
            old.with(pushes: old.pushes, pulls: [Tuple(.jump, [0, 0])]),
        ]
        for (index, other) in others.enumerated() {
            #expect(Self.failure(proof, other) != nil, "statement \(index)")
        }
    }

    @Test func theProofOfOtherTables() throws {
        let (one, two) = (Toy(active: 3, seed: 9), Toy(active: 3, seed: 10))
        #expect(Self.failure(try #require(two.proof()), one.problem) != nil)
    }

    @Test func tooManyRowsAreRefusedBeforeAnythingIsRead() {
        let part = ProofProblem.Part(table: Toy.steps, runs: RowRuns(active: Toy.steps.kind.mostRows + 1))
        let problem = ProofProblem(
            statement: [], parts: [part], pushes: [], pulls: [], ends: [RunWords(entry: 0, exit: 0)], margin: 0)
        #expect(ProofLayout(problem) == nil)
        #expect(Self.failure([], problem) == .impossibleSize)
    }
}
