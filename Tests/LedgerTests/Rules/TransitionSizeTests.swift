// A long run of instructions that have many rows in the tables fits one transition with its proof.
import Agents
import ExecutionProof
import Primitives
import Prover
import Records
import TestSupport
import Testing

@testable import Ledger

@Suite struct TransitionSizeTests {
    /// Multiplies eight times for each unit of the word it is told.
    private static let multiplier = """
        .stack 4096
        message:
            ecalli 0
            ecalli 0
            move_reg r2, r7
            load_imm r3, 3
            load_imm r4, 5
            fallthrough
        again:
            mul_64 r4, r3, r4
            mul_64 r3, r3, r4
            mul_upper_u_u r5, r3, r4
            mul_64 r3, r5, r4
            mul_64 r6, r6, r3
            mul_64 r4, r6, r5
            mul_64 r5, r3, r6
            mul_64 r3, r4, r4
            add_imm_64 r2, r2, -1
            branch_ne_imm r2, 0, again
            move_reg r7, r3
            ecalli 1
            ecalli 2
            jump message
        """

    /// Each has nine rows besides that of its step.
    @Test func fiveThousandMultiplications() throws {
        var world = try AgentWorld([Self.multiplier], accepting: .proof)
        world.say(0, [5_000 / 8])
        let draft = try #require(world.drafts[0])
        let prover = SegmentProver(
            try ProvableAgent(world.instances[0].program), workers: Workers(count: 2),
            segmentSteps: 1 << 14)
        var transition = try world.transition(0)
        transition.evidence = try prover.evidence(of: draft, from: world.instances[0].image)
        guard case .proof(let proof) = transition.evidence else { return }
        #expect(proof.count <= AgentLimits.proofBytes, "\(proof.count) bytes")
        #expect(transition.encoded.count <= AgentLimits.transitionBytes)
        let chain = try ProofChain(decoding: proof)
        #expect(chain.proofs.count == 1 && chain.steps >= 5_000)
        #expect(chain.proofs[0].proof.disclosure.rows[TableKind.product.rawValue] >= 5_000)
        let header = draft.header
        #expect(
            try world.run(.transition(.submit(transition)))
                == .transitionAccepted(
                    AgentHeight(agent: header.agent, sequence: 1), root: header.newRoot))
    }
}
