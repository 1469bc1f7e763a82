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
        .proof(try proof(of: [(draft, image)]))
    }

    /// One proof of transitions that follow each other, each made from the image beside it.
    public func proof(
        of drafts: [(draft: TransitionDraft, image: Image)]
    ) throws(AgentProofFailure) -> [UInt8] {
        var requests: [RunRequest] = []
        for (draft, image) in drafts { requests.append(try Self.request(draft, from: image)) }
        let chain = try proof(of: requests)
        guard let roots = chain.roots, roots.before == drafts.first?.draft.header.oldRoot,
            roots.after == drafts.last?.draft.header.newRoot
        else { throw .wrongRoot }
        let bytes = chain.encoded
        guard bytes.count <= AgentLimits.proofBytes else { throw .tooLarge(bytes: bytes.count) }
        return bytes
    }

    private static func request(
        _ draft: TransitionDraft, from image: Image
    ) throws(AgentProofFailure) -> RunRequest {
        var dialogue: Dialogue
        do throws(RunFailure) {
            dialogue = try draft.dialogue()
        } catch {
            throw .dialogue(error)
        }
        return RunRequest(image: image, steps: draft.header.effort.steps) { number, register in
            guard let call = HostCall(rawValue: UInt64(number)) else { return nil }
            var word = register
            do throws(RunFailure) {
                let rest = try dialogue.take(call, &word)
                return rest == .starved || rest == .unanswered ? nil : word
            } catch {
                return nil
            }
        }
    }
}
