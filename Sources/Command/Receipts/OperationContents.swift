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
        guard proof != nil else {
            throw .refused("the operation is no transition with a proof")
        }
        let agent = try ProofVerbs.provable(try AgentHome.program(program))
        do throws(TransitionProofFailure) {
            switch operation?.command {
            case .transition(.submit(let transition)): try transition.checkProof(agent)
            case .transition(.series(let series)): try series.checkProof(agent)
            default: break
            }
        } catch {
            throw .refused("the proof of the transition does not hold: \(error)")
        }
    }

    /// The headers of its transitions; empty for another operation.
    private var headers: [TransitionHeader] {
        switch operation?.command {
        case .transition(.submit(let transition)): [transition.header]
        case .transition(.series(let series)): series.members.map(\.header)
        default: []
        }
    }

    private var proof: [UInt8]? {
        switch operation?.command {
        case .transition(.series(let series)): return series.proof
        case .transition(.submit(let transition)):
            guard case .proof(let proof) = transition.evidence else { return nil }
            return proof
        default: return nil
        }
    }

    private var facts: [(name: String, value: String)] {
        var facts = [("owner", owner.hex), ("commandNumber", "\(number)")]
        guard let first = headers.first, let last = headers.last else { return facts }
        let (steps, gas) = headers.reduce((UInt64(0), UInt64(0))) {
            ($0.0 &+ $1.effort.steps, $0.1 &+ $1.effort.gas)
        }
        facts += [
            ("agent", first.agent.hex),
            headers.count == 1
                ? ("transition", "\(first.sequence)")
                : ("transitions", "\(first.sequence) to \(last.sequence)"),
            ("program", first.program.hex), ("oldRoot", first.oldRoot.hex),
            ("newRoot", last.newRoot.hex), ("steps", "\(steps)"), ("gas", "\(gas)"),
        ]
        guard let proof else {
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
