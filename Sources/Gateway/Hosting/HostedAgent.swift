// One agent that runs here: its place in the ledger, its key, what waits for the ledger, and who
// waits for it.
import Agents
import Cryptography
import Ledger
import Primitives

/// An agent that runs a program, as the ledger has it at one time.
struct AgentPlace: Sendable {
    var instance: AgentInstance
    var owner: OwnerID
    /// What its owner calls it.
    var name: String
    /// All zero where it has none.
    var key: PublicKey
    /// The program's bytes.
    var program: [UInt8]

    var agent: AgentID { instance.agent }
    var height: AgentHeight { AgentHeight(agent: agent, sequence: instance.sequence) }
}

/// What was asked of the ledger, and its consensus time.
struct AgentLook: Sendable {
    var places: [AgentPlace]
    var time: Instant
}

/// What came of a message from outside.
struct CallAnswer: Sendable {
    /// What the agent wrote from the transition on that read the message.
    var output: [UInt64] = []
    var transitions = 0
    /// Of those transitions.
    var steps: UInt64 = 0
    /// Where the agent is now.
    var sequence: UInt64 = 0
    var root = Digest()
}

/// A message from outside; who waits for the answer has the ticket.
struct OutsideCall: Hashable, Sendable {
    var words: [UInt64]
    /// By the monotonic clock.
    var arrival: UInt64
    /// Answered once.
    var ticket: UInt64
}

/// The message that the agent was given last.
struct CallUnderWay: Sendable {
    /// Nil once the one who asked was told that it takes too long.
    var call: OutsideCall?
    /// Whether an accepted transition read it.
    var isRead = false
    var answer = CallAnswer()
}

/// What is to be done about a submission once the ledger was looked at.
enum Resolution: Sendable {
    case resend
    case again
    case withoutWhatItRead
}

/// What the ledger was asked in the name of an agent and has not answered yet.
enum Asking: Hashable, Sendable {
    /// The transition that waits is made safe, proven, or submitted.
    case transition
    case abandonCall
    /// To show the agent's state to this one.
    case show(AgentID)
}

struct HostedAgent: Sendable {
    var place: AgentPlace
    let key: SigningKey
    /// Messages from outside are given one at a time, so that each has a transition of its own.
    var queue: [OutsideCall] = []
    var current: CallUnderWay?
    /// The transition that waits for the ledger.
    var pending: TransitionDraft?
    /// Operations of one key come one after the other.
    var asking: Asking?
    var resolution: Resolution?
    /// Refusals one after the other.
    var refusals = 0
    /// Why it does not go on; nil while it does.
    var trouble: String?
    /// Sequences of the calls that it was given, by caller.
    var delivered: [AgentID: UInt64] = [:]
    /// Agents that wait for leaves of this one's state, ascending.
    var readers: [AgentID] = []
    /// Records of the last accepted transition that are not final yet; the next one waits for them.
    var unrecorded: EmittedRecords?
    /// Instructions of the transitions accepted since this node was started.
    var steps: UInt64 = 0

    /// After so many it does not go on by itself.
    static let mostRefusals = 5

    init(_ place: AgentPlace, key: SigningKey) {
        self.place = place
        self.key = key
    }

    /// Whether the call that an agent waits with is still to be given to this one.
    func isNew(_ caller: AgentHeight) -> Bool {
        delivered[caller.agent] != caller.sequence && place.instance.serving != caller
    }

    /// Whether the ledger is the one that is waited for.
    var isAsking: Bool { asking != nil }
}

/// An operation in the name of an agent.
struct HostedOperation: Sendable {
    var agent: AgentID
    var owner: OwnerID
    var key: SigningKey
    var command: TransitionCommand
}

/// A transition that is to be proven, and the state it starts from.
struct ProvingJob: Sendable {
    var draft: TransitionDraft
    var image: Image
    var program: AgentProgram
}
