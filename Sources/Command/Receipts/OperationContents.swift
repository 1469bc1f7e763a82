// What the operation of a receipt says: for a transition also what it was accepted on.
import Agents
import Cryptography
import ExecutionProof
import JSON
import Ledger
import Primitives
import Records

struct OperationContents {
    /// Nil where the command is none that this program knows.
    private let operation: SignedOperation?
    private let owner: OwnerID
    /// Of the command (docs/spec/ledger.md §2).
    private let number: UInt8
    private let isProofChecked: Bool

    /// Decodes the operation of a receipt that holds, and checks the proof of a transition.
    ///
    /// - Parameter program: a file with the program that the proof must be about; without it the
    ///   proof is what the validators checked.
    /// - Throws: where a program is given and the operation is no transition on a proof that holds.
    init(_ receipt: OperationReceipt, program: String?) throws(CommandFailure) {
        operation = try? SignedOperation(decoding: receipt.encodedOperation)
        owner = receipt.operation.owner
        number = receipt.operation.command[0]
        isProofChecked = program != nil
        guard let program else { return }
        guard let transition, case .proof = transition.evidence else {
            throw .refused("the operation is no transition with a proof")
        }
        let agent = try ProofVerbs.provable(try AgentHome.program(program))
        do throws(TransitionProofFailure) {
            try transition.checkProof(agent)
        } catch {
            throw .refused("the proof of the transition does not hold: \(error)")
        }
    }

    private var transition: Transition? {
        guard case .transition(.submit(let transition)) = operation?.command else { return nil }
        return transition
    }

    private var facts: [(name: String, value: String)] {
        var facts = [("owner", owner.hex), ("commandNumber", "\(number)")]
        guard let transition else { return facts }
        let header = transition.header
        facts += [
            ("agent", header.agent.hex), ("transition", "\(header.sequence)"),
            ("program", header.program.hex), ("oldRoot", header.oldRoot.hex),
            ("newRoot", header.newRoot.hex), ("steps", "\(header.effort.steps)"),
            ("gas", "\(header.effort.gas)"),
        ]
        guard case .proof(let proof) = transition.evidence else {
            return facts + [("evidence", "re-execution")]
        }
        return facts + [
            ("evidence", "proof"), ("proofBytes", "\(proof.count)"),
            ("proofDigest", BLAKE3.hash(proof).hex),
            ("proofChecked", isProofChecked ? "here" : "by the validators"),
        ]
    }

    /// One line for each fact.
    var text: String {
        var list = Facts()
        for fact in facts { list.add(fact.name, fact.value) }
        return list.text
    }

    var json: [JSONMember] {
        [
            JSONMember(
                "contents",
                .object(facts.map { JSONMember($0.name, .string($0.value)) }))
        ]
    }
}
