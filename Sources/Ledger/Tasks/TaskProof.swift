// How a proof is held against the run that a task asks for (docs/spec/tasks.md §4).
import Agents
import ExecutionProof
import Primitives

/// Why a proof does not show the result of a task's run. The checks are made in this order.
public enum TaskProofFailure: Error, Hashable, Sendable {
    case malformed(DecodingFailure)
    /// The run does not begin in the program's first state.
    case wrongStart
    case chain(ChainFailure)
    case host(HostRuleFailure)
    /// It made a call that tasks do not have.
    case asked
    /// It did not read exactly the words of the task.
    case wrongInput
    /// It wrote more words than a run may.
    case tooLong
    /// The words written are not those of the result.
    case wrongOutput
    /// It does not rest where a run ends: by its end, or before a read.
    case wrongEnd
}

extension TaskRun {
    /// Throws unless the proof shows that the program, given the words of the task, came to
    /// `result`.
    ///
    /// Takes milliseconds, whatever the program does.
    func check(
        _ bytes: [UInt8], result: Digest, of program: ProvableAgent
    ) throws(TaskProofFailure) {
        let chain: ProofChain
        do { chain = try ProofChain(decoding: bytes) } catch { throw .malformed(error) }
        guard chain.roots?.before == program.agent.initialRoot else { throw .wrongStart }
        do { try chain.check(of: program) } catch { throw .chain(error) }
        let words: HostWords
        do { words = try HostWords(chain.statements) } catch { throw .host(error) }
        guard words.requests.isEmpty, words.answers.isEmpty else { throw .asked }
        guard words.input.count == Int(self.words), RunState.input(words.input) == input else {
            throw .wrongInput
        }
        guard words.output.count <= AgentLimits.wordsPerList else { throw .tooLong }
        guard RunState.output(words.output) == result else { throw .wrongOutput }
        if words.hasExited { return }
        guard case .before(let pc)? = chain.statements.last?.end,
            program.provable.call(at: pc) == HostCall.read.rawValue
        else { throw .wrongEnd }
    }
}
