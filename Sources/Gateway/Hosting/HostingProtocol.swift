// What those who run agents are told, and what they ask for: their whole protocol in two lists.
import Agents
import Environment
import Primitives

/// The two clocks at one moment.
struct HostingTime: Sendable {
    var now: Instant
    /// Nanoseconds.
    var monotonic: UInt64
}

/// What can happen.
enum HostingInput: Sendable {
    /// What the ledger says of some agents: those that are to run here are taken in.
    case look(AgentLook)
    /// What was kept of an agent that is taken in; nil where nothing was.
    case restored(AgentPlace, Result<[UInt8]?, DiskFailure>)
    /// A message from outside.
    case call(AgentID, OutsideCall)
    /// The state and the transition that waits are durable.
    case kept(AgentID)
    case notKept(AgentID, reason: String)
    /// The proof of the transitions of which the last has this header, or why there is none.
    case proven(AgentID, Digest, Result<[UInt8], ProvingRefusal>)
    /// What the ledger said to what was submitted last for the agent.
    case answered(AgentID, LedgerVerdict)
    /// What came of the records of a transition.
    case recorded(AgentID, sequence: UInt64, RecordingVerdict)
    /// There is time to run agents.
    case run
    /// A second has passed.
    case sweep
    /// The node stops.
    case close
}

/// What is asked for.
enum HostingAction: Sendable {
    /// To read what was kept of an agent.
    case restore(AgentPlace)
    /// To make this safe, and say so.
    case keep(AgentID, [UInt8])
    /// The agent has ended: nothing needs to be kept.
    case forget(AgentID)
    /// To prove transitions, on a thread of its own.
    case prove(AgentID, ProvingJob)
    case submit(HostedOperation)
    /// To record what a transition emitted, after so many nanoseconds.
    case record(AgentID, EmittedRecords, afterNanoseconds: UInt64)
    /// To tell the places of these agents, after so many nanoseconds.
    case look([AgentID], afterNanoseconds: UInt64)
    /// To answer whoever has this ticket.
    case reply(ticket: UInt64, Result<CallAnswer, Problem>)
    /// To write this into the log.
    case note(AgentID, event: String, detail: String)
}

/// Why a transition has no proof that it could be submitted with.
struct ProvingRefusal: Error, Hashable, Sendable {
    var reason: String
}

/// What became of emitted records.
enum RecordingVerdict: Hashable, Sendable {
    case final
    /// To be tried again.
    case undecided
    /// They will not be recorded.
    case refused(reason: String)
}
