// What an agent did since its last accepted state, signed, and with what lets anybody check it.
import Cryptography
import Primitives

/// Where a transition ends.
public enum TransitionEnd: UInt8, CaseIterable, Sendable {
    /// Behind a `yield`.
    case yielded = 1
    /// At a `read` for which no word is there.
    case starved
    /// At an `answer` that the ledger has to give.
    case unanswered
    /// The agent has ended.
    case exited

    init?(_ rest: Rest) {
        switch rest {
        case .yielded: self = .yielded
        case .starved: self = .starved
        case .unanswered: self = .unanswered
        case .exited: self = .exited
        case .paused: return nil
        }
    }
}

/// An agent at one of its own heights.
public struct AgentHeight: Hashable, Sendable {
    public var agent: AgentID
    /// Sequence of the agent's transition.
    public var sequence: UInt64

    public init(agent: AgentID, sequence: UInt64) {
        self.agent = agent
        self.sequence = sequence
    }
}

/// A transition of another agent that this one read something of: a call or an answer.
public struct Dependency: Hashable, Sendable {
    public var height: AgentHeight
    /// The state that transition left.
    public var root: Digest

    public init(height: AgentHeight, root: Digest) {
        self.height = height
        self.root = root
    }
}

/// How much was run.
public struct Effort: Hashable, Sendable {
    /// 1 to `AgentLimits.turns`.
    public var turns: UInt8
    /// Instructions.
    public var steps: UInt64
    /// Steps and the gas of requests.
    public var gas: UInt64

    public init(turns: UInt8, steps: UInt64, gas: UInt64) {
        (self.turns, self.steps, self.gas) = (turns, steps, gas)
    }
}

/// What is signed of a transition: two that differ, of one agent, sequence and attempt, prove that
/// the agent's key signed two futures.
public struct TransitionHeader: Hashable, Sendable {
    public var chain = Digest()
    public var agent = AgentID()
    public var program = Digest()
    /// 1 for the first transition.
    public var sequence: UInt64 = 1
    /// 0; one more each time another transition of the sequence is signed because the ledger had
    /// refused the one before.
    public var attempt: UInt16 = 0
    /// What the program was told for the consensus time.
    public var time = Instant(nanoseconds: 0)
    public var oldRoot = Digest()
    public var newRoot = Digest()
    public var end = TransitionEnd.yielded
    public var effort = Effort(turns: 1, steps: 0, gas: 0)
    /// Of the exchange.
    public var exchange = Digest()
    /// At most `AgentLimits.dependencies`.
    public var dependencies: [Dependency] = []
    /// The last heights known of other agents, latest first; at most `AgentLimits.clockEntries`.
    public var clock: [AgentHeight] = []

    public init() {}

    public var digest: Digest { AgentDomains.transition.hash(encoded) }

    /// The bytes that the agent's key signs: `althing agent transition v1` ‖ digest.
    public var signedBytes: [UInt8] { Array("althing agent transition v1".utf8) + digest.bytes }

    /// The clock after these dependencies: each to the front, what does not fit falls out behind.
    public static func clock(
        _ clock: [AgentHeight], after dependencies: [Dependency]
    ) -> [AgentHeight] {
        var clock = clock
        for dependency in dependencies {
            clock.removeAll { $0.agent == dependency.height.agent }
            clock.insert(dependency.height, at: 0)
        }
        return Array(clock.prefix(AgentLimits.clockEntries))
    }
}

/// A header and its signature by the agent's key.
public struct SignedHeader: Hashable, Sendable {
    public var header: TransitionHeader
    public var signature: Signature

    public init(signing header: TransitionHeader, key: SigningKey) {
        self.header = header
        signature = key.sign(header.signedBytes)
    }

    public init(header: TransitionHeader, signature: Signature) {
        self.header = header
        self.signature = signature
    }

    public func isSigned(by key: PublicKey) -> Bool {
        Ed25519.isValid(signature, of: header.signedBytes, by: key)
    }

    /// Whether this and `other` are different transitions for one place of one agent.
    public func contradicts(_ other: SignedHeader) -> Bool {
        let (mine, theirs) = (header, other.header)
        return mine.chain == theirs.chain && mine.agent == theirs.agent
            && mine.sequence == theirs.sequence && mine.attempt == theirs.attempt
            && mine.digest != theirs.digest
    }
}

/// All words that went in and out.
public struct Exchange: Hashable, Sendable {
    /// The ledger's answer to what the transition before ended with.
    public var answer: HostAnswer?
    /// What was read, in order.
    public var messages: [Message]
    public var output: [UInt64]
    /// What was asked, as words.
    public var requests: [UInt64]

    public init(
        answer: HostAnswer? = nil, messages: [Message] = [], output: [UInt64] = [],
        requests: [UInt64] = []
    ) {
        (self.answer, self.messages) = (answer, messages)
        (self.output, self.requests) = (output, requests)
    }

    public var digest: Digest { AgentDomains.exchange.hash(encoded) }

    /// The requests up to the first that is none.
    public var asked: [HostRequest] {
        var rest = requests[...]
        var all: [HostRequest] = []
        while let (request, count) = try? HostRequest.first(of: rest) {
            all.append(request)
            rest = rest.dropFirst(count)
        }
        return all
    }

    /// The request that only the ledger can answer, which then is the last one.
    public var outstanding: HostRequest? {
        asked.last.flatMap { $0.needsLedger ? $0 : nil }
    }

    /// The records emitted, in order.
    public var records: [[UInt64]] {
        asked.compactMap { request in
            if case .record(let words) = request { return words }
            return nil
        }
    }
}

/// Why a transition is to be believed.
public enum Evidence: Hashable, Sendable {
    /// The touched part of the old state: whoever checks runs the program on it.
    case reexecution(Multiproof)
    /// At most `AgentLimits.proofBytes`.
    case proof([UInt8])

    public enum Kind: UInt8, CaseIterable, Sendable {
        case reexecution = 1
        case proof
    }

    public var kind: Kind {
        switch self {
        case .reexecution: .reexecution
        case .proof: .proof
        }
    }
}

/// A transition as it is submitted.
public struct Transition: Hashable, Sendable {
    public var signed: SignedHeader
    public var exchange: Exchange
    public var evidence: Evidence

    public init(signed: SignedHeader, exchange: Exchange, evidence: Evidence) {
        (self.signed, self.exchange, self.evidence) = (signed, exchange, evidence)
    }

    public var header: TransitionHeader { signed.header }
}
