// An agent reads another's state: leaves of it, proven against its accepted root, as an answer.
import Agents
import Primitives

extension TransitionsState {
    /// Whether an agent runs, lets others read its state, and has these leaves.
    func isReadable(
        _ agent: AgentID, _ leaves: HostRequest.Leaves, by reader: AgentID
    ) -> Bool {
        guard agent != reader, let instance = instance(agent), instance.status == .running,
            instance.policy.isReadable, let program = decodedProgram(instance.program)
        else { return false }
        return Int(leaves.first) + leaves.count <= program.windowLeafCount
    }

    /// Answers a waiting agent with leaves of this one's state; the answer names the transition
    /// that left it, on which the reader's next one depends.
    mutating func show(
        _ agent: AgentID, to reader: AgentID, _ proof: Multiproof
    ) throws(TransitionsFailure) -> Effect {
        let instance = try running(agent)
        guard var waiting = self.instance(reader), waiting.status == .running,
            waiting.call?.callee == agent, let leaves = waiting.call?.openLeaves
        else { throw .notAsked }
        guard let program = decodedProgram(instance.program) else { throw .programUnknown }
        guard proof.shows(leaves, of: instance.root, leafCount: program.leafCount) else {
            throw .wrongState(sequence: instance.sequence, root: instance.root)
        }
        let height = AgentHeight(agent: agent, sequence: instance.sequence)
        waiting.call?.answer = LedgerAnswer(
            status: .done, words: proof.words,
            by: Dependency(height: height, root: instance.root))
        set(waiting)
        return .stateShown(height, to: reader)
    }
}
