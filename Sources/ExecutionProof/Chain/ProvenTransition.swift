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
        let said = SaidTransition(header: header, exchange: exchange)
        try SaidTransition.check([said], bytes, of: program)
    }
}

extension TransitionSeries {
    /// Throws unless the proof shows all transitions, one after the other, as `Transition` says of
    /// one. Which runs are whose follows from the steps stated.
    public func checkProof(_ program: ProvableAgent) throws(TransitionProofFailure) {
        let said = members.map { SaidTransition(header: $0.header, exchange: $0.exchange) }
        try SaidTransition.check(said, proof, of: program)
    }
}

/// What is signed of a transition, and the words that belong to it.
private struct SaidTransition {
    let header: TransitionHeader
    let exchange: Exchange

    static func check(
        _ transitions: [SaidTransition], _ proof: [UInt8], of program: ProvableAgent
    ) throws(TransitionProofFailure) {
        for said in transitions {
            guard said.header.program == program.agent.identity else { throw .wrongProgram }
            guard said.header.exchange == said.exchange.digest else { throw .wrongExchange }
        }
        let chain = try chain(proof)
        let shares = try shares(of: chain.statements, transitions)
        do throws(ChainFailure) {
            try chain.check(of: program)
        } catch {
            throw .chain(error)
        }
        for (said, share) in zip(transitions, shares) { try said.check(share, program) }
    }

    private static func chain(_ bytes: [UInt8]) throws(TransitionProofFailure) -> ProofChain {
        do throws(DecodingFailure) {
            return try ProofChain(decoding: bytes)
        } catch {
            throw .malformed(error)
        }
    }

    /// The runs of each transition: as many as its steps take, and the last one the rest.
    private static func shares(
        of statements: [Statement], _ transitions: [SaidTransition]
    ) throws(TransitionProofFailure) -> [ArraySlice<Statement>] {
        var shares: [ArraySlice<Statement>] = []
        var rest = statements[...]
        for (place, said) in transitions.enumerated() {
            var (count, steps) = (0, UInt64(0))
            for statement in rest where steps < said.header.effort.steps {
                steps += UInt64(statement.steps)
                count += 1
            }
            let share = place == transitions.count - 1 ? rest : rest.prefix(count)
            guard share.first?.before == said.header.oldRoot else { throw .wrongOldRoot }
            guard share.last?.after == said.header.newRoot else { throw .wrongNewRoot }
            guard share.steps == said.header.effort.steps else {
                throw .wrongEffort(steps: share.steps, gas: share.gas)
            }
            shares.append(share)
            rest = rest.dropFirst(share.count)
        }
        return shares
    }

    /// Holds proven runs against the words.
    private func check(
        _ share: ArraySlice<Statement>, _ program: ProvableAgent
    ) throws(TransitionProofFailure) {
        var told = try ToldRun(self)
        for (run, statement) in zip(share.indices, share) { try told.hear(statement, run: run) }
        try told.rest(in: program.provable)
        try compare(told.dialogue, share)
    }

    private func compare(
        _ dialogue: Dialogue, _ share: ArraySlice<Statement>
    ) throws(TransitionProofFailure) {
        let turns = dialogue.yields + (header.end == .yielded ? 0 : 1)
        guard turns == Int(header.effort.turns) else { throw .wrongEnd }
        guard dialogue.hasReadInput else { throw .unreadInput }
        guard dialogue.output == exchange.output else { throw .wrongOutput }
        guard dialogue.requests == exchange.requests else { throw .wrongRequests }
        let (gas, overflow) = share.gas.addingReportingOverflow(dialogue.charges)
        guard !overflow, gas == header.effort.gas else {
            throw .wrongEffort(steps: share.steps, gas: share.gas &+ dialogue.charges)
        }
    }
}

extension ArraySlice<Statement> {
    fileprivate var steps: UInt64 { reduce(0) { $0 + UInt64($1.steps) } }
    fileprivate var gas: UInt64 { reduce(0) { $0 &+ $1.gas } }
}

/// The calls of proven steps, held against what the host of this transition says.
private struct ToldRun {
    private(set) var dialogue: Dialogue
    private let end: TransitionEnd
    /// Of the run heard last.
    private var statement: Statement?

    init(_ said: SaidTransition) throws(TransitionProofFailure) {
        end = said.header.end
        do throws(RunFailure) {
            dialogue = try Dialogue(of: said.header, said.exchange)
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
