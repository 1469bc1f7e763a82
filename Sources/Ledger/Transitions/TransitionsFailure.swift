// Why the transitions' chapter refuses, in the order in which it looks.
import Agents
import ExecutionProof
import Primitives

/// Why a command of this chapter is refused. Within one command the checks are made in this order.
public enum TransitionsFailure: Error, Hashable, Sendable {
    case ownerUnknown
    /// There is no such agent, or it has another owner.
    case agentUnknown
    /// The signing key is not in force for the owner, nor, where that would do, the agent's.
    case notAllowed
    case invalidProgram(ProgramRefusal)
    case programExists
    case programUnknown
    /// The agent is suspended or retired.
    case agentNotActive
    /// The agent has no key to sign transitions with.
    case noKey
    /// Its program runs, or its key signed two futures.
    case instanceExists
    case instanceUnknown
    /// The program exited, or its key signed two futures.
    case notRunning
    /// It would pass `InstanceAccount.mostDeposit`.
    case depositTooLarge
    /// The owner's account does not have that much.
    case insufficient(balance: Amount)
    /// More is to be taken back than is there.
    case withdrawalTooLarge(deposit: UInt64)
    case wrongChain
    case wrongProgram
    /// The state it starts from is not the accepted one any more: this is. No penalty.
    case stale(sequence: UInt64, root: Digest)
    /// A transition before it is missing; this is the accepted state.
    case gap(sequence: UInt64, root: Digest)
    /// No turns, too many, or more gas than the chain allows.
    case overLimit
    /// The time it was told is after the ledger's, or before the last transition's.
    case wrongTime
    case wrongExchange
    case invalidSignature
    /// It takes over another answer than the ledger's, or none where there is one.
    case wrongAnswer
    /// A call is read together with anything else, or in more than one turn.
    case mixedCall
    /// No agent waits with that call.
    case callUnknown(AgentID)
    /// It does not end where a request for the ledger is open.
    case wrongEnd
    case wrongDependencies
    case wrongClock
    case evidenceNotAccepted
    case depositTooSmall(fee: UInt64)
    case reexecution(ReexecutionFailure)
    case proof(TransitionProofFailure)
    /// People would have to agree to its transfer and cannot be asked.
    case approval(ApprovalFailure)
    /// Nobody is waited for, or not for 60 s yet.
    case notDue
    /// That agent does not wait for this one's state.
    case notAsked
    /// Other leaves than those asked for, or not of the accepted state: this one.
    case wrongState(sequence: UInt64, root: Digest)
    /// The headers are not two for one place.
    case noContradiction
}
