// The evidence of a transition as a proof, in the place of the part of the state that others would
// run the program on.
import Agents
import ExecutionProof
import Primitives

extension SegmentProver {
    /// The evidence of a transition that was made from `image`.
    ///
    /// The header stays as it is, and so do its digest and its signature: evidence is no part of
    /// them.
    public func evidence(
        of draft: TransitionDraft, from image: Image
    ) throws(AgentProofFailure) -> Evidence {
        var dialogue: Dialogue
        do throws(RunFailure) {
            dialogue = try draft.dialogue()
        } catch {
            throw .dialogue(error)
        }
        let chain = try proof(of: [
            RunRequest(image: image, steps: draft.header.effort.steps) { number, register in
                guard let call = HostCall(rawValue: UInt64(number)) else { return nil }
                var word = register
                do throws(RunFailure) {
                    let rest = try dialogue.take(call, &word)
                    return rest == .starved || rest == .unanswered ? nil : word
                } catch {
                    return nil
                }
            }
        ])
        guard let roots = chain.roots, roots.before == draft.header.oldRoot,
            roots.after == draft.header.newRoot
        else { throw .wrongRoot }
        let bytes = chain.encoded
        guard bytes.count <= AgentLimits.proofBytes else { throw .tooLarge(bytes: bytes.count) }
        return .proof(bytes)
    }
}
