// Why a proof is refused, in one sentence for people: what is wrong, where, and what it means.
import Ligerito
import Primitives

extension ClaimFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .runs:
            "the numbers of its statements and of the runs it shows differ, or are not 1 to "
                + "\(Claim.mostRuns)"
        case .wrongProgram: "it is about another program"
        case .unknownEntry(let pc): "no instruction begins at \(pc), where a run is said to begin"
        case .unknownLast(let pc): "no instruction begins at \(pc), said to be the last of a run"
        case .unknownEnd(let pc): "no instruction begins at \(pc), where a run is said to end"
        case .steps: "the steps it claims are not those it has rows for"
        case .rows(let table): "it claims more rows of the table \(table) than there may be"
        case .instruction(let position):
            "the uses of instruction \(position) are out of order, too many, or of no instruction"
        case .jump(let address): "the uses of the jump to \(address) are out of order or too many"
        case .uses: "the uses of its instructions do not add up to its steps"
        case .gas: "the gas it claims is not that of its steps"
        case .registers: "it does not show the registers as they are"
        case .cell(let address):
            "the memory at \(UInt64(address) * 8) is shown out of order, out of range, or changed "
                + "where it can only be read"
        case .clock: "it says that something was used when no step was made"
        case .event(let step): "the call at step \(step) is out of order or after the last step"
        }
    }
}

extension ProofFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .impossibleSize: "it claims more rows than can be proven"
        case .truncated: "its messages end too early"
        case .trailingBytes: "bytes follow its last message"
        case .rowsNotCommitted(let level):
            "rows opened at level \(level) are not those it committed to, so nothing is shown"
        case .openingRefused: "what it committed to does not have the value it claims"
        case .stepRefused(let step): "\(step.sentence), so the run did not happen as claimed"
        }
    }
}

extension ProofStep {
    fileprivate var sentence: String {
        switch self {
        case .products: "what the tables put into the channels is not what they took out"
        case .leaves: "the channels hold other tuples than the tables"
        case .constraints: "a rule of the machine does not hold in some row"
        case .merge: "the claims about the rows do not agree"
        case .columns: "the claims about the columns do not agree"
        case .ringSwitch: "the bits of the columns are not those committed to"
        }
    }
}

extension RunProofFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .claim(let failure): failure.description
        case .proof(let failure): failure.description
        }
    }
}

extension StateFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrongProgram: "the state is one of another program"
        case .malformedWitness:
            "the part of the state it shows is not exactly what the run touched"
        case .wrongOldRoot: "the state it shows does not have the root the run begins with"
        case .register(let number): "register \(number) is not what the state holds"
        case .wrongEntry: "the run does not begin where the state says"
        case .cell(let address):
            "the memory at \(UInt64(address) * 8) is not what the state holds, or not the agent's"
        case .wrongNewRoot: "the run does not leave the state whose root it claims"
        }
    }
}

extension JointFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .witnesses: "it does not show the state of each of its runs"
        case .proof(let failure): failure.description
        case .state(let run, let failure): "run \(run + 1) of it: \(failure)"
        }
    }
}

extension ChainFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "there is no proof in it"
        case .goesOn(let run): "run \(run + 1) follows after the agent ended"
        case .broken(let run):
            "run \(run + 1) begins in another state than the one before it left"
        case .refused(let proof, let failure): "proof \(proof + 1): \(failure)"
        case .weak(let bits):
            "its proofs have \(bits) bits of soundness together, fewer than "
                + "\(LigeritoParameters.soundnessBits)"
        }
    }
}

extension HostRuleFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownCall(let step): "step \(step) makes a call that agents do not have"
        case .changedRegister(let step):
            "the call at step \(step) gives nothing and still changed register 7"
        case .goesOn(let step): "steps follow after step \(step) ended the agent"
        }
    }
}

extension UnprovableProgram: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLong:
            "the program has more than \(ProvableProgram.mostInstructions) instructions"
        }
    }
}
