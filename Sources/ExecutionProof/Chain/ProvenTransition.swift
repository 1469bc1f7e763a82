// How a transition is checked by its proof alone: the program is not run again
// (docs/spec/agents.md §3).
import Agents
import PVM
import Primitives

/// Why a proof does not show what its transition says. The checks are made in this order.
public enum TransitionProofFailure: Error, Hashable, Sendable {
    /// The evidence is not a proof.
    case noProof
    case wrongProgram
    /// The exchange is not the one that was signed.
    case wrongExchange
    case malformed(DecodingFailure)
    case wrongOldRoot
    case wrongNewRoot
    /// The proof has other steps, or other gas with that of the requests, than the transition.
    case wrongEffort(steps: UInt64, gas: UInt64)
    case chain(ChainFailure)
    /// A call that agents do not have.
    case unknownCall(UInt32)
    /// The program says something that no agent may.
    case dialogue(RunFailure)
    /// Register 7 after a call is not what the host answers.
    case wrongWord(run: Int, step: UInt32)
    /// The run does not rest where and when the transition says.
    case wrongEnd
    /// Not all of the messages was read.
    case unreadInput
    case wrongOutput
    case wrongRequests
}

extension Transition {
    /// Throws unless the proof shows that the program, told what the transition says it was told,
    /// does what the transition says and leaves the new state.
    ///
    /// Accepts what `reexecute` accepts with the other evidence, and takes milliseconds whatever
    /// the program does.
    public func checkProof(_ program: ProvableAgent) throws(TransitionProofFailure) {
        guard case .proof(let bytes) = evidence else { throw .noProof }
        guard header.program == program.agent.identity else { throw .wrongProgram }
        guard header.exchange == exchange.digest else { throw .wrongExchange }
        let chain = try Self.chain(bytes)
        guard chain.roots?.before == header.oldRoot else { throw .wrongOldRoot }
        guard chain.roots?.after == header.newRoot else { throw .wrongNewRoot }
        guard chain.steps == header.effort.steps else { throw wrongEffort(chain, charges: 0) }
        do throws(ChainFailure) {
            try chain.check(of: program)
        } catch {
            throw .chain(error)
        }
        var told = try ToldRun(self)
        for (index, statement) in chain.statements.enumerated() {
            try told.hear(statement, run: index)
        }
        try told.rest(in: program.provable)
        try compare(told.dialogue, chain)
    }

    private static func chain(_ bytes: [UInt8]) throws(TransitionProofFailure) -> ProofChain {
        do throws(DecodingFailure) {
            return try ProofChain(decoding: bytes)
        } catch {
            throw .malformed(error)
        }
    }

    private func wrongEffort(_ chain: ProofChain, charges: UInt64) -> TransitionProofFailure {
        .wrongEffort(steps: chain.steps, gas: chain.gas &+ charges)
    }

    private func compare(
        _ dialogue: Dialogue, _ chain: ProofChain
    ) throws(TransitionProofFailure) {
        let turns = dialogue.yields + (header.end == .yielded ? 0 : 1)
        guard turns == Int(header.effort.turns) else { throw .wrongEnd }
        guard dialogue.hasReadInput else { throw .unreadInput }
        guard dialogue.output == exchange.output else { throw .wrongOutput }
        guard dialogue.requests == exchange.requests else { throw .wrongRequests }
        let (gas, overflow) = chain.gas.addingReportingOverflow(dialogue.charges)
        guard !overflow, gas == header.effort.gas else {
            throw wrongEffort(chain, charges: dialogue.charges)
        }
    }
}

/// The calls of proven steps, held against what the host of this transition says.
private struct ToldRun {
    private(set) var dialogue: Dialogue
    private let end: TransitionEnd
    /// Of the run heard last.
    private var statement: Statement?

    init(_ transition: Transition) throws(TransitionProofFailure) {
        end = transition.header.end
        do throws(RunFailure) {
            dialogue = try transition.dialogue()
        } catch {
            throw .dialogue(error)
        }
    }

    mutating func hear(
        _ statement: Statement, run: Int
    ) throws(TransitionProofFailure) {
        self.statement = statement
        for event in statement.events {
            guard let call = HostCall(rawValue: UInt64(event.number)) else {
                throw .unknownCall(event.number)
            }
            var register = event.before
            let rest = try take(call, &register)
            guard register == event.after else {
                throw .wrongWord(run: run, step: event.step)
            }
            switch rest {
            case nil, .yielded: break
            case .exited:
                guard event.step + 1 == statement.steps else { throw .wrongEnd }
            case .starved, .unanswered, .paused: throw .wrongEnd
            }
        }
    }

    private mutating func take(
        _ call: HostCall, _ register: inout UInt64
    ) throws(TransitionProofFailure) -> Rest? {
        do throws(RunFailure) {
            return try dialogue.take(call, &register)
        } catch {
            throw .dialogue(error)
        }
    }

    /// Throws unless the run rests at its end as the transition says.
    mutating func rest(in program: ProvableProgram) throws(TransitionProofFailure) {
        guard let statement, statement.hasExited == (end == .exited) else { throw .wrongEnd }
        switch end {
        case .exited: try finish()
        case .yielded:
            guard let last = statement.events.last, last.step + 1 == statement.steps,
                UInt64(last.number) == HostCall.yield.rawValue
            else { throw .wrongEnd }
        case .starved, .unanswered:
            let call: HostCall = end == .starved ? .read : .answer
            guard case .before(let pc) = statement.end, program.call(at: pc) == call.rawValue
            else { throw .wrongEnd }
            var register: UInt64 = 0
            let rest = try take(call, &register)
            guard rest == (end == .starved ? .starved : .unanswered) else {
                throw .unreadInput
            }
        }
    }

    private func finish() throws(TransitionProofFailure) {
        do throws(RunFailure) {
            try dialogue.finish()
        } catch {
            throw .dialogue(error)
        }
    }
}

extension ProvableProgram {
    /// The number of the host call that stands there; nil where none does.
    package func call(at pc: UInt32) -> UInt64? {
        guard let position = position(of: pc) else { return nil }
        let step = program.steps[Int(position)]
        return step.kernel == .call ? step.x : nil
    }
}
