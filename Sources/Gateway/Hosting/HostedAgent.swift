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

/// A message that the agent was given.
struct CallUnderWay: Sendable {
    /// Nil once the one who asked was told, or is gone with the process that was asked.
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
    /// Messages from outside are given one after the other: each has a transition of its own.
    var queue: [OutsideCall] = []
    /// Those that it has, in the order in which it reads them: some that an accepted transition
    /// read and whose turn goes on, those that `pending` read, and one that nothing has read yet.
    var given: [CallUnderWay] = []
    /// The transitions that were made and not accepted, oldest first; they share an operation.
    var pending: [TransitionDraft] = []
    /// Whether nothing is added to these any more: they were kept, and may have been sent.
    var isClosed = false
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
    /// Records of accepted transitions that are not final yet; the next one waits for them.
    var unrecorded: [EmittedRecords] = []
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

    /// How many of those it was given an accepted transition has read.
    var readCount: Int { given.prefix { $0.isRead }.count }

    /// How many messages of outside the pending transitions read.
    var pendingCount: Int { pending.reduce(0) { $0 + $1.outsideCount } }

    /// Whether it was given a message that nothing has read yet.
    var hasUnread: Bool { given.count > readCount + pendingCount }

    /// Notes what an accepted transition wrote for those whose message it, or one before, read.
    mutating func hear(_ draft: TransitionDraft, _ output: [UInt64]) {
        var newlyRead = draft.outsideCount
        for place in given.indices {
            if !given[place].isRead {
                guard newlyRead > 0 else { return }
                newlyRead -= 1
                given[place].isRead = true
            }
            given[place].answer.output += output
            given[place].answer.transitions += 1
            given[place].answer.steps &+= draft.header.effort.steps
            given[place].answer.sequence = draft.header.sequence
            given[place].answer.root = draft.header.newRoot
        }
    }
}

extension TransitionDraft {
    /// How many messages of outside it read.
    var outsideCount: Int { exchange.messages.count { $0.caller == nil } }
}

/// An operation in the name of an agent.
struct HostedOperation: Sendable {
    var agent: AgentID
    var owner: OwnerID
    var key: SigningKey
    var command: TransitionCommand
}

/// Transitions that are to have one proof, each with the state it starts from.
struct ProvingJob: Sendable {
    /// At least one, each from the state that the one before leaves.
    var runs: [(draft: TransitionDraft, image: Image)]
    var program: AgentProgram

    /// Digest of the last header, by which the answer is known.
    var last: Digest { runs.last?.draft.header.digest ?? Digest() }
}
