// Why the proof of a file or of a transition is refused, in one sentence for people.
import Agents
import Primitives

extension ProofFileFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .program(let refusal): "the program in it cannot be read: \(refusal.sentence)"
        case .unprovable(let failure): failure.description
        case .chain(let failure): failure.description
        case .host(let failure): failure.description
        }
    }
}

extension TransitionProofFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noProof: "the transition has no proof"
        case .wrongProgram: "the transition is of another program"
        case .wrongExchange: "the exchange is not the one that was signed"
        case .malformed(let failure):
            "the proof cannot be read: \(failure.reason) at byte \(failure.offset)"
        case .wrongOldRoot: "the proof begins in another state than the transition"
        case .wrongNewRoot: "the proof ends in another state than the transition"
        case .wrongEffort(let steps, let gas):
            "the proof shows \(steps) steps and \(gas) gas, which is not what the transition says"
        case .chain(let failure): failure.description
        case .unknownCall(let number): "the program made call \(number), which agents do not have"
        case .dialogue(let failure): failure.proofSentence
        case .wrongWord(let run, let step):
            "the host would not have given what register 7 held after step \(step) of run "
                + "\(run + 1)"
        case .wrongEnd: "the run does not rest where and when the transition says"
        case .unreadInput: "the run did not read all that the transition says it was told"
        case .wrongOutput: "the run wrote other words than the transition says"
        case .wrongRequests: "the run asked for other things than the transition says"
        }
    }
}

extension ProgramRefusal {
    /// Also where no proof is concerned.
    package var sentence: String {
        switch self {
        case .tooLarge: "it has more than \(AgentLimits.programBytes) bytes"
        case .malformed(let failure):
            "it is no standard program, \(failure.reason) at byte \(failure.offset)"
        case .imageTooLarge: "its heap and stack are larger than an agent's may be"
        case .growsHeap(let pc): "it grows its heap at \(pc), which agents cannot"
        }
    }
}

extension RunFailure {
    /// As part of a sentence about a run.
    package var proofSentence: String {
        switch self {
        case .invalidImage: "the state is not one of the program"
        case .panic(let pc): "the program panics at \(pc)"
        case .pageFault(let address, let pc):
            "the program reaches the page at \(address), which no agent has, at \(pc)"
        case .outOfGas: "the gas for one transition is used up"
        case .unknownCall(let number): "the program makes call \(number), which agents do not have"
        case .tooLong: "the program says or is told more than a transition holds"
        case .invalidRequest: "what the program asked is no request"
        case .askedAfterCall: "the program asks again after a request that the ledger answers"
        case .nothingAsked: "the program reads an answer and asked nothing"
        case .unfinished: "the program rests with a request half written or an answer half read"
        case .unreadInput: "the program did not read its messages to their end"
        case .missingWitness(let leaf): "leaf \(leaf) of the state is not shown"
        }
    }
}
